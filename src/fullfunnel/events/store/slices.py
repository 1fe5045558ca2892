"""Arrays of events sorted by (identity, time, seq): base and delta consist of them. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Part

Longs = NDArray[np.int64]
Rows = dict[str, NDArray[Any]]
# What every event has. Coded properties stand beside them, under names that begin with PROPERTY.
KINDS: dict[str, Any] = {"time": np.int64, "seq": np.int64, "name": np.uint16, "actor": np.uint8, "session": np.int64}
PROPERTY = "property "


class Slices(NamedTuple):
    """Identity i has the rows offsets[i] to offsets[i + 1] of every array; identities are sorted."""

    identities: Longs
    offsets: Longs
    rows: Rows

    @property
    def events(self) -> int:
        return len(self.rows["time"])

    def owners(self) -> Longs:
        """Return the identity of each row."""
        return np.repeat(self.identities, np.diff(self.offsets))

    def part(self) -> Part:
        return Part(*(self.rows[kind] for kind in KINDS))


def no_slices(properties: Sequence[str] = ()) -> Slices:
    """Return empty slices with these coded properties."""
    rows = {kind: np.empty(0, dtype) for kind, dtype in KINDS.items()}
    rows |= {PROPERTY + name: np.empty(0, np.int32) for name in properties}
    return Slices(np.empty(0, np.int64), np.zeros(1, np.int64), rows)


def slices_of(identity: Longs, rows: Rows) -> Slices:
    """Return slices from the identity of each row; all is sorted."""
    starts = np.flatnonzero(np.diff(identity, prepend=identity[:1] - 1)) if len(identity) else np.empty(0, np.int64)
    return Slices(identity[starts], np.append(starts, len(identity)).astype(np.int64), rows)


def chosen(slices: Slices, identities: Longs) -> Slices:
    """Copy the slices of those of these sorted identities that are there."""
    places, here = positions(slices.identities, identities)
    places = places[here]
    counts = slices.offsets[places + 1] - slices.offsets[places]
    rows = row_numbers(slices.offsets[places], counts)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Slices(identities[here], offsets, {name: array[rows] for name, array in slices.rows.items()})


def between(slices: Slices, begin: int, end: int) -> Slices:
    """Return the slices numbered `begin` to `end`, without a copy."""
    low, high = int(slices.offsets[begin]), int(slices.offsets[end])
    rows = {name: array[low:high] for name, array in slices.rows.items()}
    return Slices(slices.identities[begin:end], slices.offsets[begin : end + 1] - low, rows)


def merged(first: Slices, second: Slices) -> Slices:
    """Merge two. Events of `second` arrived later. O(rows), and a search for each row of `second`."""
    if not second.events:
        return first
    fresh = second.identities[~positions(first.identities, second.identities)[1]]
    identities = np.insert(first.identities, np.searchsorted(first.identities, fresh), fresh)
    counts = np.insert(np.diff(first.offsets), np.searchsorted(first.identities, fresh), 0)
    counts[np.searchsorted(identities, second.identities)] += np.diff(second.offsets)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    at = _after(first, second) + np.arange(second.events)
    is_old = np.ones(first.events + second.events, np.bool_)
    is_old[at] = False
    rows = {}
    for name, array in first.rows.items():
        rows[name] = np.empty(len(is_old), array.dtype)
        rows[name][is_old] = array
        rows[name][at] = second.rows[name]
    return Slices(identities, offsets, rows)


def _after(first: Slices, second: Slices) -> Longs:
    """Return the row of `first` before which each row of `second` belongs, by a binary search."""
    places = np.searchsorted(first.identities, second.identities)
    there = np.append(first.identities, -1)[places] == second.identities
    begins = first.offsets[places]
    ends = np.where(there, first.offsets[np.minimum(places + 1, len(first.offsets) - 1)], begins)
    counts = np.diff(second.offsets)
    low, high = np.repeat(begins, counts), np.repeat(ends, counts)
    moments, times = second.rows["time"], first.rows["time"]
    while (open_ := np.flatnonzero(low < high)).size:
        middle = (low[open_] + high[open_]) >> 1
        goes_on = times[middle] <= moments[open_]
        low[open_] = np.where(goes_on, middle + 1, low[open_])
        high[open_] = np.where(goes_on, high[open_], middle)
    return low


def distinct(values: Longs) -> Longs:
    """Return the sorted distinct values. Of millions np.unique would take a hundred times as long."""
    found = np.sort(values, kind="stable")
    once: Longs = found[np.diff(found, prepend=found[:1] - 1) != 0]
    return once


def positions(among: Longs, wanted: Longs) -> tuple[Longs, NDArray[np.bool_]]:
    """Return (place of each of `wanted` among the sorted `among`, whether it is there)."""
    if not len(among):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return places, among[places] == wanted


def row_numbers(begins: Longs, counts: Longs) -> Longs:
    """Return begin, begin + 1, … of each slice, one after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    rows: Longs = np.arange(total) + np.repeat(begins - (ends - counts), counts)
    return rows
