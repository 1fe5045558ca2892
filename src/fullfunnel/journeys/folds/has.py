"""When each unit's journey first had what a clause asks for: conditions.first_moment for many units at once (Numba)."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions import Has
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.buckets import spans
from fullfunnel.journeys.folds.gather import Longs, codes_at, taken
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.ties import compiled

DAY = 86_400_000_000
# 1970 began on a Thursday.
MONDAY = 3
# Beyond these a zone's clock is not asked for (the years 2 and 9998).
EARLIEST, LATEST = -62_000_000 * 1_000_000_000, 253_300_000 * 1_000_000_000


class Events(NamedTuple):
    """Events that serve a clause, in order of (unit, time, seq). unit: counted from 0; row: as in Index."""

    unit: Longs
    time: Longs
    row: Longs

    def only(self, chosen: "NDArray[np.bool_] | Longs") -> "Events":
        return Events(self.unit[chosen], self.time[chosen], self.row[chosen])


def local_days(moments: Longs, zone: str) -> Longs:
    """Return the number of the local day of each moment, counted from 1970."""
    if not len(moments):
        return moments
    found = spans(zone, max(int(moments.min()), EARLIEST), min(int(moments.max()), LATEST) + 1)
    starts = np.array([span.start for span in found], np.int64)
    offsets = np.array([span.offset for span in found], np.int64)
    at = np.maximum(np.searchsorted(starts, moments, side="right") - 1, 0)
    days: Longs = (moments + offsets[at]) // DAY
    return days


def first_moments(has: Has, events: Events, units: int, index: Index, zone: str, not_before: Longs) -> Longs:
    """Return the first moment of each of `units` units, NEVER where there is none.

    events: those of the clause's names and conditions. not_before: for each unit, the first moment that may be it.
    """
    if has.each:
        codes = _codes(index, has.each, events.row)
        events, codes = events.only(codes >= 0), codes[codes >= 0]
        order = np.lexsort((codes, events.unit))
        events, group = events.only(order), codes[order]
    else:
        group = np.zeros(len(events.unit), np.int64)
    key = _keys(has, events, index, zone)
    found = np.full(units, NEVER, np.int64)
    within = NEVER if has.within is None else has.within
    _first(events.unit, group, events.time, key, has.least, within, not_before, found)
    return found


def _keys(has: Has, events: Events, index: Index, zone: str) -> Longs:
    """Return what counts as one; -1 is not counted."""
    if has.count == "sessions":
        return taken((index.parts[0].session, index.parts[1].session), events.row)
    if has.count == "values":
        return _codes(index, has.value, events.row)
    if has.count == "times":
        return np.arange(len(events.unit), dtype=np.int64)
    days = local_days(events.time, zone)
    # Careful: days before 1970 are negative, and a negative key is none.
    return (days if has.count == "days" else (days + MONDAY) // 7) + DAY


def _codes(index: Index, name: str, rows: Longs) -> Longs:
    column = index.column(name)
    codes = codes_at(column, rows).astype(np.int64)
    values = column[0].values
    return np.where(codes == values.index(""), np.int64(-1), codes) if "" in values else codes


@compiled
def _first(unit, group, time, key, least, within, not_before, found):
    # The latest keys with their latest times, the latest first.
    keys, times = np.empty(least, np.int64), np.empty(least, np.int64)
    known, begun = 0, 0
    for i in range(unit.shape[0]):
        if i == begun or unit[i] != unit[i - 1] or group[i] != group[i - 1]:
            known, begun = 0, i
        if key[i] < 0:
            continue
        at = 0
        while at < known and keys[at] != key[i]:
            at += 1
        if at == known:
            known = min(known + 1, least)
            at = known - 1
        while at > 0:
            keys[at], times[at] = keys[at - 1], times[at - 1]
            at -= 1
        keys[0], times[0] = key[i], time[i]
        if known == least and time[i] >= not_before[unit[i]] and time[i] - times[least - 1] <= within:
            found[unit[i]] = min(found[unit[i]], time[i])
