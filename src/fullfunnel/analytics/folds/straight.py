"""Numba: plain funnels in which an event's name alone says which step it serves. What most people ask, and the fastest way.

A unit is looked at and folded at once, while its events are in the processor's nearest cache: 2 to 4 ns an event. Units with many
matches in several slices, slices of the delta, equal times, or traits that rule a step out, go the way of levels.py.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numba as nb
import numpy as np

from fullfunnel.analytics.folds.gather import Longs, Room, gather_unit, rows_of, sources_of
from fullfunnel.analytics.folds.levels import NONE, TIED, UNSET, Levels, limits_of, stand
from fullfunnel.analytics.folds.plan import FIRST, Plan
from fullfunnel.analytics.folds.ties import compiled
from fullfunnel.events.store.journeys import Index

# Careful: passing arrays on to a function costs as much as looking at twenty events, so these are copied into the loop. And places
# are unsigned: of others Numba asks each time whether they count from the end.
# Matches of several slices that are sorted on the spot; more are merged.
FEW = 32
inlined = nb.njit(cache=True, nogil=True, inline="always")


def steps_of(table: Longs) -> "np.ndarray[tuple[int], np.dtype[np.uint8]] | None":
    """For each name the step that it serves (from 1), 0 for none; None where a name serves several."""
    if (np.bitwise_count(table) > 1).any() or (table < 0).any():
        return None
    places = np.zeros(len(table), np.uint8)
    serving = np.flatnonzero(table)
    places[serving] = np.log2(table[serving]).round().astype(np.uint8) + 1
    return places


def fold_straight(
    plan: Plan, index: Index, table: Longs, begin: int, end: int, allowed: Longs, timed: bool, found: Levels, room: Room
) -> tuple[int, int]:
    """As levels.fold_levels, of the units from `begin` to `end`. Careful: `table` must be one that steps_of() can read."""
    lists, parts = sources_of(index)
    most = rows_of(lists[:3], begin, end)
    buffers = tuple(room.of(name, most + 1) for name in ("time", "bits", "row"))
    rows = room.of("unsigned", most + 1, np.uint64)
    spare = tuple(room.of(f"spare {name}", most + 1) for name in ("time", "bits", "row", "starts"))
    tables, question = (table, steps_of(table)), (plan.steps, plan.entries == FIRST, limits_of(plan))
    n, left = _fold(question, lists, parts, tables, (begin, end), allowed, timed, found, rows, buffers, spare)
    return int(n), int(left)


@compiled
def _fold(question, lists, parts, tables, units, allowed, timed, found, row, buffers, spare):
    n, left, zero = np.int64(0), np.int64(0), np.int64(0)
    steps, only_first, limits = question
    first, (names, times, _) = lists[0], parts[0]
    (begin, end), (table, step), (time, bits, _) = units, tables, buffers
    hits, latest = (table != 0).astype(np.uint8), np.empty(steps + 1, np.int64)
    found.many[:] = 0
    for u in range(begin, end):
        own, level, is_several = allowed[u - begin], np.int64(TIED), first[u + 1] - first[u] > 1
        if not own & 1:
            continue
        many, is_alike = _look_at(lists, names, step, u, own == -1, row)
        if is_alike and (not is_several or many <= FEW):
            if is_several:
                _put_in_order(times, row, many)
            level = _reach(steps, only_first, limits, names, times, step, row, many, latest)
        if level == TIED:
            to = gather_unit(lists, parts, (table, hits), u, buffers, spare)
            n, left = stand(
                steps, only_first, limits, time, bits, u - begin, zero, to, own, timed, latest, found, n, left
            )
        elif level != NONE:
            found.unit[n], found.level[n] = u - begin, level
            if timed:
                found.entered[n] = latest[level + 1]
                found.open[n] = min(latest[1] + limits[0], limits[3]) > limits[4]
                _walk(names, times, step, row, level, latest[level + 1], found.spans, found.many)
            n += 1
    return n, left


@inlined
def _look_at(lists, names, step, u, is_alike, row):
    """The rows of a unit that serve a step: how many, and whether all its slices were looked at, those of the base."""
    first, low, high, part = lists
    many = np.uint64(0)
    for i in range(first[u], first[u + 1]):
        is_alike = is_alike and part[i] == 0
        if is_alike:
            many = _look(names, step, np.uint64(low[i]), np.uint64(high[i]), row, many)
    return many, is_alike


@inlined
def _look(names, step, low, high, row, n):
    """The rows whose name serves a step, to place `n` and on. Without a branch: what cannot be foreseen costs more than a needless write."""
    for i in range(low, high):
        row[n] = i
        n += np.uint64(step[names[i]] != 0)
    return n


@inlined
def _put_in_order(times, row, many):
    """Few rows of several slices by time (insertion sort)."""
    one = np.uint64(1)
    for i in range(one, many):
        own, j = row[i], i
        while j > 0 and times[row[j - one]] > times[own]:
            row[j] = row[j - one]
            j -= one
        row[j] = own


@inlined
def _reach(steps, only_first, limits, names, times, step, row, many, latest):
    """The last step reached, NONE, or TIED: events of one moment. As levels._furthest, of events that serve one step each."""
    window, since, before, until, _ = limits
    for k in range(steps + 1):
        latest[k] = UNSET
    level, previous, is_tied = np.int64(NONE), np.int64(UNSET), False
    for j in range(many):
        at = times[row[j]]
        # Careful: not left early; a loop with one way out is a third faster.
        is_tied |= at == previous
        previous = at
        latest[0] = at if since <= at < before else UNSET
        k = np.uint64(step[names[row[j]]])
        begun = latest[k - np.uint64(1)]
        able = (at - begun <= window) & (at <= until)
        latest[k] = begun if able else latest[k]
        level = max(level, np.int64(k) - 1 if able else np.int64(NONE))
        if only_first and level >= 0:
            before = UNSET
    return np.int64(TIED) if is_tied else level


@inlined
def _walk(names, times, step, row, level, entered, spans, many):
    """Writes the times between the steps of the entry that began at `entered`; each step is its first possible event."""
    j, at = np.uint64(0), entered
    while times[row[j]] != entered or step[names[row[j]]] != 1:
        j += np.uint64(1)
    for k in range(1, level + 1):
        j += np.uint64(1)
        while step[names[row[j]]] != k + 1:
            j += np.uint64(1)
        spans[k, many[k]] = times[row[j]] - at
        many[k] += 1
        at = times[row[j]]
