"""What is tried: properties of the event of the step before and of the first touch, traits, and what was done before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions import COMPANY
from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.drop_off.behaviours import NO_ROW, Behaviours
from fullfunnel.journeys.drop_off.candidates import Candidates
from fullfunnel.journeys.drop_off.comparison import Comparison
from fullfunnel.journeys.drop_off.distinct_groups import Floats, distinct_groups, marks_of
from fullfunnel.journeys.drop_off.odds import Tables
from fullfunnel.journeys.drop_off.traits import as_it_was, changes_of
from fullfunnel.journeys.folds.gather import codes_at
from fullfunnel.journeys.watch import Watch
from fullfunnel.journeys.why.question import EARLIER, SINCE, Factor

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

MAX_VALUES = 50
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class FactorInputs:
    """The units of both sides, what happened to them, and where more of them is read. touch: the row of each unit's first touch;
    count: what the funnel counts."""

    sides: Comparison
    happened: Behaviours
    touch: Longs
    index: Index
    dataset: "Dataset"
    count: str


@dataclass(frozen=True)
class Tried:
    """Factors with their tables, row by row, and how many groups were too many to try at all. also, opposite: of each row, other
    factors that name the same people, and those that name just the others."""

    factors: list[Factor]
    also: list[list[Factor]]
    opposite: list[list[Factor]]
    tables: Tables
    beyond: int


def tried(seen: FactorInputs, looked: Candidates, watch: Watch) -> Tried:
    """Counts every table. O(units) a column and a behaviour."""
    factors: list[Factor] = []
    found: list[Floats] = []
    beyond, marks = 0, marks_of(seen.sides.went_on)
    for kind, name, column in _columns(seen, looked):
        watch.check()
        own, sums, left = _of_column(marks, kind, name, column)
        factors += own
        found += sums
        beyond += left
    for factor, did in _behaviours(seen.happened):
        factors.append(factor)
        found.append(marks @ did)
    total = marks.sum(axis=1)
    groups = distinct_groups(found, total)
    on, every = (np.array([found[group.first][row] for group in groups], np.int64) for row in range(2))
    all_on, all_units = int(total[0]), int(total[1])
    return Tried(
        [factors[group.first] for group in groups],
        [[factors[at] for at in group.same] for group in groups],
        [[factors[at] for at in group.opposite] for group in groups],
        Tables(on, every - on, all_on - on, all_units - all_on - (every - on)),
        beyond,
    )


def having(factor: Factor, seen: FactorInputs, looked: Candidates) -> Mask:
    """Which units have the factor, by what its table is counted from. `looked` is candidates_for(factor)."""
    if factor.kind == "behaviour":
        bits = seen.happened.earlier if factor.value == EARLIER else seen.happened.since
        return np.asarray(bits & 1 == 1)
    for _, _, column in _columns(seen, looked):
        codes = _codes(column)
        if factor.value is None:
            return np.asarray(codes < 0)
        if factor.value in column.values:
            return np.asarray(codes == column.values.index(factor.value))
    return np.zeros(len(seen.sides.unit), np.bool_)


def _columns(seen: FactorInputs, looked: Candidates) -> Iterator[tuple[str, str, Column]]:
    """(kind, name, one row for each unit)."""
    for kind, names, row in (
        ("property", looked.properties, seen.happened.row),
        ("first_touch", looked.touches, seen.touch),
    ):
        known = row != NO_ROW
        for name in names:
            pair = seen.index.column(name)
            codes = np.full(len(row), -1, np.int32)
            codes[known] = codes_at(pair, row[known])
            yield kind, name, Column(codes, pair[0].values)
    yield from _traits(seen, looked)


def _traits(seen: FactorInputs, looked: Candidates) -> Iterator[tuple[str, str, Column]]:
    """Traits of people as they were, of the companies that their events named, or of those that are units."""
    sides, happened, index, dataset = seen.sides, seen.happened, seen.index, seen.dataset
    if seen.count == "companies":
        yield from (("company", name, dataset.traits.of_companies(name, sides.unit)) for name in looked.companies)
        return
    changes = changes_of(sides, happened, index)
    for name in looked.people:
        yield "person", name, as_it_was(dataset.traits.of_people(name, sides.unit), name, changes)
    known = happened.row != NO_ROW
    known[known] = codes_at(index.column(COMPANY), happened.row[known]) >= 0
    for name in looked.companies if known.any() else ():
        column = dataset.traits.of_their_companies(name, sides.unit)
        yield "company", name, Column(np.where(known, column.codes, np.int32(-1)), column.values)


def _codes(column: Column) -> NDArray[np.int32]:
    """The column's codes, where an empty text is no value."""
    empty = column.values.index("") if "" in column.values else -1
    return np.where(column.codes == empty, np.int32(-1), column.codes)


def _of_column(marks: Floats, kind: str, name: str, column: Column) -> tuple[list[Factor], list[Floats], int]:
    """A factor for each of the most frequent values, with what it sums to; two values are one factor, the smaller group's."""
    codes = _codes(column) + 1
    sums = np.stack([np.bincount(codes, mark, len(column.values) + 1) for mark in marks], axis=1)
    every = sums[:, 1]
    values: list[str | None] = [None, *column.values]
    order = sorted(np.flatnonzero(every).tolist(), key=lambda place: (-int(every[place]), values[place] or ""))
    if len(order) < 2:
        return [], [], 0
    order = order[1:] if len(order) == 2 else order
    chosen = order[:MAX_VALUES]
    return [Factor(kind, name, values[at]) for at in chosen], [sums[at] for at in chosen], len(order) - len(chosen)


def _behaviours(happened: Behaviours) -> Iterator[tuple[Factor, Mask]]:
    for bit, name in enumerate(happened.names):
        for when, bits in ((EARLIER, happened.earlier), (SINCE, happened.since)):
            did = (bits >> bit & 1).astype(np.bool_)
            # What all did, or nobody, is no difference.
            if did.any() and not did.all():
                yield Factor("behaviour", name, when), did
