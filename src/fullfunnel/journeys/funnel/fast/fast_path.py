"""Numba: plain funnels in which each name serves one step, whatever conditions there are. What most people ask, and the fastest way.

The rows of people who have one slice lie side by side, so their names are scanned together; what is found is then folded person by
person, from the first event that serves step 1. A time is only fetched of events that could take somebody on. People with several
slices are folded after them (multi_slice.py). Of one moment events are taken in the order of their steps.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import NamedTuple

import numpy as np

from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import Longs, Room, rows_of, sources_of
from fullfunnel.journeys.folds.plan import FIRST, Plan
from fullfunnel.journeys.folds.scan import MARK, ONE, SHIFT, Sought, places, sought_of
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.funnel.fast.contiguous import stretches_of
from fullfunnel.journeys.funnel.fast.multi_slice import fold_multi_slice
from fullfunnel.journeys.funnel.fast.one_pass import TIED, Levels, limits_of
from fullfunnel.journeys.funnel.fast.properties import (
    MAX_CONDITIONS,
    NOT_GROUPED,
    Conditions,
    Edge,
    conditions_of,
    edge_of,
    edge_value,
    narrow,
)
from fullfunnel.journeys.funnel.fast.reach import put_moments_in_order, reach, walk
from fullfunnel.journeys.funnel.matching import Ready, conditions, is_by_name

# Careful: Numba counts who refers to an array wherever one is passed on or taken out of a tuple, and that costs as much as looking at
# many events. So the loops over units get each array by itself, copy their pieces into themselves, and call only what is rare. And places are unsigned: of others Numba asks each time whether they count from the end.


class Span(NamedTuple):
    """The units from `begin` to `end` of an index."""

    index: Index
    begin: int
    end: int


class Looked(NamedTuple):
    """What is looked at of events."""

    sought: Sought
    conditions: Conditions
    edge: Edge


def fast_path_inputs(made: Ready) -> Looked | None:
    """Return what the fast path needs; None if a name serves several steps, or more than names and conditions on events decides."""
    table, on_events = made.table, conditions(made.question, ("event",))
    if not is_by_name(made) or (np.bitwise_count(table) > 1).any() or len(on_events) > MAX_CONDITIONS:
        return None
    steps = np.zeros(len(table), np.uint8)
    serving = np.flatnonzero(table)
    steps[serving] = np.log2(table[serving]).round().astype(np.uint8) + 1
    return Looked(sought_of(steps), conditions_of(made), edge_of(made))


def fold_fast_path(
    plan: Plan, units: Span, looked: Looked, allowed: Longs, timed: bool, found: Levels, room: Room
) -> int:
    """As levels.fold_one_pass, of the units from `begin` to `end` of an index; none is left."""
    index, begin, end = units
    lists, parts = sources_of(index)
    most, stretches = rows_of(index, begin, end) + 1, stretches_of(index, begin, end)
    row, spare_row = (room.of(name, most, np.uint64) for name in ("places", "spare places"))
    events = (row, room.of("time", most), spare_row, room.of("spare time", most))
    scratch = (room.of("others", end - begin), events)
    question = (plan.steps, plan.entries == FIRST, timed, limits_of(plan))
    return int(_fold(question, lists, parts, looked, stretches, begin, allowed, found, scratch))


@compiled
def _fold(question, lists, parts, looked, stretches, begin, allowed, found, scratch):
    (names, times, _), (others, events), (sought, conditions, edge) = parts[0], scratch, looked
    latest, row = np.empty(question[0] + 1, np.int64), events[0]
    unit_of, row_of, ends, lone, elsewhere = stretches
    n, many = np.int64(0), np.int64(elsewhere.shape[0])
    found.many[:] = 0
    others[:many] = elsewhere
    for i in range(row_of.shape[0]):
        v, after, low = unit_of[i], unit_of[i + 1], np.uint64(row_of[i])
        hits = places(names, low, low + np.uint64(ends[after - 1]), sought, row)
        for c in range(conditions.steps.shape[0]):
            step, codes = conditions.steps[c], conditions.base[c]
            hits = narrow(row, np.uint64(0), hits, low, step, codes, conditions.truths[c])
        n, many = _fold_lone(
            *(question, edge.way, edge.empty, edge.base, lone[v:], ends[v:], times, low, row, hits, allowed[v:]),
            *(begin, v, others, many, latest, found, n),
        )
    candidates_for = (sought.table, conditions, edge)
    return fold_multi_slice(
        question, lists, parts, candidates_for, begin, allowed, others[:many], latest, found, n, events
    )


@compiled
def _fold_lone(
    question, way, empty, codes, lone, ends, times, low, row, hits, allowed, begin, head, others, many, latest, found, n
):
    """Folds the units of a stretch that have one slice. Those with many events of one moment are added to `others`."""
    steps, only_first, timed, limits = question
    unit, entered, levels, is_open, spans, reached, _, group = found
    v, j, zero, has_traits = np.uint64(0), np.uint64(0), np.uint64(0), len(allowed) > 0
    row[hits] = ~MARK | ONE
    while True:
        while row[j] & MARK != ONE:
            j += ONE
        if j >= hits:
            break
        while np.uint64(ends[v]) << SHIFT <= row[j]:
            v += ONE
        begun = np.uint64(ends[v - ONE]) << SHIFT if v > zero else zero
        begins, is_first, top = j, j == zero or row[j - ONE] < begun, np.uint64(ends[v]) << SHIFT
        own = allowed[v] if has_traits else np.int64(-1)
        level, j = reach(steps, only_first, limits, times, low, row, j, top, is_first, own, latest)
        if level >= 0 and lone[v]:
            unit[n], levels[n] = head + np.int64(v), level
            if way != NOT_GROUPED:
                since = begins
                while since > zero and row[since - ONE] >= begun:
                    since -= ONE
                group[n] = edge_value(way, empty, codes, times, low, row, since, j, np.uint64(own) << ONE)
            if timed:
                entered[n], is_open[n] = latest[level + 1], min(latest[1] + limits[0], limits[3]) > limits[4]
                walk(times, low, row, begins, level, latest[level + 1], spans, reached)
            n += 1
        elif level == TIED and lone[v]:
            while begins > zero and row[begins - ONE] >= begun:
                begins -= ONE
            if put_moments_in_order(times, low, row, begins, j):
                j = begins
            else:
                others[many] = begin + head + np.int64(v)
                many += 1
    return n, many
