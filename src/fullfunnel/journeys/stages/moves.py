"""When each person first reached each stage: a fold over journeys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events import names
from fullfunnel.events.conditions import Clause, Condition, Group, Has
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import Longs, codes_at, taken
from fullfunnel.journeys.folds.has import Events, first_moments
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.step_matching import StepMatching
from fullfunnel.journeys.questions.shapes import ANY, Matcher
from fullfunnel.journeys.stages.deals import DEAL_EVENTS
from fullfunnel.journeys.stages.ledger import LEAD_EVENTS
from fullfunnel.journeys.stages.page_kinds import LEFT_OUT, Pages, page_pattern, with_pages
from fullfunnel.journeys.stages.rule import CONVERSION, LADDER, Former, Reversal, Rules, Stage
from fullfunnel.journeys.stages.rules import VIEWS
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

DID = ACTORS.index(PERSON)
NO_ROW = -(2**62)
# What a refund that names no amount gives back.
EVERYTHING = float("inf")
Bools = NDArray[np.bool_]


class Moves(NamedTuple):
    """People and their moves, a place each. unit: their ids; moments in µs, NEVER where there is none.

    reached[k]: when stage k of the ladder was reached, itself or by a later one; own[k]: by its own rule; prospect: the same of
    the sales funnel. active: the last thing they did; row: what began their first session (NO_ROW: nothing); alone: converted
    without sales; ended: when they are no customer any more (later than the data where it still may come).
    """

    unit: Longs
    reached: Longs
    own: Longs
    prospect: Longs
    active: Longs
    row: Longs
    alone: Bools
    ended: Longs


@dataclass(frozen=True)
class Plan:
    """Rules made ready for an index: which bit of an event serves which clause."""

    stages: tuple[Stage, ...]
    matchers: tuple[Matcher, ...]
    clauses: tuple[Has, ...]
    reversal: Reversal | None
    former: Former | None
    any: int
    left_out: int
    own: int
    sales: int
    rival: int
    bought: int
    over: int

    def bit(self, has: Has) -> int:
        return 1 << self.matchers.index(Matcher(has.events, has.where))


def plan_of(rules: Rules, pages: Pages, own_addresses: Sequence[str], rivals: Sequence[str] = ()) -> Plan:
    """Return the plan for a workspace's kinds of pages.

    own_addresses: those of the firm's own people, "@…" all of a domain; rivals: the same of competitors.
    """
    bare = [*rules.stages, *([rules.prospect] if rules.prospect else [])]
    stages = tuple(_with_pages(stage, pages) for stage in bare)
    clauses = tuple(dict.fromkeys(has for stage in stages for clause in _parts(stage) for has in _leaves(clause)))
    left_out = Condition("path", "matches", (page_pattern(LEFT_OUT, pages),))
    matchers = dict.fromkeys(Matcher(has.events, has.where) for has in clauses)
    sales = Matcher((*LEAD_EVENTS, *DEAL_EVENTS))
    former = rules.former or Former(())
    special = (
        *(Matcher((ANY,)), Matcher(VIEWS, (left_out,)), _at(own_addresses), sales),
        *(_at(rivals), Matcher(former.bought), Matcher(former.by)),
    )
    taken_back = Matcher((rules.reversal.by,) if rules.reversal else ())
    found = (*matchers, *special, taken_back)
    bits = [1 << (len(matchers) + at) for at in range(len(special))]
    return Plan(stages, found, clauses, rules.reversal, rules.former, *bits)


def _at(addresses: Sequence[str]) -> Matcher:
    said = Condition("trait", "=", ("email",))
    patterns = "|".join(("^.*" if one.startswith("@") else "^") + _escaped(one) + "$" for one in addresses)
    return Matcher(
        (names.TRAIT_CHANGED,), (said, Condition("new", "matches", (f"(?i){patterns}" if patterns else "^$",)))
    )


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if not letter.isalnum() and letter.isascii() else letter for letter in text)


def _with_pages(stage: Stage, pages: Pages) -> Stage:
    late = with_pages(stage.late, pages) if stage.late else None
    return Stage(stage.name, with_pages(stage.rule, pages), late, stage.late_after, stage.late_by)


def _parts(stage: Stage) -> list[Clause]:
    return [stage.rule, *([stage.late] if stage.late else [])]


def _leaves(clause: Clause) -> Iterator[Has]:
    if isinstance(clause, Group):
        for one in clause.of:
            yield from _leaves(one)
    elif isinstance(clause, Has):
        yield clause


def moves_of(plan: Plan, index: Index, dataset: "Dataset", timezone: str, watch: Watch) -> Moves:
    """Return the moves of everybody but the firm's own people. `watch` may end it."""
    sought = StepMatching(index, plan.matchers, dataset)
    reader = _Reader(plan, sought, timezone)
    parts = sought.each_portion(watch, reader.read) or [reader.read(0, 0)]
    return Moves(*(np.concatenate(column, axis=-1) for column in zip(*parts, strict=True)))


def moments_of(
    clauses: Sequence[Clause], rules: Rules, index: Index, dataset: "Dataset", timezone: str, watch: Watch
) -> list[Longs]:
    """Return when each of everybody but the firm's own people first had what each clause asks for, NEVER where they did not."""
    stages = tuple(Stage(str(at), clause) for at, clause in enumerate(clauses))
    selling = dataset.facts.selling
    plan = plan_of(Rules(stages, rules.silence, reversal=rules.reversal), selling.pages, selling.own)
    sought = StepMatching(index, plan.matchers, dataset)
    reader = _Reader(plan, sought, timezone)
    parts = sought.each_portion(watch, reader.read_own) or [reader.read_own(0, 0)]
    return list(np.concatenate(parts, axis=-1))


class _Reader:
    """Reads portions of an index."""

    def __init__(self, plan: Plan, sought: StepMatching, timezone: str) -> None:
        self.plan, self.sought, self.index, self.timezone = plan, sought, sought.index, timezone

    def read(self, begin: int, end: int) -> Moves:
        events, bits = self._gathered(begin, end)
        unit = events.unit
        did = taken((self.index.parts[0].actor, self.index.parts[1].actor), events.row) == DID
        session = taken((self.index.parts[0].session, self.index.parts[1].session), events.row)
        row = _firsts(events.only(did & (session >= 0)), end - begin)
        is_own = np.bincount(unit[(bits & self.plan.own) != 0], minlength=end - begin) > 0
        bits[(bits & self.plan.left_out) != 0] = 0
        self._take_back(events, bits)
        own, reached, prospect = self._moments(events, bits, end - begin)
        prospect[np.bincount(unit[(bits & self.plan.rival) != 0], minlength=end - begin) > 0] = NEVER
        active = _last(events, did & (bits != 0), end - begin)
        has_sales = np.bincount(unit[(bits & self.plan.sales) != 0], minlength=end - begin) > 0
        alone = (own[LADDER.index(CONVERSION)] < NEVER) & ~has_sales
        ended = self._ended(events, bits, end - begin)
        whole = Moves(self.index.units[begin:end], reached, own, prospect, active, row, alone, ended)
        return Moves(*(column[..., ~is_own] for column in whole))  # type: ignore[arg-type]

    def read_own(self, begin: int, end: int) -> Longs:
        """Return the moment of each stage by its own rule, a row a stage."""
        events, bits = self._gathered(begin, end)
        is_own = np.bincount(events.unit[(bits & self.plan.own) != 0], minlength=end - begin) > 0
        bits[(bits & self.plan.left_out) != 0] = 0
        self._take_back(events, bits)
        own = self._own(events, bits, end - begin)
        return np.array([own[stage.name] for stage in self.plan.stages])[:, ~is_own]

    def _gathered(self, begin: int, end: int) -> tuple[Events, Longs]:
        found = self.sought.gather(begin, end)
        unit = np.repeat(np.arange(end - begin), np.diff(found.offsets))
        # Copied: what the thread gathered is gone when it gathers again.
        return Events(unit, found.time.copy(), found.row.copy()), found.bits.copy()

    def _moments(self, events: Events, bits: Longs, units: int) -> tuple[Longs, Longs, Longs]:
        """Return own, reached and prospect of Moves."""
        own = self._own(events, bits, units)
        ladder = np.array([own[name] for name in LADDER])
        reached: Longs = np.minimum.accumulate(ladder[::-1], axis=0)[::-1]
        return ladder, reached, own.get("prospect", np.full(units, NEVER, np.int64))

    def _own(self, events: Events, bits: Longs, units: int) -> dict[str, Longs]:
        """Return when each stage was reached by its own rule."""

        def moment(clause: Clause, floor: Longs) -> Longs:
            if isinstance(clause, Has):
                chosen = events.only((bits & self.plan.bit(clause)) != 0)
                return first_moments(clause, chosen, units, self.index, self.timezone, floor)
            assert isinstance(clause, Group)  # noqa: S101
            parts = [moment(one, floor) for one in clause.of]
            joined: Longs = (np.minimum if clause.op == "any" else np.maximum).reduce(parts)
            return joined

        anyway = np.full(units, -NEVER, np.int64)
        own: dict[str, Longs] = {}
        for stage in self.plan.stages:
            own[stage.name] = moment(stage.rule, anyway)
            if stage.late:
                after = own[stage.late_after]
                floor = np.where(after < NEVER, after + stage.late_by, NEVER)
                own[stage.name] = np.minimum(own[stage.name], moment(stage.late, floor))
        return own

    def _ended(self, events: Events, bits: Longs, units: int) -> Longs:
        """Return when each is no customer any more, NEVER where nothing says so."""
        former, never = self.plan.former, np.full(units, NEVER, np.int64)
        if former is None:
            return never
        bought, over = (_last(events, (bits & bit) != 0, units) for bit in (self.plan.bought, self.plan.over))
        quiet = never if former.silence is None else bought + former.silence
        return np.where(bought == -NEVER, NEVER, np.where(over > bought, over, quiet))

    def _take_back(self, events: Events, bits: Longs) -> None:
        """Leave out what was reversed: an order that was refunded in full."""
        reversal = self.plan.reversal
        if reversal is None or reversal.event not in self.index.names or reversal.by not in self.index.names:
            return
        name = taken((self.index.parts[0].name, self.index.parts[1].name), events.row)
        done, undone = (name == self.index.names.index(one) for one in (reversal.event, reversal.by))
        code = codes_at(self.index.column(reversal.property), events.row)
        worth, refunded = self._amounts(events.row), dict[tuple[int, int], float]()
        for at in np.flatnonzero(undone & (code >= 0)).tolist():
            order, given = (int(events.unit[at]), int(code[at])), worth[at]
            refunded[order] = refunded.get(order, 0.0) + (EVERYTHING if given is None else given)
        for at in np.flatnonzero(done & (code >= 0)).tolist():
            if refunded.get((int(events.unit[at]), int(code[at])), -1.0) >= (worth[at] or 0.0):
                bits[at] &= self.plan.any

    def _amounts(self, rows: Longs) -> list[float | None]:
        column = self.index.column("revenue")
        values = [*(_number(value) for value in column[0].values), None]
        return [values[code] for code in codes_at(column, rows).tolist()]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _last(events: Events, chosen: Bools, units: int) -> Longs:
    """Return the last moment of each unit's chosen events, -NEVER where there is none."""
    found = np.full(units, -NEVER, np.int64)
    np.maximum.at(found, events.unit[chosen], events.time[chosen])
    return found


def _firsts(events: Events, units: int) -> Longs:
    """Return the row of each unit's first event, NO_ROW where there is none."""
    found = np.full(units, NO_ROW, np.int64)
    places, first = np.unique(events.unit, return_index=True)
    found[places] = events.row[first]
    return found
