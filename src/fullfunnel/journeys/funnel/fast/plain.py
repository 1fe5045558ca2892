"""Plain funnels: ordered, of people, with nothing optional, excluded or held. Folded by one_pass.py, portion by portion, into a PlainCounts.

A unit whose events of one moment leave a choice goes the general way.
"""

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column
from fullfunnel.journeys.folds.gather import PORTION, Gathered, Room, codes_at, each_portion, gather, still
from fullfunnel.journeys.folds.plan import NOT_OPEN, Plan, plan_of
from fullfunnel.journeys.funnel.cut import Codes
from fullfunnel.journeys.funnel.cuts import by_unit
from fullfunnel.journeys.funnel.fast.fast_path import Span, fast_path_inputs, fold_fast_path
from fullfunnel.journeys.funnel.fast.one_pass import Levels, fold_one_pass, levels_room
from fullfunnel.journeys.funnel.grouping import Grouping, grouping_of
from fullfunnel.journeys.funnel.matching import (
    Longs,
    Matched,
    Ready,
    conditions,
    match,
    ready,
    trait_periods_of,
    without_empty,
)
from fullfunnel.journeys.funnel.outcomes import Outcomes, fold_cut
from fullfunnel.journeys.funnel.passes import edge_values
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset


# Rows at once where each unit is folded as soon as it is gathered: nothing of the size of a portion has to stay in a cache.
FAST_PATH_PORTION = 4_194_304


@dataclass(frozen=True)
class PlainCounts:
    """What stands for each unit that entered, a row each.

    level: the last step reached (from 0); open: whether an entry of the unit still could go further; group: index into `values`, -1
    for no value (all -1 without a breakdown); spans[k]: µs from step k - 1 to step k of the rows that reached it, in their order.
    unit (id) and entered (µs) only where they were asked for, open and spans only where times were.
    """

    unit: Longs
    entered: Longs
    level: NDArray[np.int8]
    open: NDArray[np.bool_]
    group: Codes
    spans: tuple[Longs, ...]
    values: list[str]


def is_plain(question: Funnel) -> bool:
    """Whether one_pass.py answers the question."""
    breakdown = question.breakdown
    return (
        (question.order, question.count) == ("ordered", "people")
        and not question.exclude
        and not question.hold
        and not any(step.optional or step.within is not None for step in question.steps)
        and not any(one.of == "person_then" for step in question.steps for one in step.where)
        and (breakdown is None or breakdown.of != "event" or breakdown.attribution in ("first", "last"))
    )


def fold_plain(
    question: Funnel, dataset: "Dataset", watch: Watch, *, timed: bool = True, named: bool = False
) -> PlainCounts:
    """How far everybody came. `timed`: also whether they still could go on, and the times; `named`: also who they are."""
    made = ready(question, dataset)
    grouping = grouping_of(made, dataset)
    portions = _Portions(made, plan_of(question, dataset.facts.data_until), grouping, timed or named, named, watch)
    size = PORTION if portions.fast_path is None else FAST_PATH_PORTION
    return _joined(each_portion(made.index, portions.fold, watch, size), len(question.steps), grouping.values)


class _Portions:
    """Folds portions, each thread in a room of its own."""

    def __init__(self, made: Ready, plan: Plan, grouping: Grouping, timed: bool, named: bool, watch: Watch) -> None:
        self.made, self.plan, self.grouping, self.timed, self.named = made, plan, grouping, timed, named
        self.by_event = made.question.breakdown is not None and grouping.of_units is None
        self.fast_path = fast_path_inputs(made)
        self.watch = watch
        self.has_traits = bool(conditions(made.question, ("person",)))
        self._own = threading.local()

    def fold(self, begin: int, end: int) -> PlainCounts:
        if not hasattr(self._own, "room"):
            self._own.room = Room()
        room = self._own.room
        found = levels_room(room, end - begin, self.plan.steps)
        if self.fast_path is not None:
            units = Span(self.made.index, begin, end)
            allowed = still(self.made.allowed[begin : end if self.has_traits else begin])
            n = fold_fast_path(self.plan, units, self.fast_path, allowed, self.timed, found, room)
            codes = self.grouping.of_units
            by_trait = codes[begin:end][found.unit[:n]] if codes is not None else np.empty(0, np.int32)
            return self._tally(found, n, begin, found.group[:n].copy() if self.by_event else by_trait)
        gathered = gather(self.made.index, self.made.table, begin, end, room)
        matched = match(self.made, gathered)
        codes = self._codes(begin, end, gathered)
        events = (gathered.offsets, gathered.time, gathered.bits, still(self.made.allowed[begin:end]))
        n, left = fold_one_pass(self.plan, *events, self.timed, found)
        tally = self._tally(found, n, begin, codes[found.unit[:n]] if len(codes) else codes)
        if not left:
            return tally
        settled = self._settle(found.left[:left].copy(), begin, matched, codes)
        return _joined([tally, settled], self.plan.steps, self.grouping.values)

    def _tally(self, found: Levels, n: int, begin: int, group: Codes) -> PlainCounts:
        unit, steps = found.unit[:n], range(self.plan.steps if self.timed else 0)
        return PlainCounts(
            unit=self.made.index.units[begin + unit] if self.named else unit[:0],
            entered=found.entered[: n if self.named else 0].copy(),
            level=found.level[:n].copy(),
            open=found.open[: n if self.timed else 0].copy(),
            group=group,
            spans=tuple(found.spans[k, : found.many[k]].copy() for k in steps),
            values=self.grouping.values,
        )

    def _codes(self, begin: int, end: int, gathered: Gathered) -> Codes:
        """The group of each unit, nothing without a breakdown."""
        breakdown = self.made.question.breakdown
        if breakdown is None:
            return np.empty(0, np.int32)
        if self.grouping.of_units is not None:
            return self.grouping.of_units[begin:end]
        codes = codes_at(self.made.columns[breakdown.property], gathered.row)
        codes = without_empty(Column(codes, self.grouping.values))
        low, high, allowed = gathered.offsets[:-1], gathered.offsets[1:], self.made.allowed[begin:end]
        rows = [still(one) for one in (low, high, gathered.time, gathered.bits, allowed, codes)]
        edges = edge_values(rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], breakdown.attribution == "last")
        return np.asarray(edges)

    def _settle(self, left: Longs, begin: int, matched: Matched, codes: Codes) -> PlainCounts:
        """Units whose equal times leave a choice, by the general kernel."""
        whole = by_unit(matched)
        group = codes[left] if len(codes) else whole.code[left]
        cut = replace(whole, low=whole.low[left], high=whole.high[left], unit=left, entity=left, code=group)
        spells = trait_periods_of(self.made, begin, begin + len(matched.units))
        with self.watch.flagged() as flag:
            rows = fold_cut(self.plan, cut, spells, matched, [], self.watch, flag)
        level = (np.bitwise_count(rows.reached) - 1).astype(np.int8)
        spans = [rows.entered[:0]] * self.timed
        for k in range(1, self.plan.steps if self.timed else 0):
            reached = rows.times[level >= k]
            spans.append(reached[:, k] - reached[:, k - 1])
        return PlainCounts(
            unit=rows.unit if self.named else rows.unit[:0],
            entered=rows.entered if self.named else rows.entered[:0],
            level=level,
            open=(rows.open_at != NOT_OPEN)[: len(level) if self.timed else 0],
            group=rows.group if len(codes) else codes,
            spans=tuple(spans),
            values=self.grouping.values,
        )


def _joined(parts: list[PlainCounts], steps: int, values: list[str]) -> PlainCounts:
    none, no_codes = np.empty(0, np.int64), np.empty(0, np.int32)
    if not parts:
        return PlainCounts(none, none, none.astype(np.int8), none.astype(np.bool_), no_codes, (none,) * steps, values)
    return PlainCounts(
        unit=np.concatenate([one.unit for one in parts]),
        entered=np.concatenate([one.entered for one in parts]),
        level=np.concatenate([one.level for one in parts]),
        open=np.concatenate([one.open for one in parts]),
        group=np.concatenate([one.group for one in parts]),
        spans=tuple(np.concatenate(spans) for spans in zip(*(one.spans for one in parts), strict=True)),
        values=values,
    )


def outcomes_of(tally: PlainCounts, steps: int) -> Outcomes:
    """The rows of a tally that is timed and named, as the general way gives them."""
    n = len(tally.level)
    times = np.empty((n, steps), np.int64)
    times[:, 0] = tally.entered
    for k in range(1, steps):
        reached = np.flatnonzero(tally.level >= k)
        times[reached, k] = times[reached, k - 1] + tally.spans[k]
    # The order in which units were folded depends on how they were cut into portions.
    order = np.argsort(tally.unit, kind="stable")
    level = tally.level[order]
    return Outcomes(
        unit=tally.unit[order],
        entity=np.arange(n, dtype=np.int64),
        entered=tally.entered[order],
        reached=(np.int64(2) << level.astype(np.int64)) - 1,
        open_at=np.where(tally.open[order] & (level < steps - 1), level, np.int8(NOT_OPEN)).astype(np.int8),
        times=times[order],
        group=tally.group[order] if len(tally.group) else np.full(n, -1, np.int32),
        values=tally.values,
    )
