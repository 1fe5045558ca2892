"""Numba: which units' rows lie side by side in the base, so that their names can be scanned together.

Most people have one slice, beside the next person's. This is found out once an index, not by each question: 4 bytes a unit.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any, NamedTuple

import numpy as np

from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import still
from fullfunnel.journeys.folds.scan import STRETCH
from fullfunnel.journeys.folds.ties import compiled


class Stretches(NamedTuple):
    """Some neighbouring units in stretches of STRETCH rows or so. Stretch i are the units from unit[i] to unit[i + 1], counted from
    the first of all, and the rows of the base from row[i] on; ends[v] (uint32): where the rows of unit v end, counted from there.
    lone[v]: it has one slice. Units with rows elsewhere are `others` (counted from the first of the index)."""

    unit: Any
    row: Any
    ends: Any
    lone: Any
    others: Any


def stretches_of(index: Index, begin: int, end: int) -> Stretches:
    """The stretches of the units from `begin` to `end`, kept with the index."""
    found: Stretches | None = index.kept.get(("stretches", begin, end))
    if found is None:
        first, low, high, part = (still(one) for one in (index.first, index.low, index.high, index.part))
        unit, row, others = (np.empty(end - begin + 1, np.int64) for _ in range(3))
        ends, lone = np.empty(end - begin, np.uint32), np.diff(index.first[begin : end + 1]) == 1
        n, many = _part(first, low, high, part, begin, end, unit, row, ends, others)
        found = Stretches(unit[: n + 1].copy(), row[:n].copy(), ends, lone, others[:many].copy())
        index.kept["stretches", begin, end] = found
    return found


@compiled
def _part(first, low, high, part, begin, end, unit, row, ends, others):
    n, many, begun, until = np.int64(0), np.int64(0), np.int64(0), np.int64(-STRETCH)
    for u in range(begin, end):
        s, last = first[u], first[u + 1]
        is_base = last > s and part[s] == 0
        # A unit elsewhere does not end a stretch if the next one goes on where it was.
        goes_on = (is_base and low[s] == until) or (last < low.shape[0] and low[last] == until)
        if u == begin or not goes_on or until - begun >= STRETCH:
            begun = until = low[s] if is_base else np.int64(0)
            unit[n], row[n] = u - begin, begun
            n += 1
        others[many] = u
        many += not is_base or low[s] != until or last - s > 1
        until = high[s] if is_base and low[s] == until else until
        ends[u - begin] = until - begun
    unit[n] = end - begin
    return n, many
