"""Numba: plain funnels in which an event's name alone says which step it serves. What most people ask, and the fastest way.

The rows of people who have one slice lie side by side, so their names are scanned together; what is found is then folded person by
person, from the first event that serves step 1. A time is only fetched of events that could take somebody on. People with several
slices are looked at one by one. Slices of the delta, equal times, and traits that rule a step out go the way of levels.py.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any, NamedTuple

import numpy as np

from fullfunnel.analytics.folds.gather import Longs, Room, gather_unit, rows_of, sources_of, still
from fullfunnel.analytics.folds.levels import NONE, TIED, UNSET, Levels, limits_of, stand
from fullfunnel.analytics.folds.plan import FIRST, Plan
from fullfunnel.analytics.folds.scan import MARK, ONE, SHIFT, Sought, inlined, places, sought_of
from fullfunnel.analytics.folds.stretches import stretches_of
from fullfunnel.analytics.folds.ties import compiled
from fullfunnel.events.store.journeys import Index

# Careful: Numba counts who refers to an array wherever one is passed on or taken out of a tuple, and that costs as much as looking at
# many events. So the loops over units get each array by itself, call nothing, and copy their pieces into themselves; what is rare is
# noted down for the next loop. And places are unsigned: of others Numba asks each time whether they count from the end.
# Matches of several slices that are sorted on the spot; more are merged.
FEW = np.uint64(32)
ELSEWHERE = np.uint64(2**62)
# The moment of an event that nobody needed to fetch.
UNKNOWN = UNSET + 1


class Span(NamedTuple):
    """The units from `begin` to `end` of an index."""

    index: Index
    begin: int
    end: int


class Tables(NamedTuple):
    """sought: names and the steps that they serve, from 1; bits, hits: as gather_unit takes them."""

    sought: Sought
    bits: Any
    hits: Any


def tables_of(table: Longs) -> Tables | None:
    """Which step each name serves, from the bits of each; None where a name serves several."""
    if (np.bitwise_count(table) > 1).any() or (table < 0).any():
        return None
    steps = np.zeros(len(table), np.uint8)
    serving = np.flatnonzero(table)
    steps[serving] = np.log2(table[serving]).round().astype(np.uint8) + 1
    return Tables(sought_of(steps), still(table), (table != 0).astype(np.uint8))


def fold_straight(
    plan: Plan, units: Span, tables: Tables, allowed: Longs, timed: bool, found: Levels, room: Room
) -> tuple[int, int]:
    """As levels.fold_levels, of the units from `begin` to `end` of an index."""
    index, begin, end = units
    lists, parts = sources_of(index)
    most, stretches = rows_of(index, begin, end), stretches_of(index, begin, end)
    scratch = (room.marks(most), room.of("places", most + 1, np.uint64), room.of("others", end - begin))
    question = (plan.steps, plan.entries == FIRST, timed, limits_of(plan))
    n, left = _fold(question, lists, parts, tables, stretches, begin, allowed, found, scratch, room.merging(most))
    return int(n), int(left)


@compiled
def _fold(question, lists, parts, tables, stretches, begin, allowed, found, scratch, merging):
    (names, times, _), (marks, row, others) = parts[0], scratch
    latest, left = np.empty(question[0] + 1, np.int64), np.int64(0)
    unit_of, row_of, ends, lone, elsewhere = stretches
    n, many = np.int64(0), np.int64(elsewhere.shape[0])
    found.many[:] = 0
    others[:many] = elsewhere
    for i in range(row_of.shape[0]):
        v, after, low = unit_of[i], unit_of[i + 1], np.uint64(row_of[i])
        hits = places(names, low, low + np.uint64(ends[after - 1]), tables.sought, marks, row)
        n, many = _fold_lone(
            *(question, lone[v:], ends[v:], times, low, row, hits, allowed[v:]),
            *(begin, v, others, many, latest, found, n),
        )
    steps = tables.sought.table
    n, many = _fold_others(question, lists, names, times, steps, row, begin, allowed, others, many, latest, found, n)
    for i in range(many):
        u = others[i]
        n, left = _fold_slowly(question, lists, parts, tables, u, begin, allowed, latest, found, merging, n, left)
    return n, left


@compiled
def _fold_lone(question, lone, ends, times, low, row, hits, allowed, begin, head, others, many, latest, found, n):
    """Folds the units of a stretch that have one slice. Those whose equal times matter are added to `others`."""
    steps, only_first, timed, limits = question
    unit, entered, levels, is_open, spans, reached, _ = found
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
        level, j = _reach(steps, only_first, limits, times, low, row, j, top, is_first, own, latest)
        if level >= 0 and lone[v]:
            unit[n], levels[n] = head + np.int64(v), level
            if timed:
                entered[n], is_open[n] = latest[level + 1], min(latest[1] + limits[0], limits[3]) > limits[4]
                _walk(times, low, row, begins, level, latest[level + 1], spans, reached)
            n += 1
        elif level == TIED and lone[v]:
            others[many] = begin + head + np.int64(v)
            many += 1
    return n, many


@compiled
def _fold_others(question, lists, names, times, table, row, begin, allowed, others, many, latest, found, n):
    """Folds units whose rows are looked at one by one. Those that need more are left in `others`."""
    (steps, only_first, timed, limits), (first, low, high, part) = question, lists
    unit, entered, levels, is_open, spans, reached, _ = found
    left, zero = np.int64(0), np.uint64(0)
    for i in range(np.uint64(many)):
        u = np.uint64(others[i])
        hits, level = _look_at(first, low, high, part, names, table, u, row), np.int64(TIED)
        is_small = hits <= FEW or (hits < ELSEWHERE and first[u + ONE] - first[u] == ONE)
        if is_small and _put_in_order(times, row, hits):
            row[hits] = ~MARK | ONE
            own = allowed[u - np.uint64(begin)] if len(allowed) > 0 else np.int64(-1)
            level, _ = _reach(steps, only_first, limits, times, zero, row, zero, ~MARK, True, own, latest)
        if level >= 0:
            unit[n], levels[n] = np.int64(u) - begin, level
            if timed:
                entered[n], is_open[n] = latest[level + 1], min(latest[1] + limits[0], limits[3]) > limits[4]
                _walk(times, zero, row, zero, level, latest[level + 1], spans, reached)
            n += 1
        elif level == TIED:
            others[left] = u
            left += 1
    return n, left


@compiled
def _fold_slowly(question, lists, parts, tables, u, begin, allowed, latest, found, merging, n, left):
    """Merges a unit's slices and folds it as levels.py does, equal times and all."""
    steps, only_first, timed, limits = question
    (time, bits, row), own = merging[0], allowed[u - begin] if len(allowed) > 0 else np.int64(-1)
    many = gather_unit(lists, parts, (tables.bits, tables.hits), u, (time, bits, row), merging[1])
    return stand(steps, only_first, limits, time, bits, u - begin, 0, many, own, timed, latest, found, n, left)


@inlined
def _look_at(first, low, high, part, names, table, u, row):
    """The rows of a unit that serve a step, with it: how many, or ELSEWHERE if some are of the delta."""
    many = np.uint64(0)
    for s in range(np.uint64(first[u]), np.uint64(first[u + ONE])):
        if part[s] != 0 or many >= ELSEWHERE:
            many = ELSEWHERE
        else:
            for i in range(np.uint64(low[s]), np.uint64(high[s])):
                # Without a branch: what cannot be foreseen costs more than a needless write.
                step = np.uint64(table[names[i]])
                row[many] = i << SHIFT | step
                many += np.uint64(step != 0)
    return many


@inlined
def _put_in_order(times, row, many):
    """By time, then step (insertion sort). Says whether it could: no row is carried past more than FEW others."""
    could = True
    for i in range(ONE, many):
        own, at, j = row[i], times[row[i] >> SHIFT], i
        while could and j > 0 and times[row[j - ONE] >> SHIFT] >= at:
            before = row[j - ONE]
            if times[before >> SHIFT] == at and before & MARK <= own & MARK:
                break
            row[j] = before
            j -= ONE
            could = i - j <= FEW
        row[j] = own
    return could


@inlined
def _reach(steps, only_first, limits, times, low, row, j, top, is_first, own, latest):
    """The last step reached, NONE, or TIED: events of one moment are not in the order of their steps; and the place after the unit's
    last event. As levels._furthest, from event `j` on, of events that serve one step each. is_first: the unit has none before it."""
    window, since, before, until, _ = limits
    ways, level, is_tied = np.uint64(own) << ONE, np.int64(NONE), False
    previous = np.int64(UNSET if is_first else UNKNOWN)
    for k in range(steps + 1):
        latest[k] = UNSET
    latest[0] = 0
    # Careful: not left early; a loop with one way out is a third faster.
    while row[j] < top:
        k = row[j] & MARK
        begun = latest[k - ONE]
        if begun != UNSET and ways >> k & ONE:
            at = times[low + (row[j] >> SHIFT)]
            if previous == UNKNOWN:
                # An event that takes nobody on may share its moment with one that does: then their order matters.
                previous = times[low + (row[j - ONE] >> SHIFT)]
            is_tied |= (at == previous) & (k < row[j - ONE] & MARK)
            previous = at
            if k == ONE:
                begun = at if since <= at < before else UNSET
            able = (at - begun <= window) & (at <= until)
            latest[k] = begun if able else latest[k]
            level = max(level, np.int64(k) - 1 if able else np.int64(NONE))
            if only_first and level >= 0:
                before = UNSET
        else:
            previous = UNKNOWN
        j += ONE
    return np.int64(TIED) if is_tied else level, j


@inlined
def _walk(times, low, row, j, level, entered, spans, many):
    """Writes the times between the steps of the entry that began at `entered`, looked for from `j` on; each step is its first possible
    event."""
    at = entered
    while row[j] & MARK != ONE or times[low + (row[j] >> SHIFT)] != entered:
        j += ONE
    for k in range(np.uint64(2), np.uint64(level + 2)):
        while row[j] & MARK != k:
            j += ONE
        moment = times[low + (row[j] >> SHIFT)]
        spans[k - ONE, many[k - ONE]] = moment - at
        many[k - ONE] += 1
        at = moment
