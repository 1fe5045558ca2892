"""The outcome of each unit of a funnel, and the general kernel that finds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.folds.gather import still
from fullfunnel.journeys.folds.plan import ANY_ORDER, EACH, STEPS, Plan
from fullfunnel.journeys.folds.trait_periods import TraitPeriods
from fullfunnel.journeys.funnel.cut import Cut
from fullfunnel.journeys.funnel.matching import Longs, Matched
from fullfunnel.journeys.watch import Flag, Watch

# What one call of the kernel may take at once: bytes for its entries, and rows of journeys; then somebody may end it.
MAX_ROOM, MAX_ROWS = 2**27, 200_000
COLUMNS = ("unit", "entity", "entered", "reached", "open_at", "times", "group")


@dataclass(frozen=True)
class Outcomes:
    """The entry of each unit that counts, a row each (`count: people`: at most one a unit and group)."""

    # The id of the person.
    unit: Longs
    # The same number for rows of one person (or session) in several groups.
    entity: Longs
    # When the entry began, µs.
    entered: Longs
    # Bit s: step s was reached.
    reached: Longs
    # The last step (from 0) reached by an entry of the unit that can still go on; plan.NOT_OPEN: none can.
    open_at: NDArray[np.int8]
    # µs, [row, step]; only where reached.
    times: NDArray[np.int64]
    # Index into `values`; -1: no value.
    group: NDArray[np.int32]
    values: list[str]

    def take(self, rows: Any) -> "Outcomes":
        """Return these rows."""
        return Outcomes(**{name: getattr(self, name)[rows] for name in COLUMNS}, values=self.values)


def fold_cut(
    plan: Plan,
    cut: Cut,
    spells: TraitPeriods,
    matched: Matched,
    values: list[str],
    watch: Watch | None = None,
    flag: Flag | None = None,
) -> Outcomes:
    """Return the outcomes of the cut. `watch` is checked about every MAX_ROWS rows; where its `flag` is set, everywhere."""
    from fullfunnel.journeys.funnel import kernel

    events = kernel.Events(
        still(cut.time), still(cut.bits), still(cut.seen), still(cut.codes), cut.value_step, still(cut.held)
    )
    if spells.own is not None:
        first, since, allowed = (still(one) for one in (spells.own.first, spells.own.since, spells.own.allowed))
        events = events._replace(owner=still(cut.owner), own_first=first, own_since=since, own_allowed=allowed)
    spell, spell_end = spells.first[:-1][cut.unit], spells.first[1:][cut.unit]
    runs = kernel.Runs(
        *[still(one) for one in (cut.low, cut.high, cut.code, spell, spell_end, spells.since, spells.allowed)]
    )
    run, entered, reached, open_at, times = _fold_runs(plan, events, runs, watch or Watch(), flag)
    group = np.maximum(cut.code[run], -1)
    return Outcomes(matched.units[cut.unit[run]], cut.entity[run], entered, reached, open_at, times, group, values)


def _fold_runs(plan: Plan, events: Any, runs: Any, watch: Watch, flag: Flag | None) -> tuple[Any, ...]:
    from fullfunnel.journeys.funnel import kernel
    from fullfunnel.journeys.funnel.journey import room

    wanted, lengths = STEPS if plan.order == ANY_ORDER else 1, runs.high - runs.low
    sizes = np.ones(len(lengths), np.int64)
    if plan.entries == EACH:
        before = np.concatenate([[0], np.cumsum(events.bits & wanted != 0)])
        sizes = before[runs.high] - before[runs.low]
    j, found = room(plan, int(lengths.max(initial=0)), np.zeros(1, np.uint8) if flag is None else flag), []
    for first, last in _ranges(sizes, lengths, MAX_ROOM // (8 * (plan.steps + 4))):
        size = int(sizes[first:last].sum())
        rows = kernel.Rows(
            np.empty(size, np.int64),
            np.empty(size, np.int64),
            np.empty(size, np.int64),
            np.empty(size, np.int8),
            np.empty((size, plan.steps), np.int64),
        )
        n = kernel.fold(plan, events, runs, first, last, j, rows)
        if n < 0:
            watch.end()
        found.append(tuple(column[:n].copy() for column in rows))
        watch.check()
    return found[0] if len(found) == 1 else tuple(np.concatenate(columns) for columns in zip(*found, strict=True))


def _ranges(sizes: Longs, lengths: Longs, most: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of runs with at most `most` entries and MAX_ROWS rows (or one run with more), at least one."""
    entries, rows, first = np.cumsum(sizes), np.cumsum(lengths), 0
    while first < len(sizes) or first == 0:
        before = (int(entries[first - 1]), int(rows[first - 1])) if first else (0, 0)
        last = min(
            int(np.searchsorted(entries, before[0] + most, side="right")),
            int(np.searchsorted(rows, before[1] + MAX_ROWS, side="right")),
        )
        last = min(max(last, first + 1), len(sizes))
        yield first, last
        if last == len(sizes):
            return
        first = last


def joined(parts: list[Outcomes], steps: int, values: list[str]) -> Outcomes:
    """Return the outcomes of all portions together."""
    if not parts:
        none = np.empty(0, np.int64)
        return Outcomes(
            none, none, none, none, none.astype(np.int8), np.empty((0, steps), np.int64), none.astype(np.int32), values
        )
    if len(parts) == 1:
        return parts[0]
    counted, entities = 0, []
    for part in parts:
        entities.append(part.entity + counted)
        counted += int(part.entity.max(initial=-1)) + 1
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS if name != "entity"}
    return Outcomes(**columns, entity=np.concatenate(entities), values=values)
