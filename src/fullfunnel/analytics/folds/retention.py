"""Numba: who is in which cohort, and in which of the buckets after it they came back. O(matching events)."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.gather import Gathered, Longs, still
from fullfunnel.analytics.folds.ties import compiled

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
    back = np.zeros((n, 2), np.int64)
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
    n = np.int64(0)
    for u in range(found.offsets.shape[0] - 1):
        may, low, high = allowed[found.begin + u], found.offsets[u], found.offsets[u + 1]
        if not may & START:
            continue
        at = low
        while at < high and not (found.bits[at] & START and start <= found.time[at] < end):
            at += 1
        if at == high:
            continue
        unit[n], row[n] = found.begin + u, found.row[at]
        cohort[n] = np.searchsorted(edges, found.time[at], side="right") - 1
        if cohort[n] > edges.shape[0] - 2 - periods:
            cohort[n] = -1
        if may & RETURN and cohort[n] >= 0:
            _returns(found, at, low, high, edges[cohort[n] :], periods, later, back[n])
        n += 1
    return n


@compiled
def _returns(found, at, low, high, edges, periods, later, back):
    """Sets in `back` the buckets in which the events after the start at `at` fall; edges[0] is where the cohort's begins."""
    k, last = 0, -1
    i = _after(found, at, low, high)
    if i < 0:
        i, last = ~i, 0
        back[0] = 1
    while i < high:
        if found.bits[i] & RETURN:
            while k <= periods and found.time[i] >= edges[k + 1]:
                k += 1
            last = k
            if k > periods:
                break
            back[k // WORD] |= 1 << k % WORD
        i += 1
    if later:
        for k in range(min(last, periods) + 1):
            back[k // WORD] |= 1 << k % WORD


@compiled
def _after(found, at, low, high):
    """The first event after the moment of the start; its complement, where a return at that very moment is left beside the start."""
    moment, first = found.time[at], at
    while first > low and found.time[first - 1] == moment:
        first -= 1
    i, starts, returns, both = first, 0, 0, 0
    while i < high and found.time[i] == moment:
        starts += found.bits[i] & START != 0
        returns += found.bits[i] & RETURN != 0
        both += found.bits[i] & (START | RETURN) != 0
        i += 1
    return ~i if starts and returns and both > 1 else i
