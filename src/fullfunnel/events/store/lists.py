"""Numba kernels over sorted lists. Only questions about order import them: they take a second to load."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="no-any-return"

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
compiled = nb.njit(cache=True, nogil=True)


def places_of(among: Longs, wanted: Longs) -> Longs:
    """Return the place of each of `wanted` among `among`, both sorted; -1: absent. O(both)."""
    return _places(_still(among), _still(wanted))


def listed(old: tuple[Longs, ...], order: Longs, leaving: NDArray[np.bool_], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return (unit, low, high, part) of slices by unit, and where each unit begins. O(slices).

    old: (unit, low, high) of each number in `order` (empty: all) but `leaving`; part 0.
    new: (unit, low, high, part), sorted by unit.
    """
    return _listed(*(_still(one) for one in (*old, order, leaving, *new)))


def _still(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array read-only, as mapped ones are, for one compiled variant."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


@compiled
def _places(among, wanted):
    found = np.empty(wanted.shape[0], np.int64)
    j = 0
    for i in range(wanted.shape[0]):
        while j < among.shape[0] and among[j] < wanted[i]:
            j += 1
        found[i] = j if j < among.shape[0] and among[j] == wanted[i] else -1
    return found


@compiled
def _listed(old_unit, old_low, old_high, order, leaving, new_unit, new_low, new_high, new_part):
    most, fresh = old_unit.shape[0], new_unit.shape[0]
    unit, low, high = (
        np.empty(most + fresh, np.int64),
        np.empty(most + fresh, np.int64),
        np.empty(most + fresh, np.int64),
    )
    part, first, units = np.empty(most + fresh, np.uint8), np.empty(most + fresh + 1, np.int64), np.int64(0)
    n, j = np.int64(0), np.int64(0)
    for k in range(most + 1):
        i = np.int64(-1)
        if k < most:
            i = order[k] if order.shape[0] else np.int64(k)
            if leaving[i]:
                continue
        while j < fresh and (i < 0 or new_unit[j] < old_unit[i]):
            if n == 0 or unit[n - 1] != new_unit[j]:
                first[units] = n
                units += 1
            unit[n], low[n], high[n], part[n] = new_unit[j], new_low[j], new_high[j], new_part[j]
            n += 1
            j += 1
        if i >= 0:
            if n == 0 or unit[n - 1] != old_unit[i]:
                first[units] = n
                units += 1
            unit[n], low[n], high[n], part[n] = old_unit[i], old_low[i], old_high[i], 0
            n += 1
    first[units] = n
    return unit[:n], low[:n], high[:n], part[:n], first[: units + 1]
