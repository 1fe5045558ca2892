"""Gather the events that a question is about out of every slice of a unit, in order (Numba). All folds begin with it.

O(events) to look at every name, O(matches x log slices) to put in order. Nothing but the matches is copied.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.folds.merging import put_in_order
from fullfunnel.journeys.folds.ranges import shared_work, threads_at_most
from fullfunnel.journeys.folds.scan import SHIFT, STRETCH, places, sought_of
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.watch import Watch

Longs = NDArray[np.int64]
# Rows looked at at once: what matches of them should stay in the processor's cache.
PORTION = 262_144
WORTH_THREADS = 200_000
# A portion costs threads some time of its own.
LEAST = 262_144
# No part is as long.
NO_ROW = 2**62
# Fewer rows than so are not worth looking at together.
FEW = 64
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


class Room:
    """Buffers of one thread. The next portion overwrites what the last one left in them."""

    def __init__(self) -> None:
        self._buffers: dict[tuple[str, Any], NDArray[Any]] = {}

    def of(self, name: str, size: int, kind: Any = np.int64) -> NDArray[Any]:
        """Return a buffer of `size` places with arbitrary contents."""
        found = self._buffers.get((name, kind))
        if found is None or len(found) < size:
            found = self._buffers[name, kind] = np.empty(size + size // 4, kind)
        return found[:size]

    def merging(self, rows: int) -> tuple[tuple[Longs, ...], tuple[Longs, ...]]:
        """Return the columns time, bits, row for so many events (and one for the end), and the buffers of put_in_order."""
        events = tuple(self.of(name, rows + 1) for name in ("time", "bits", "row"))
        return events, tuple(self.of(f"spare {name}", rows + 1) for name in ("time", "bits", "row", "starts"))


def portions(index: Index, size: int = PORTION) -> Iterator[tuple[int, int]]:
    """Return ranges of whole units with about `size` rows each (or one unit with more)."""
    return ((begin, end) for begin, end, _ in _cuts(index, size))


def _cuts(index: Index, size: int) -> Iterator[tuple[int, int, int]]:
    """Yield begin, end and rows of each portion; computed once for all questions to the same index."""
    if ("cuts", size) in index.kept:
        yield from index.kept["cuts", size]
        return
    lists, found, begin = tuple(still(one) for one in (index.first, index.low, index.high)), [], 0
    while begin < len(index.units):
        end, rows = _reach(lists, begin, size)
        found.append((begin, end, rows))
        yield found[-1]
        begin = end
    index.kept["cuts", size] = found


def each_portion(index: Index, work: Callable[[int, int], T], watch: Watch, size: int = PORTION) -> list[T]:
    """What `work(begin, end)` makes of each portion, in order. Two threads do it; between portions `watch` hears how many rows are done."""
    total, done = sum(len(part.time) for part in index.parts), 0
    threads = threads_at_most() if total >= WORTH_THREADS else 1
    # Many enough that no thread waits long for the other at the end.
    size = min(size, max(total // 32, LEAST)) if threads > 1 else size

    def heard(cut: tuple[int, int, int]) -> None:
        nonlocal done
        done += cut[2]
        watch.reached(done, total)

    watch.check()
    return shared_work(_cuts(index, size), lambda cut: work(cut[0], cut[1]), heard, threads)


def gather(index: Index, table: Longs, begin: int, end: int, room: Room | None = None) -> Gathered:
    """The events of the units from `begin` to `end` whose name has bits in `table` (int64, one entry a name)."""
    room = room or Room()
    lists, parts = sources_of(index)
    most, sought = rows_of(index, begin, end), sought_of((table != 0).astype(np.uint8))
    offsets = room.of("offsets", end - begin + 1)
    (time, bits, row), spare = room.merging(most)
    scratch = (room.of("places", STRETCH + 1, np.uint64), spare)
    n = _collect(lists, parts, (table, sought), (begin, end), offsets, (time, bits, row), scratch)
    return Gathered(begin, offsets, time[:n], bits[:n], row[:n])


def sources_of(index: Index) -> tuple[Any, Any]:
    """What the kernels read: (first, low, high, part) of the slices, and (name, time, seq) of base and delta."""
    lists = tuple(still(one) for one in (index.first, index.low, index.high, index.part))
    return lists, tuple((still(part.name), still(part.time), still(part.seq)) for part in index.parts)


def rows_of(index: Index, begin: int, end: int) -> int:
    """How many rows the units from `begin` to `end` have, kept with the index: numpy would let the other thread go on, and wait for it."""
    rows: int | None = index.kept.get(("rows", begin, end))
    if rows is None:
        slices = slice(index.first[begin], index.first[end])
        rows = index.kept["rows", begin, end] = int((index.high[slices] - index.low[slices]).sum())
    return rows


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
def _reach(lists, begin, size):
    """The end of the portion that begins with unit `begin`, and how many rows it has."""
    first, low, high = lists
    rows, end = np.int64(0), begin
    while end < first.shape[0] - 1:
        own = np.int64(0)
        for s in range(first[end], first[end + 1]):
            own += high[s] - low[s]
        if end > begin and rows + own > size:
            break
        rows += own
        end += 1
    return end, rows


@compiled
def _collect(lists, parts, tables, units, offsets, found, scratch):
    first, low, high, part = lists
    (names, _, seqs), (late_names, _, late_seqs) = parts
    (table, sought), (begin, end), (places_found, spare) = tables, units, scratch
    time, bits, row = found
    n, s, last = np.int64(0), first[begin], first[end]
    while s < last:
        # Slices that lie one after the other are looked at as one: most people have one, beside the next person's.
        to = s + 1
        while to < last and low[to] == high[to - 1] and part[to] == part[s]:
            to += 1
        is_late = part[s] != 0
        flip = -np.int64(is_late)
        n = _look(late_names if is_late else names, sought, low[s], high[to - 1], flip, row, n, places_found)
        s = to
    _fill(parts, table, n, time, bits, row)
    _part_units(lists, begin, end, row, n, offsets)
    for u in range(end - begin):
        if first[begin + u + 1] - first[begin + u] > 1 and offsets[u + 1] - offsets[u] > 1:
            put_in_order((seqs, late_seqs), offsets[u], offsets[u + 1], time, bits, row, spare)
    return n


@compiled
def _fill(parts, table, n, time, bits, row):
    """Time and bits of `n` rows."""
    (names, times, _), (late_names, late_times, _) = parts
    for k in range(n):
        i = row[k]
        if i >= 0:
            time[k], bits[k] = times[i], table[names[i]]
        else:
            time[k], bits[k] = late_times[~i], table[late_names[~i]]


@compiled
def _look(names, sought, low, high, flip, row, n, found):
    """As _scan, of many rows."""
    if high - low < FEW:
        return _scan(names, sought.table, low, high, flip, row, n)
    for begin in range(low, high, STRETCH):
        for k in range(places(names, begin, min(begin + STRETCH, high), sought, found)):
            row[n] = (begin + np.int64(found[k] >> SHIFT)) ^ flip
            n += 1
    return n


@compiled
def _scan(names, hits, low, high, flip, row, n):
    """The rows from `low` to `high` whose name is sought, to place `n` and on."""
    # Careful: no branch, and no signs. Whether an event matches cannot be foreseen; a wrong guess costs more than a needless write.
    at = np.uint64(n)
    for i in range(np.uint64(low), np.uint64(high)):
        row[at] = np.int64(i) ^ flip
        at += np.uint64(hits[names[i]])
    return np.int64(at)


@compiled
def _part_units(lists, begin, end, row, n, offsets):
    """Where each unit's rows end. The rows stand in the order of the slices."""
    first, low, high, part = lists
    k, row[n] = np.int64(0), np.int64(-NO_ROW)
    offsets[0] = 0
    for u in range(begin, end):
        for s in range(first[u], first[u + 1]):
            # Rows of a slice grow. Where they do not, the next slice has begun: slices of two deals may share rows.
            flip, before = -np.int64(part[s]), low[s] - 1
            while before < row[k] ^ flip < high[s]:
                before = row[k] ^ flip
                k += 1
        offsets[u - begin + 1] = k
