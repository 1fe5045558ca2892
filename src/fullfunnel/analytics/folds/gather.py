"""Numba: the events that matter to a question, out of every slice of a unit, put in order. What all folds begin with.

O(events) to look at every name, O(matches x log slices) to put in order. Nothing but the matches is copied.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.ties import compiled
from fullfunnel.analytics.watch import Watch
from fullfunnel.events.store.journeys import Column, Index

Longs = NDArray[np.int64]
# Rows looked at at once: what matches of them should stay in the processor's cache.
PORTION = 262_144
WORTH_THREADS = 200_000
T = TypeVar("T")


class Gathered(NamedTuple):
    """The matching events of the units `begin` to `begin + len(offsets) - 1`; unit u's are offsets[u - begin] to offsets[u - begin + 1].

    In order of (time, seq). row: as in Index; bits: what the table says of the event's name, never 0.
    """

    begin: int
    offsets: Longs
    time: Longs
    bits: Longs
    row: Longs


def portions(index: Index, size: int = PORTION) -> Iterator[tuple[int, int]]:
    """Ranges of whole units with about `size` rows each (or one unit with more)."""
    rows = np.concatenate([[0], np.cumsum(index.high - index.low)])[index.first]
    begin, last = 0, len(index.units)
    while begin < last:
        end = int(np.searchsorted(rows, rows[begin] + size, side="right")) - 1
        end = min(max(end, begin + 1), last)
        yield begin, end
        begin = end


def each_portion(index: Index, work: Callable[[int, int], T], watch: Watch, size: int = PORTION) -> list[T]:
    """What `work(begin, end)` makes of each portion, in order. Two threads do it; between portions `watch` hears how many rows are done."""
    rows = np.concatenate([[0], np.cumsum(index.high - index.low)])[index.first]
    total, found = int(rows[-1]), list[T]()
    watch.check()
    if total < WORTH_THREADS:
        for begin, end in portions(index, size):
            found.append(work(begin, end))
            watch.reached(int(rows[end]), total)
        return found
    cuts = list(portions(index, min(size, total // 4 + 1)))
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        futures = [pool.submit(work, begin, end) for begin, end in cuts]
        try:
            for (_, end), future in zip(cuts, futures, strict=True):
                found.append(future.result())
                watch.reached(int(rows[end]), total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def gather(index: Index, table: Longs, begin: int, end: int) -> Gathered:
    """The events of the units from `begin` to `end` whose name has bits in `table` (int64, one entry a name)."""
    base, delta = index.parts
    slices = slice(int(index.first[begin]), int(index.first[end]))
    most = int((index.high[slices] - index.low[slices]).sum())
    time, bits, row = (np.empty(most, np.int64) for _ in range(3))
    offsets = np.empty(end - begin + 1, np.int64)
    names = (still(base.name), still(delta.name))
    times, seqs = (still(base.time), still(delta.time)), (still(base.seq), still(delta.seq))
    lists = tuple(still(one) for one in (index.first, index.low, index.high, index.part))
    n = _collect(lists, names, times, seqs, table, begin, end, offsets, time, bits, row)
    return Gathered(begin, offsets, time[:n], bits[:n], row[:n])


def taken(of_parts: tuple[NDArray[Any], NDArray[Any]], rows: Longs) -> NDArray[Any]:
    """The values at `rows` of a pair of arrays, the base's and the delta's."""
    base, delta = of_parts
    found = np.empty(len(rows), base.dtype)
    _take(still(base), still(delta), rows, found)
    return found


def codes_at(column: tuple[Column, Column], rows: Longs) -> NDArray[np.int32]:
    """The codes of a property at `rows`."""
    return taken((column[0].codes, column[1].codes), rows)


def still(array: NDArray[Any]) -> NDArray[Any]:
    """The array as the kernels are compiled for it: in one piece and not to be written, as memory-mapped ones are."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


@compiled
def _take(base, delta, rows, found):
    for i in range(rows.shape[0]):
        found[i] = base[rows[i]] if rows[i] >= 0 else delta[~rows[i]]


@compiled
def _collect(lists, names, times, seqs, table, begin, end, offsets, time, bits, row):
    first, low, high, part = lists
    n = np.int64(0)
    offsets[0] = 0
    for u in range(begin, end):
        from_slice, to_slice, begun = first[u], first[u + 1], n
        for s in range(from_slice, to_slice):
            if part[s] == 0:
                n = _scan(names[0], times[0], table, low[s], high[s], np.int64(0), time, bits, row, n)
            else:
                n = _scan(names[1], times[1], table, low[s], high[s], np.int64(-1), time, bits, row, n)
        if to_slice - from_slice > 1 and n - begun > 1:
            _put_in_order(seqs, begun, n, time, bits, row)
        offsets[u - begin + 1] = n
    return n


@compiled
def _scan(name, times, table, low, high, flip, time, bits, row, n):
    for i in range(low, high):
        found = table[name[i]]
        if found != 0:
            time[n], bits[n], row[n] = times[i], found, i ^ flip
            n += 1
    return n


@compiled
def _put_in_order(seqs, begun, n, time, bits, row):
    """Merges sorted runs, neighbour by neighbour, until there is one."""
    size = n - begun
    starts = np.empty(size + 1, np.int64)
    runs = 0
    for i in range(begun, n):
        if i == begun or _is_before(seqs, time, row, i, i - 1):
            starts[runs] = i
            runs += 1
    starts[runs] = n
    if runs < 2:
        return
    spare_time, spare_bits, spare_row = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    while runs > 1:
        left = 0
        for r in range(0, runs, 2):
            a, middle = starts[r], starts[r + 1]
            b = starts[r + 2] if r + 1 < runs else middle
            _merge(seqs, a, middle, b, time, bits, row, spare_time, spare_bits, spare_row)
            starts[left] = a
            left += 1
        starts[left] = n
        runs = left


@compiled
def _is_before(seqs, time, row, i, j):
    """Whether event i comes before event j."""
    if time[i] != time[j]:
        return time[i] < time[j]
    a = seqs[0][row[i]] if row[i] >= 0 else seqs[1][~row[i]]
    b = seqs[0][row[j]] if row[j] >= 0 else seqs[1][~row[j]]
    return a < b


@compiled
def _merge(seqs, a, middle, b, time, bits, row, spare_time, spare_bits, spare_row):
    i, j, to = a, middle, 0
    while i < middle or j < b:
        if j >= b or (i < middle and not _is_before(seqs, time, row, j, i)):
            at = i
            i += 1
        else:
            at = j
            j += 1
        spare_time[to], spare_bits[to], spare_row[to] = time[at], bits[at], row[at]
        to += 1
    for k in range(to):
        time[a + k], bits[a + k], row[a + k] = spare_time[k], spare_bits[k], spare_row[k]
