"""Numba: plain funnels of units whose rows lie in several places, in base and delta: a few in a hundred, but each of them waits for
memory several times. So many are taken together, and one kind of thing is fetched for all of them before the next: then the
processor waits for many at once.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numpy as np

from fullfunnel.journeys.folds.scan import LATE, MARK, ONE, SHIFT, inlined
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.funnel.fast.properties import NOT_GROUPED, merged_edge_value, narrow
from fullfunnel.journeys.funnel.fast.reach import reach, walk

TOGETHER = 64
# So many events of a unit are put in order on the spot, more are merged.
FEW = np.uint64(24)


@compiled
def fold_multi_slice(question, lists, parts, looked, begin, allowed, units, latest, found, n, events):
    """Folds units (their numbers in the index), equal times and all: as each event serves one step, those of one moment are taken in
    the order of their steps. looked: table, conditions, edge. events: row, time, and both once more, each one longer than the units' events."""
    (row, time, spare_row, spare_time), (table, conditions, edge) = events, looked
    ends, groups = np.zeros(TOGETHER + 1, np.uint64), np.empty(TOGETHER, np.int32)
    seqs, late_seqs = parts[0][2], parts[1][2]
    for i in range(0, units.shape[0], TOGETHER):
        some = units[i : i + TOGETHER]
        _fetch(lists, parts, table, conditions, some, row, time, ends)
        for v in range(np.uint64(some.shape[0])):
            _put_in_order(time, row, ends[v], ends[v + ONE], spare_time, spare_row)
            if edge.way != NOT_GROUPED:
                ways = np.uint64(_own(allowed, some[v] - begin)) << ONE
                groups[v] = merged_edge_value(edge, seqs, late_seqs, time, row, ends[v], ends[v + ONE], ways)
            for k in range(ends[v], ends[v + ONE]):
                row[k] = k << SHIFT | row[k] & MARK
        row[ends[some.shape[0]]] = ~MARK | ONE
        n = _fold(question, time, row, ends, begin, allowed, some, groups, latest, found, n)
    return n


@compiled
def _fetch(lists, parts, table, conditions, units, row, time, ends):
    """The events of units that serve a step, and their times; unit v's are those from ends[v] to ends[v + 1]."""
    (first, low, high, part), (names, times, _), (late_names, late_times, _) = lists, parts[0], parts[1]
    n = np.uint64(0)
    for v in range(np.uint64(units.shape[0])):
        u = np.uint64(units[v])
        for s in range(np.uint64(first[u]), np.uint64(first[u + ONE])):
            since = n
            if part[s] == 0:
                n = _look(names, table, np.uint64(low[s]), np.uint64(high[s]), np.uint64(0), row, n)
            else:
                n = _look(late_names, table, np.uint64(low[s]), np.uint64(high[s]), LATE, row, n)
            for c in range(conditions.steps.shape[0]):
                codes = conditions.base[c] if part[s] == 0 else conditions.delta[c]
                n = narrow(row, since, n, np.uint64(0), conditions.steps[c], codes, conditions.truths[c])
        ends[v + ONE] = n
    for k in range(n):
        time[k] = times[row[k] >> SHIFT] if row[k] < LATE else late_times[(row[k] ^ LATE) >> SHIFT]


@inlined
def _look(names, table, low, high, late, row, n):
    """The rows from `low` to `high` that serve a step, with it, to place `n` and on."""
    many = n
    for i in range(low, high):
        # Without a branch: what cannot be foreseen costs more than a needless write.
        step = np.uint64(table[names[i]])
        row[many] = late | i << SHIFT | step
        many += np.uint64(step != 0)
    return many


@compiled
def _fold(question, time, row, ends, begin, allowed, units, groups, latest, found, n):
    (steps, only_first, timed, limits), zero = question, np.uint64(0)
    unit, entered, levels, is_open, spans, reached, _, group = found
    for v in range(np.uint64(units.shape[0])):
        u = units[v] - begin
        own = _own(allowed, u)
        level, _ = reach(steps, only_first, limits, time, zero, row, ends[v], ends[v + ONE] << SHIFT, True, own, latest)
        if level >= 0:
            unit[n], levels[n], group[n] = u, level, groups[v]
            if timed:
                entered[n], is_open[n] = latest[level + 1], min(latest[1] + limits[0], limits[3]) > limits[4]
                walk(time, zero, row, ends[v], level, latest[level + 1], spans, reached)
            n += 1
    return n


@inlined
def _own(allowed, u):
    """The steps that a unit's traits allow; all where nothing is asked of traits."""
    own = np.int64(-1)
    if allowed.shape[0] > 0:
        own = allowed[u]
    return own


@compiled
def _put_in_order(time, row, begin, end, spare_time, spare_row):
    """By time, and of one time by step."""
    if end - begin > FEW:
        _merge_runs(time, row, begin, end, spare_time, spare_row)
    else:
        for k in range(begin + ONE, end):
            at, own, j = time[k], row[k], k
            while j > begin and _is_before(at, own & MARK, time, row, j - ONE):
                time[j], row[j] = time[j - ONE], row[j - ONE]
                j -= ONE
            time[j], row[j] = at, own


@inlined
def _is_before(at, step, time, row, j):
    return at < time[j] or (at == time[j] and step < row[j] & MARK)


@compiled
def _merge_runs(time, row, begin, end, spare_time, spare_row):
    """Merges what is in order already, neighbour by neighbour, until all is."""
    starts, runs = np.empty(np.int64(end - begin) + 1, np.uint64), 0
    for k in range(begin, end):
        if k == begin or _is_before(time[k], row[k] & MARK, time, row, k - ONE):
            starts[runs] = k
            runs += 1
    starts[runs] = end
    while runs > 1:
        left = 0
        for r in range(0, runs, 2):
            i, middle = starts[r], starts[r + 1]
            j, last = middle, starts[r + 2] if r + 1 < runs else middle
            starts[left] = i
            left += 1
            for to in range(i, last):
                if i == middle or (j < last and _is_before(time[j], row[j] & MARK, time, row, i)):
                    spare_time[to], spare_row[to] = time[j], row[j]
                    j += ONE
                else:
                    spare_time[to], spare_row[to] = time[i], row[i]
                    i += ONE
        starts[left] = end
        time[begin:end], row[begin:end] = spare_time[begin:end], spare_row[begin:end]
        runs = left
