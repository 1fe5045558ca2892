"""What is tried: properties of the event of the step before, traits of the person and the company, and what was done before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.drop_off.happened import NO_ROW, Happened
from fullfunnel.analytics.drop_off.odds import Tables
from fullfunnel.analytics.drop_off.sides import Sides
from fullfunnel.analytics.drop_off.traits import as_it_was, changes_of
from fullfunnel.analytics.folds.gather import codes_at
from fullfunnel.analytics.watch import Watch
from fullfunnel.events.conditions import COMPANY
from fullfunnel.events.store.journeys import Column, Index

if TYPE_CHECKING:
    from fullfunnel.analytics.worlds.world import World

MOST_VALUES = 50
EARLIER, SINCE = "before the entry", "since the entry"


@dataclass(frozen=True)
class Factor:
    """One thing that a unit has or has not. kind: property, person, company or behaviour; of a behaviour, `property` is the event's
    name and `value` says when: EARLIER or SINCE. A value None is no value."""

    kind: str
    property: str
    value: str | None


@dataclass(frozen=True)
class Tried:
    """Factors with their tables, row by row, and how many groups were too many to try at all."""

    factors: list[Factor]
    tables: Tables
    beyond: int


def tried(
    sides: Sides, happened: Happened, index: Index, world: "World", properties: list[str], count: str, watch: Watch
) -> Tried:
    """Counts every table. O(units) a factor."""
    factors: list[Factor] = []
    counts: list[tuple[int, int]] = []
    beyond = 0
    for kind, name, column in _columns(sides, happened, index, world, properties, count):
        watch.check()
        found, left = _of_column(sides, kind, name, column)
        factors += [factor for factor, _ in found]
        counts += [count for _, count in found]
        beyond += left
    for factor, did in _behaviours(happened):
        factors.append(factor)
        counts.append((int((did & sides.went_on).sum()), int((did & ~sides.went_on).sum())))
    on, lost = (np.array([count[k] for count in counts], np.int64) for k in range(2))
    all_on = int(sides.went_on.sum())
    return Tried(factors, Tables(on, lost, all_on - on, len(sides.unit) - all_on - lost), beyond)


def _columns(
    sides: Sides, happened: Happened, index: Index, world: "World", properties: list[str], count: str
) -> Iterator[tuple[str, str, Column]]:
    """(kind, name, one row for each unit)."""
    known = happened.row != NO_ROW
    for name in properties:
        pair = index.column(name)
        codes = np.full(len(sides.unit), -1, np.int32)
        codes[known] = codes_at(pair, happened.row[known])
        yield "property", name, Column(codes, pair[0].values)
    yield from _traits(sides, happened, index, world, count)


def _traits(
    sides: Sides, happened: Happened, index: Index, world: "World", count: str
) -> Iterator[tuple[str, str, Column]]:
    """Traits of people as they were, of the companies that their events named, or of those that are units. A deal has none."""
    person, company = world.trait_names() if count != "deals" else ([], [])
    if count == "companies":
        yield from (("company", name, world.trait_of_companies(name, sides.unit)) for name in company)
        return
    changes = changes_of(sides, happened, index)
    for name in person:
        yield "person", name, as_it_was(world.person_column(name, sides.unit), name, changes)
    known = happened.row != NO_ROW
    known[known] = codes_at(index.column(COMPANY), happened.row[known]) >= 0
    for name in company if known.any() else ():
        column = world.company_column(name, sides.unit)
        yield "company", name, Column(np.where(known, column.codes, np.int32(-1)), column.values)


def _of_column(sides: Sides, kind: str, name: str, column: Column) -> tuple[list[tuple[Factor, tuple[int, int]]], int]:
    """A factor for each of the most frequent values; two values are one factor, the smaller group's."""
    codes = np.where(column.codes == column.values.index(""), -1, column.codes) if "" in column.values else column.codes
    size = len(column.values) + 1
    every = np.bincount(codes + 1, minlength=size)
    on = np.bincount(codes[sides.went_on] + 1, minlength=size)
    values: list[str | None] = [None, *column.values]
    there = np.flatnonzero(every)
    order = sorted(there.tolist(), key=lambda place: (-int(every[place]), values[place] or ""))
    if len(order) < 2:
        return [], 0
    order = order[1:] if len(order) == 2 else order
    chosen = [
        (Factor(kind, name, values[place]), (int(on[place]), int(every[place] - on[place])))
        for place in order[:MOST_VALUES]
    ]
    return chosen, len(order) - len(chosen)


def _behaviours(happened: Happened) -> Iterator[tuple[Factor, NDArray[np.bool_]]]:
    for bit, name in enumerate(happened.names):
        for when, bits in ((EARLIER, happened.earlier), (SINCE, happened.since)):
            did = (bits >> bit & 1).astype(np.bool_)
            # What all did, or nobody, is no difference.
            if did.any() and not did.all():
                yield Factor("behaviour", name, when), did
