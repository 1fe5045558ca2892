"""Numba: who is in which cohort, and in which of the buckets after it they came back. O(matching events)."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.folds.gather import Gathered, Longs, still
from fullfunnel.journeys.folds.scan import inlined
from fullfunnel.journeys.folds.ties import compiled

START, RETURN = 1, 2
# A period's bit is in the first word or the second.
WORD = 62


class Members(NamedTuple):
    """The units that have a cohort. unit: its place in the index; cohort: the bucket, -1: beyond `edges`; row: its start, as in Index.

    back: int64[n, 2], bit k of both words together says that the unit came back in the k-th bucket after its cohort's.
    """

    unit: Longs
    cohort: Longs
    row: Longs
    back: NDArray[np.int64]


def members(
    found: Gathered, allowed: Longs, start: int, end: int, edges: Longs, periods: int, *, later: bool
) -> Members:
    """The cohort of every unit with a start from `start` to `end` (µs, excluded), and its returns in `periods` buckets and its own.

    edges: where buckets begin, and where the last one ends; the last `periods` of them are no cohorts.
    later: a return in a bucket counts for those before it, too.
    """
    n = len(found.offsets) - 1
    unit, cohort, row = (np.empty(n, np.int64) for _ in range(3))
    back = np.empty((n, 2), np.int64)
    n = _fold(found, allowed, start, end, still(edges), periods, later, unit, cohort, row, back)
    return Members(unit[:n], cohort[:n], row[:n], back[:n])


@compiled
def tally(cohort, group, back, counts):
    """Counts members: counts[group, cohort, 0] is the size, counts[group, cohort, 1 + k] those that came back in bucket k."""
    for i in range(cohort.shape[0]):
        cells = counts[group[i], cohort[i]]
        cells[0] += 1
        for word in range(2):
            k, left = word * WORD, back[i, word]
            while left:
                cells[1 + k] += left & 1
                k, left = k + 1, left >> 1


@compiled
def _fold(found, allowed, start, end, edges, periods, later, unit, cohort, row, back):
    # Careful: each array by itself, and no calls but rare ones (docs/adr/0013).
    begin, offsets, time, bits, rows = found
    n, last_edge = np.int64(0), edges.shape[0] - 1
    pace = last_edge / max(edges[last_edge] - edges[0], 1)
    for u in range(offsets.shape[0] - 1):
        may, low, high = allowed[begin + u], offsets[u], offsets[u + 1]
        at = low
        while at < high and not (bits[at] & START and start <= time[at] < end):
            at += 1
        if at == high or not may & START:
            continue
        moment = time[at]
        k = _bucket(edges, moment, pace)
        unit[n], row[n], cohort[n], back[n, 0], back[n, 1] = begin + u, rows[at], k, 0, 0
        if k < 0 or k > last_edge - 1 - periods:
            cohort[n] = -1
        elif may & RETURN:
            own, last, i = k, -1, at + 1
            if (at > low and time[at - 1] == moment) or (i < high and time[i] == moment):
                i = _after(time, bits, at, low, high)
                if i < 0:
                    i, last, back[n, 0] = ~i, 0, 1
            while i < high and time[i] < edges[own + periods + 1]:
                if bits[i] & RETURN:
                    while time[i] >= edges[k + 1]:
                        k += 1
                    last = k - own
                    back[n, last // WORD] |= 1 << last % WORD
                i += 1
            # A return beyond the periods counts for all of them, too.
            while later and last <= periods and i < high:
                last = periods + 1 if bits[i] & RETURN else last
                i += 1
            for j in range(min(last, periods) + 1 if later else 0):
                back[n, j // WORD] |= 1 << j % WORD
        n += 1
    return n


@inlined
def _bucket(edges, moment, pace):
    """The bucket that holds a moment; -1: it is before all; as many as there are: after all. pace: about so many begin in a µs."""
    most = edges.shape[0] - 1
    k = min(max(int((moment - edges[0]) * pace), 0), most - 1)
    while k >= 0 and moment < edges[k]:
        k -= 1
    while k < most and moment >= edges[k + 1]:
        k += 1
    return k


@compiled
def _after(time, bits, at, low, high):
    """The first event after the moment of the start; its complement, where a return at that very moment is left beside the start."""
    moment, first = time[at], at
    while first > low and time[first - 1] == moment:
        first -= 1
    i, starts, returns, both = first, 0, 0, 0
    while i < high and time[i] == moment:
        starts += bits[i] & START != 0
        returns += bits[i] & RETURN != 0
        both += bits[i] & (START | RETURN) != 0
        i += 1
    return ~i if starts and returns and both > 1 else i
