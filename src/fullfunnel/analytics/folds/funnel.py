"""The funnel question over a world: journeys in, entries that stand out. Numba is loaded here, when a funnel is first asked."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.cuts import Cut, by_session, by_trait, by_unit, in_sessions, into_groups, without_empty
from fullfunnel.analytics.folds.gather import codes_at, each_portion, gather, still, taken
from fullfunnel.analytics.folds.held import held_values, into_strands
from fullfunnel.analytics.folds.matching import Longs, Matched, Ready, Spells, match, ready, spells_of
from fullfunnel.analytics.folds.plan import ANY_ORDER, EACH, STEPS, Plan, plan_of
from fullfunnel.analytics.questions_shapes import Funnel
from fullfunnel.analytics.watch import Watch
from fullfunnel.events.store.journeys import Column

if TYPE_CHECKING:
    from fullfunnel.analytics.world import World

# Rows of the index that a general fold looks at at once.
ROWS_AT_ONCE = 1_000_000
COLUMNS = ("unit", "entity", "entered", "reached", "open_at", "times", "group")


@dataclass(frozen=True)
class Standing:
    """The entries that stand for their units, a row each (`count: people`: at most one a unit and group).

    unit: id of the person; entity: the same number for rows of one person (or session) in several groups; entered: µs; reached: bit s says that step s was reached; open_at: the last step (from 0) reached by an
    entry of the unit that still could go on, plan.NOT_OPEN for none; times: µs, [row, step], only where reached; group: index into
    `values`, -1 for no value.
    """

    unit: Longs
    entity: Longs
    entered: Longs
    reached: Longs
    open_at: NDArray[np.int8]
    times: NDArray[np.int64]
    group: NDArray[np.int32]
    values: list[str]

    def take(self, rows: Any) -> "Standing":
        """These rows only."""
        return Standing(**{name: getattr(self, name)[rows] for name in COLUMNS}, values=self.values)


def fold_funnel(question: Funnel, world: "World", watch: Watch | None = None) -> tuple[Standing, Standing | None]:
    """Who stands where: of the whole funnel, and again by group when it has a breakdown (the same rows, or more).

    `watch` hears between portions of about so many rows (or one unit); what it raises ends the fold.
    """
    made, breakdown = ready(question, world), question.breakdown
    plan = plan_of(question, world.data_until)
    values: list[str] = []
    trait: NDArray[np.int32] | None = None
    if breakdown is not None and breakdown.of != "event":
        column_of = world.person_column if breakdown.of == "person" else world.company_column
        column = column_of(breakdown.property, made.index.units)
        values, trait = column.values, without_empty(column)
    elif breakdown is not None:
        values = made.columns[breakdown.property][0].values

    def fold(begin: int, end: int) -> tuple[Standing, Standing]:
        return _fold_units(made, plan, begin, end, values, trait)

    found = each_portion(made.index, fold, watch or Watch(), ROWS_AT_ONCE)
    whole = _joined([one for one, _ in found], plan.steps, values)
    if breakdown is None:
        return whole, None
    same = all(one is other for one, other in found)
    return whole, whole if same else _joined([other for _, other in found], plan.steps, values)


def _fold_units(
    made: Ready, plan: Plan, begin: int, end: int, values: list[str], trait: NDArray[np.int32] | None
) -> tuple[Standing, Standing]:
    """The units from `begin` to `end`: as a whole, and by group."""
    question, index = made.question, made.index
    matched = match(made, gather(index, made.table, begin, end))
    spells = spells_of(made, begin, end)
    sessions = question.count == "sessions"
    session = taken((index.parts[0].session, index.parts[1].session), matched.row) if sessions else None
    cut = by_unit(matched) if session is None else by_session(matched, session)
    breakdown = question.breakdown

    def in_rows(name: str) -> NDArray[np.int32]:
        """The codes of a property, in the order of the rows of the cut."""
        column = made.columns[name]
        codes = without_empty(Column(codes_at(column, matched.row), column[0].values))
        return codes if session is None else in_sessions(codes, matched, session)

    if question.hold:
        held = held_values([(in_rows(name), made.columns[name][0].values) for name in question.hold])
        cut = replace(cut, held=held)
    if breakdown is None or trait is not None:
        whole = into_strands(question, cut)
        found = _fold_cut(plan, whole if trait is None else by_trait(whole, trait[begin:end]), spells, matched, values)
        return found, found
    groups = into_groups(question, cut, in_rows(breakdown.property), spells)
    carry = breakdown.step if breakdown.attribution == "step" and question.order == "any" else 0
    found = _fold_cut(plan._replace(carry=carry), groups, spells, matched, values)
    if breakdown.attribution == "step":
        found = found.take(np.flatnonzero(found.reached >> (breakdown.step - 1) & 1))
    if breakdown.attribution in ("first", "last"):
        return found, found
    return _fold_cut(plan, into_strands(question, cut), spells, matched, values), found


def _fold_cut(plan: Plan, cut: Cut, spells: Spells, matched: Matched, values: list[str]) -> Standing:
    from fullfunnel.analytics.folds import kernel

    events = kernel.Events(
        still(cut.time), still(cut.bits), still(cut.seen), still(cut.codes), cut.value_step, still(cut.held)
    )
    spell, spell_end = spells.first[:-1][cut.unit], spells.first[1:][cut.unit]
    runs = kernel.Runs(
        *[still(one) for one in (cut.low, cut.high, cut.code, spell, spell_end, spells.since, spells.allowed)]
    )
    run, entered, reached, open_at, times = _fold_runs(plan, events, runs)
    group = np.maximum(cut.code[run], -1)
    return Standing(matched.units[cut.unit[run]], cut.entity[run], entered, reached, open_at, times, group, values)


def _fold_runs(plan: Plan, events: Any, runs: Any) -> tuple[Any, ...]:
    from fullfunnel.analytics.folds import kernel
    from fullfunnel.analytics.folds.journey import room
    from fullfunnel.analytics.folds.passes import count_bits

    wanted = STEPS if plan.order == ANY_ORDER else 1
    size = int(count_bits(runs.low, runs.high, events.bits, wanted).sum()) if plan.entries == EACH else len(runs.low)
    rows = kernel.Rows(
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int8),
        np.empty((size, plan.steps), np.int64),
    )
    most = int((runs.high - runs.low).max(initial=0))
    n = kernel.fold(plan, events, runs, 0, len(runs.low), room(plan, most), rows)
    return tuple(column[:n].copy() for column in rows)


def _joined(parts: list[Standing], steps: int, values: list[str]) -> Standing:
    """Portions put together."""
    if not parts:
        none = np.empty(0, np.int64)
        return Standing(
            none, none, none, none, none.astype(np.int8), np.empty((0, steps), np.int64), none.astype(np.int32), values
        )
    if len(parts) == 1:
        return parts[0]
    counted, entities = 0, []
    for part in parts:
        entities.append(part.entity + counted)
        counted += int(part.entity.max(initial=-1)) + 1
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS if name != "entity"}
    return Standing(**columns, entity=np.concatenate(entities), values=values)


def warm() -> None:
    """Has the kernels compiled (20 s of a core, once: Numba keeps them beside the code), so that the first question need not wait."""
    from fullfunnel.analytics.questions_shapes import Histogram, PeopleList, Step

    question = Funnel((Step(("a",)),), PeopleList(1), Histogram(1, 2))
    nothing = np.zeros(1, np.int64)
    seen, codes = np.zeros(1, np.bool_), np.zeros(1, np.int32)
    cut = Cut(nothing, nothing, seen, nothing, nothing + 1, nothing, nothing, codes, codes)
    spells = Spells(np.array([0, 1]), nothing, nothing - 1)
    _fold_cut(plan_of(question, 0), cut, spells, Matched(nothing, nothing, nothing, nothing, nothing, seen), [])
