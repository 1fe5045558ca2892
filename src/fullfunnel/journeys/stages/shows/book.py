"""The book of each stage: stock(t) = stock(t−1) + in − out, for every day. Who is silent falls a stage; who comes back rises."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import Longs, taken
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.step_matching import StepMatching
from fullfunnel.journeys.stages.deals import OPEN
from fullfunnel.journeys.stages.figures import NOWHERE, Chosen, Funnels
from fullfunnel.journeys.stages.ledger import WAITING
from fullfunnel.journeys.stages.moves import Moves, Plan
from fullfunnel.journeys.stages.rule import LADDER, PROSPECT
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
Bools = NDArray[np.bool_]
DID = ACTORS.index(PERSON)
# Earlier days are summed up in the opening stock.
MOST_DAYS = 1_100


class Signs(NamedTuple):
    """What people did: their ids, and when (µs)."""

    unit: Longs
    time: Longs


class Entry(NamedTuple):
    """Comings and goings of a stage. who: a place among people, hand-overs or deals; by: 1 came in, −1 went out."""

    who: Longs
    time: Longs
    by: Longs


@dataclass(frozen=True)
class Steps:
    """Who changed stage: the place of the person, when, from where and to where (places on the ladder, NOWHERE)."""

    who: Longs
    time: Longs
    before: Longs
    after: Longs


def signs_of(plan: Plan, index: Index, dataset: "Dataset", watch: Watch) -> Signs:
    """Return everything that counts as a sign of somebody, as moves_of reads it."""
    sought = StepMatching(index, plan.matchers, dataset)

    def read(begin: int, end: int) -> tuple[Longs, Longs]:
        found = sought.gather(begin, end)
        unit = np.repeat(np.arange(begin, end), np.diff(found.offsets))
        actor = taken((index.parts[0].actor, index.parts[1].actor), found.row)
        kept = (actor == DID) & (found.bits != 0) & ((found.bits & plan.left_out) == 0)
        return index.units[unit[kept]], found.time[kept].copy()

    parts = sought.each_portion(watch, read) or [read(0, 0)]
    return Signs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def steps_of(moves: Moves, signs: Signs, silence: int, until: int) -> Steps:
    """Return every change of the stage in which somebody stands, in order of person and time."""
    who, at = _all_signs(moves, signs, until)
    level = (moves.reached[:, who] <= at).sum(axis=0) - 1
    following = np.append(who[1:] != who[:-1], True) if len(who) else np.zeros(0, np.bool_)
    end = np.where(following, until + 1, np.append(at[1:], until + 1)[: len(at)])
    falls = np.clip((end - 1 - at) // silence, 0, level)
    # Each sign, then a fall for each limit of silence after it.
    row = np.repeat(np.arange(len(who)), falls + 1)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(falls + 1) - (falls + 1), falls + 1)
    who, moment, stands = who[row], at[row] + nth * silence, level[row] - nth
    ended = moves.ended[who]
    kept = moment < ended
    over = np.flatnonzero(moves.ended <= until)
    who = np.concatenate([who[kept], over])
    moment = np.concatenate([moment[kept], moves.ended[over]])
    stands = np.concatenate([stands[kept], np.full(len(over), NOWHERE)])
    order = np.lexsort((moment, who))
    who, moment, stands = who[order], moment[order], stands[order]
    is_first = np.append(True, who[1:] != who[:-1])[: len(who)]
    before = np.where(is_first, NOWHERE, np.append(NOWHERE, stands[:-1])[: len(who)])
    changed = before != stands
    return Steps(who[changed], moment[changed], before[changed], stands[changed])


def _all_signs(moves: Moves, signs: Signs, until: int) -> tuple[Longs, Longs]:
    """Return the place and moment of what people did and of their moves, from their first stage on."""
    order = np.argsort(moves.unit, kind="stable")
    at = np.minimum(np.searchsorted(moves.unit[order], signs.unit), max(len(order) - 1, 0))
    place = order[at] if len(order) else np.zeros(0, np.int64)
    known = moves.unit[place] == signs.unit if len(order) else np.zeros(len(signs.unit), np.bool_)
    stage, reached = np.nonzero(moves.reached < NEVER)
    who = np.concatenate([place[known] if len(order) else place, reached])
    moment = np.concatenate([signs.time[known], moves.reached[stage, reached]])
    kept = (moment <= until) & (moves.reached[0, who] <= moment)
    pairs = np.unique(np.stack([who[kept], moment[kept]]), axis=1)
    return pairs[0], pairs[1]


def entries_of(found: Funnels, steps: Steps) -> dict[str, Entry]:
    """Return the comings and goings of each stage, of prospects, of hand-overs that wait and of open deals."""
    entries = {}
    for place, stage in enumerate(LADDER):
        came, went = steps.after == place, steps.before == place
        entries[stage] = Entry(
            np.concatenate([steps.who[came], steps.who[went]]),
            np.concatenate([steps.time[came], steps.time[went]]),
            np.repeat([1, -1], [came.sum(), went.sum()]),
        )
    if found.has_sales:
        entries[PROSPECT] = _prospects(found)
        entries["handed_over"] = _of_things([one.told for one in found.hand_overs], WAITING)
        deals = [[(one.at, OPEN), *((max(at, one.at), said) for at, said in one.told)] for one in found.deals]
        entries["opportunity"] = _of_things(deals, OPEN)
    return entries


def _prospects(found: Funnels) -> Entry:
    """Return who became a prospect, and went on to sales with the first hand-over."""
    moves, first = found.moves, dict[int, int]()
    for one in found.hand_overs:
        first[one.person] = min(first.get(one.person, NEVER), one.at)
    who = np.flatnonzero(moves.prospect < NEVER)
    out = np.maximum(
        np.array([first.get(unit, NEVER) for unit in moves.unit[who].tolist()], np.int64), moves.prospect[who]
    )
    gone = out < NEVER
    times = np.concatenate([moves.prospect[who], out[gone]])
    return Entry(np.concatenate([who, who[gone]]), times, np.repeat([1, -1], [len(who), gone.sum()]))


def _of_things(told: Iterable[Sequence[tuple[int, str]]], stays: str) -> Entry:
    rows = []
    for place, said in enumerate(told):
        is_in = False
        for at, outcome in said:
            if (outcome == stays) != is_in:
                is_in = not is_in
                rows.append((place, at, 1 if is_in else -1))
    found = np.array(rows, np.int64).reshape(-1, 3)
    return Entry(found[:, 0], found[:, 1], found[:, 2])


def edges_of(found: Funnels, entries: dict[str, Entry], zone: str) -> tuple[list[date], Longs]:
    """Return the days of the period, in a zone, and when each begins (µs); the last one ends with the data."""
    moments = [entry.time.min() for entry in entries.values() if len(entry.time)]
    start = max(found.start, int(min(moments)) if moments else found.until)
    end = min(found.end - 1, found.until)
    first, last = (clock.from_us(at).astimezone(ZoneInfo(zone)).date() for at in (start, max(start, end)))
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    begins = [clock.to_us(datetime.combine(day, time.min, ZoneInfo(zone))) for day in days]
    return days, np.array(begins, np.int64)


def book_json(entries: dict[str, Entry], begins: Longs, until: int, chosen: Chosen) -> list[Json]:
    """Return the book of each stage: opening stock, then in, out and stock of each day."""
    masks = {"handed_over": chosen.hand_overs, "opportunity": chosen.deals}
    found = []
    for stage, entry in entries.items():
        kept = masks.get(stage, chosen.people)[entry.who] & (entry.time <= until)
        day = np.searchsorted(begins, entry.time[kept], side="right")
        by = entry.by[kept]
        came, went = (np.bincount(day[by == sign], minlength=len(begins) + 1) for sign in (1, -1))
        opening = int(came[0] - went[0])
        stock = opening + np.cumsum(came[1:] - went[1:])
        row = {"stage": stage, "opening": opening, "in": came[1:].tolist(), "out": went[1:].tolist()}
        found.append(row | {"stock": stock.tolist()})
    return found
