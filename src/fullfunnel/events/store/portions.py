"""Put the journeys of an Index in order, in portions of whole units."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column, Index, Journeys
from fullfunnel.events.store.slices import Longs, row_numbers

# Events in a portion, or one unit with more.
PORTION = 2_000_000


def journeys_of(index: Index, columns: Sequence[str]) -> Iterator[Journeys]:
    """Yield every unit's events by (time, seq) with these properties."""
    coded = {name: index.column(name) for name in columns}
    events = np.concatenate([[0], np.cumsum(index.high - index.low)])[index.first]
    begin, last = 0, len(index.units)
    while begin < last:
        end = int(np.searchsorted(events, events[begin] + PORTION, side="right")) - 1
        end = min(max(end, begin + 1), last)
        yield _portion(index, begin, end, events[begin : end + 1] - events[begin], coded)
        begin = end


def _portion(index: Index, begin: int, end: int, offsets: Longs, coded: dict[str, tuple[Column, Column]]) -> Journeys:
    rows = _rows(index, begin, end, offsets)
    base, delta = index.parts
    time, seq = _at((base.time, delta.time), rows), _at((base.seq, delta.seq), rows)
    name, actor = _at((base.name, delta.name), rows), _at((base.actor, delta.actor), rows)
    session = _at((base.session, delta.session), rows)
    found = {key: Column(_at((one.codes, other.codes), rows), one.values) for key, (one, other) in coded.items()}
    units = index.units[begin:end]
    return Journeys(units, offsets, time, seq, name.astype(np.int32), index.names, actor, session, found)


def _rows(index: Index, begin: int, end: int, offsets: Longs) -> Longs | slice:
    """Return the rows of these units, in order; a slice where they lie one after the other."""
    slices = slice(int(index.first[begin]), int(index.first[end]))
    low, high, part = index.low[slices], index.high[slices], index.part[slices]
    several = np.diff(index.first[begin : end + 1]) > 1
    if not several.any() and not part.any() and (low[1:] == high[:-1]).all():
        return slice(int(low[0]), int(high[-1]))
    counts = high - low
    rows = row_numbers(low, counts)
    is_after = np.repeat(part == 1, counts)
    rows[is_after] = ~rows[is_after]
    units = np.flatnonzero(several)
    if len(units):
        sizes = np.diff(offsets)[units]
        places = row_numbers(offsets[:-1][units], sizes)
        mine = rows[places]
        base, delta = index.parts
        time, seq = _at((base.time, delta.time), mine), _at((base.seq, delta.seq), mine)
        rows[places] = mine[np.lexsort((seq, time, np.repeat(units, sizes)))]
    return rows


def _at(pair: tuple[NDArray[Any], NDArray[Any]], rows: Longs | slice) -> NDArray[Any]:
    """Return the values at these rows of base and delta."""
    base, delta = pair
    if isinstance(rows, slice):
        return base[rows]
    if not (rows < 0).any():
        return base[rows]
    found = np.empty(len(rows), base.dtype)
    is_base = rows >= 0
    found[is_base] = base[rows[is_base]]
    found[~is_base] = delta[~rows[~is_base]]
    return found
