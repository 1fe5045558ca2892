"""Join identities to units: every unit gets a list of slices of base and delta, without a copy.

The order of a base is computed once. Later versions only merge their few changes into it.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.delta import Delta
from fullfunnel.events.store.journeys import Units
from fullfunnel.events.store.slices import Longs, Slices, positions


@dataclass(frozen=True)
class Listing:
    """The lists of an Index. owner: the unit itself, as these are journeys of people."""

    units: Longs
    first: Longs
    low: Longs
    high: Longs
    part: NDArray[np.uint8]
    owner: Longs
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """The base's slices by unit. places: each identity's place among those of the units (-1: none);
    unit: each identity's unit; order: the identities' numbers by unit, None when they are in order.
    """

    places: Longs
    unit: Longs
    order: Longs | None


def order_of(base: Slices, units: Units) -> Order:
    """Sort the base's slices by unit: O(identities log identities)."""
    places, here = positions(units.identities, base.identities)
    places = np.where(here, places, -1)
    unit = _units_at(places, units)
    in_order = bool(here.all()) and bool((unit[1:] >= unit[:-1]).all())
    return Order(places, unit, None if in_order else np.argsort(unit, kind="stable"))


def is_in_force(order: Order, base: Slices, units: Units) -> bool:
    """Return whether units differ from the order only by new visitors and changed owners."""
    known = order.places >= 0
    if not known.all():
        if positions(units.identities, base.identities[~known])[1].any():
            return False
        places, identities = order.places[known], base.identities[known]
    else:
        places, identities = order.places, base.identities
    if len(places) and places[-1] >= len(units.identities):
        return False
    return bool((units.identities[places] == identities).all())


def joined(base: Slices, delta: Delta, units: Units, order: Order) -> Listing:
    """Return the slices of every unit, the base's before the delta's. O(slices)."""
    # Numba: only here, as it takes long to load.
    from fullfunnel.events.store.lists import listed, places_of

    unit = _units_at(order.places, units)
    moved = np.flatnonzero(unit != order.unit)
    leaving = np.zeros(len(unit), np.bool_)
    for gone in (moved, positions(base.identities, delta.whole)[0], np.flatnonzero(order.places < 0)):
        leaving[gone] = True
    low, high = base.offsets[:-1], base.offsets[1:]
    after = delta.slices
    if order.order is None and not after.events and not leaving.any():
        return _plain(unit, low, high)
    back = moved[~positions(delta.whole, base.identities[moved])[1] & (order.places[moved] >= 0)]
    places = places_of(units.identities, after.identities)
    here = places >= 0
    new_unit = np.concatenate([unit[back], units.units[places[here]]])
    new_low = np.concatenate([low[back], after.offsets[:-1][here]])
    new_high = np.concatenate([high[back], after.offsets[1:][here]])
    new_part = np.repeat(np.array([0, 1], np.uint8), [len(back), int(here.sum())])
    if not (new_unit[1:] >= new_unit[:-1]).all():
        sort = np.argsort(new_unit, kind="stable")
        new_unit, new_low, new_high, new_part = new_unit[sort], new_low[sort], new_high[sort], new_part[sort]
    in_order = np.empty(0, np.int64) if order.order is None else order.order
    unit, low, high, part, first = listed(
        (order.unit, low, high), in_order, leaving, (new_unit, new_low, new_high, new_part)
    )
    return Listing(unit[first[:-1]], first, low, high, part, unit)


def _plain(unit: Longs, low: Longs, high: Longs) -> Listing:
    """One list that is in order already."""
    begins = np.ones(len(unit), np.bool_)
    begins[1:] = unit[1:] != unit[:-1]
    first = np.append(np.flatnonzero(begins), len(unit)).astype(np.int64)
    return Listing(unit[first[:-1]], first, low, high, np.zeros(len(unit), np.uint8), unit)


def _units_at(places: Longs, units: Units) -> Longs:
    """Return the unit at each place; -1 where the place is none."""
    if not len(units.units):
        return np.full(len(places), -1, np.int64)
    return np.where(places < 0, -1, units.units[places])
