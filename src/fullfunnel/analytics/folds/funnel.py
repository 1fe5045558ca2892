"""The funnel question over a world: journeys in, entries that stand out. Numba is loaded here, when a funnel is first asked."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.cuts import Cut, by_session, by_trait, by_unit, column_in_rows, into_groups
from fullfunnel.analytics.folds.matching import Longs, Spells, bits_of, columns_of, seen_by_strict, spells_of
from fullfunnel.analytics.folds.plan import ANY_ORDER, EACH, STEPS, Plan, plan_of
from fullfunnel.analytics.questions_shapes import Funnel
from fullfunnel.events.store.journeys import Journeys

if TYPE_CHECKING:
    from fullfunnel.analytics.world import World

ROWS_AT_ONCE = 2_000_000
WORTH_THREADS = 200_000
COLUMNS = ("unit", "entity", "entered", "reached", "open_at", "times", "group")
Check = Callable[[], None]


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


def fold_funnel(question: Funnel, world: "World", check: Check = lambda: None) -> tuple[Standing, Standing | None]:
    """Who stands where: of the whole funnel, and again by group when it has a breakdown (the same rows, or more).

    `check` is called between portions of at most 2 million events or one unit; what it raises ends the fold.
    """
    whole: list[Standing] = []
    grouped: list[Standing] = []
    for journeys in world.journeys(columns_of(question)):
        check()
        if len(journeys.units):
            first, second = _fold_chunk(question, world, journeys, check)
            whole.append(first)
            grouped.append(second) if second else None
    return _joined(whole, len(question.steps)), (_joined(grouped, len(question.steps)) if question.breakdown else None)


def _fold_chunk(question: Funnel, world: "World", journeys: Journeys, check: Check) -> tuple[Standing, Standing | None]:
    seen = seen_by_strict(question, journeys)
    bits = bits_of(question, journeys, seen)
    spells = spells_of(question, journeys, world.person_column)
    sessions = question.count == "sessions"
    cut = (by_session if sessions else by_unit)(journeys, bits, seen)
    breakdown = question.breakdown

    def folded(cut: Cut, values: list[str], carry: int = 0) -> Standing:
        plan = plan_of(question, world.data_until, carry=carry)
        return _fold_cut(plan, cut, spells, journeys.units, values, check)

    if breakdown is None:
        return folded(cut, []), None
    if breakdown.of != "event":
        traits = world.person_column if breakdown.of == "person" else world.company_column
        found = folded(*by_trait(breakdown, journeys, cut, traits))
        return found, found
    column = journeys.columns[breakdown.property]
    groups = into_groups(question, cut, column_in_rows(journeys, column, sessions=sessions), spells)
    carry = breakdown.step if breakdown.attribution == "step" and question.order == "any" else 0
    found = folded(groups, column.values, carry)
    if breakdown.attribution == "step":
        found = found.take(np.flatnonzero(found.reached >> (breakdown.step - 1) & 1))
    return (found if breakdown.attribution in ("first", "last") else folded(cut, [])), found


def _fold_cut(plan: Plan, cut: Cut, spells: Spells, units: Longs, values: list[str], check: Check) -> Standing:
    from fullfunnel.analytics.folds import kernel
    from fullfunnel.analytics.folds.passes import still

    events = kernel.Events(still(cut.time), still(cut.bits), still(cut.seen), still(cut.codes), cut.value_step)
    spell, spell_end = spells.first[:-1][cut.unit], spells.first[1:][cut.unit]
    runs = kernel.Runs(
        *[still(one) for one in (cut.low, cut.high, cut.code, spell, spell_end, spells.since, spells.allowed)]
    )

    def fold(portion: tuple[int, int]) -> Any:
        check()
        return _fold_portion(plan, events, runs, *portion)

    portions = list(_portions(cut))
    if len(cut.time) < WORTH_THREADS or len(portions) == 1:
        parts = [fold(portion) for portion in portions]
    else:
        with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            parts = list(pool.map(fold, portions))
    run, entered, reached, open_at, times = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Standing(
        units[cut.unit[run]], cut.entity[run], entered, reached, open_at, times, np.maximum(cut.code[run], -1), values
    )


def _portions(cut: Cut) -> Iterator[tuple[int, int]]:
    """Ranges of whole runs with at most ROWS_AT_ONCE rows (or one run); at least two where two threads are worth it."""
    if not len(cut.low):
        yield 0, 0
        return
    ends = np.cumsum(cut.high - cut.low)
    size = min(ROWS_AT_ONCE, max(WORTH_THREADS, int(ends[-1]) // 2 + 1))
    first = 0
    while first < len(ends):
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + size, side="right")))
        yield first, last
        first = last


def _fold_portion(plan: Plan, events: Any, runs: Any, first: int, last: int) -> tuple[Any, ...]:
    from fullfunnel.analytics.folds import kernel
    from fullfunnel.analytics.folds.journey import room
    from fullfunnel.analytics.folds.passes import count_bits

    low, high = runs.low[first:last], runs.high[first:last]
    most = int((high - low).max()) if last > first else 0
    wanted = STEPS if plan.order == ANY_ORDER else 1
    size = int(count_bits(low, high, events.bits, wanted).sum()) if plan.entries == EACH else last - first
    rows = kernel.Rows(
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int8),
        np.empty((size, plan.steps), np.int64),
    )
    n = kernel.fold(plan, events, runs, first, last, room(plan, most), rows)
    return tuple(column[:n].copy() for column in rows)


def _joined(parts: list[Standing], steps: int) -> Standing:
    """Chunks put together; equal values get the same number."""
    if not parts:
        none = np.empty(0, np.int64)
        return Standing(
            none, none, none, none, none.astype(np.int8), np.empty((0, steps), np.int64), none.astype(np.int32), []
        )
    if len(parts) == 1:
        return parts[0]
    values: dict[str, int] = {}
    groups, entities, counted = [], [], 0
    for part in parts:
        numbers = np.array([values.setdefault(value, len(values)) for value in part.values] + [-1], np.int32)
        groups.append(numbers[part.group])
        entities.append(part.entity + counted)
        counted += int(part.entity.max(initial=-1)) + 1
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    columns |= {"group": np.concatenate(groups), "entity": np.concatenate(entities)}
    return Standing(**columns, values=list(values))


def warm() -> None:
    """Has the kernels compiled (20 s of a core, once: Numba keeps them beside the code), so that the first question need not wait."""
    from fullfunnel.analytics.questions_shapes import Histogram, PeopleList, Step

    question = Funnel((Step(("a",)),), PeopleList(1), Histogram(1, 2))
    nothing = np.zeros(1, np.int64)
    seen, codes = np.zeros(1, np.bool_), np.zeros(1, np.int32)
    cut = Cut(nothing, nothing, seen, nothing, nothing + 1, nothing, nothing, codes, codes)
    _fold_cut(plan_of(question, 0), cut, Spells(np.array([0, 1]), nothing, nothing - 1), nothing, [], lambda: None)
