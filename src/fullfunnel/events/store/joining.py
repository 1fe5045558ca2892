"""Who owns which slices: identities become units, and every unit a list of slices of base and delta. No event is copied.

The order of the base's slices is worked out once for each base. What a new version adds (the delta's slices, and identities that
changed their person since) is little, and only merged into it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.delta import Delta
from fullfunnel.events.store.journeys import Units
from fullfunnel.events.store.slices import Longs, Slices, positions

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Listing:
    """As in Index. owner: the unit itself, as journeys are those of people."""

    units: Longs
    first: Longs
    low: Longs
    high: Longs
    part: NDArray[np.uint8]
    owner: Longs


@dataclass(frozen=True)
class Order:
    """The base's slices by unit. places: where each of the base's identities stands among the units' (-1: nowhere).

    unit: of each identity, then; order: the identities' numbers in order of units; None: they are in order.
    """

    places: Longs
    unit: Longs
    order: Longs | None


def order_of(base: Slices, units: Units) -> Order:
    """Sorts the base's slices by unit: O(identities log identities), the only such step."""
    places, here = positions(units.identities, base.identities)
    places = np.where(here, places, -1)
    unit = _units_at(places, units)
    in_order = bool(here.all()) and bool((unit[1:] >= unit[:-1]).all())
    return Order(places, unit, None if in_order else np.argsort(unit, kind="stable"))


def is_in_force(order: Order, base: Slices, units: Units) -> bool:
    """Whether these units only go on where those of the order end (new visitors), or differ in whose an identity is."""
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
    """The slices of every unit that has any, the base's before the delta's. O(slices)."""
    unit = _units_at(order.places, units)
    moved = np.flatnonzero(unit != order.unit)
    still = order.order if order.order is not None else np.arange(len(unit))
    low, high = base.offsets[:-1], base.offsets[1:]
    leaving = np.zeros(len(unit), np.bool_)
    leaving[moved] = True
    leaving |= order.places < 0
    leaving[positions(base.identities, delta.whole)[0]] |= bool(len(delta.whole))
    back = moved[~positions(delta.whole, base.identities[moved])[1] & (order.places[moved] >= 0)]
    if leaving.any():
        still = still[~leaving[still]]
    is_plain = order.order is None and len(still) == len(unit)
    old = (unit, low, high) if is_plain else (order.unit[still], low[still], high[still])
    after_unit, here = _units_of(delta.slices.identities, units)
    offsets = delta.slices.offsets
    new_unit = np.concatenate([unit[back], after_unit[here]])
    new_low = np.concatenate([low[back], offsets[:-1][here]])
    new_high = np.concatenate([high[back], offsets[1:][here]])
    new_part = np.repeat(np.array([0, 1], np.uint8), [len(back), int(here.sum())])
    sort = np.argsort(new_unit, kind="stable")
    new = (new_unit[sort], new_low[sort], new_high[sort])
    return _listed(old, new, new_part[sort])


def _listed(old: tuple[Longs, Longs, Longs], new: tuple[Longs, Longs, Longs], new_part: NDArray[np.uint8]) -> Listing:
    """Two lists of (unit, low, high), each sorted by unit, as one."""
    if not len(new[0]):
        unit, low, high = old
        part = np.zeros(len(unit), np.uint8)
    else:
        at = np.searchsorted(old[0], new[0], side="right") + np.arange(len(new[0]))
        is_old = np.ones(len(old[0]) + len(new[0]), np.bool_)
        is_old[at] = False
        unit, low, high = (_spread(one, other, is_old, at) for one, other in zip(old, new, strict=True))
        part = np.zeros(len(is_old), np.uint8)
        part[at] = new_part
    begins = np.ones(len(unit), np.bool_)
    begins[1:] = unit[1:] != unit[:-1]
    if begins.all():
        return Listing(unit, np.arange(len(unit) + 1, dtype=np.int64), low, high, part, unit)
    starts = np.flatnonzero(begins)
    return Listing(unit[starts], np.append(starts, len(unit)).astype(np.int64), low, high, part, unit)


def _spread(old: Longs, new: Longs, is_old: Flags, at: Longs) -> Longs:
    both = np.empty(len(is_old), np.int64)
    both[is_old] = old
    both[at] = new
    return both


def _units_at(places: Longs, units: Units) -> Longs:
    """The unit at each place; -1 where the place is none."""
    if not len(units.units):
        return np.full(len(places), -1, np.int64)
    return np.where(places < 0, -1, units.units[places])


def _units_of(identities: Longs, units: Units) -> tuple[Longs, Flags]:
    places, here = positions(units.identities, identities)
    return (units.units[places] if len(units.units) else places), here
