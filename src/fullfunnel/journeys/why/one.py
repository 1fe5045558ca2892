"""A dataset of one unit, so that the same fold that answers for all is asked of this one alone, as often as need be."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column, Index, Part, no_part
from fullfunnel.journeys.folds.gather import codes_at, taken
from fullfunnel.journeys.folds.subset import only, places_of

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

NOT_PEOPLE = ("companies", "deals")


class OneUnit:
    """The journeys of one unit (a person, or with `count` a company or a deal), and the dataset that has no others.

    part: the unit's events in order; people: whose events they are (a person: their own); owner: of each event its place there.
    """

    def __init__(self, dataset: "Dataset", index: Index, at: int, count: str) -> None:
        self._dataset, self._whole = dataset, index
        self.unit = index.units[at : at + 1]
        slices = range(int(index.first[at]), int(index.first[at + 1]))
        rows = [np.arange(index.low[s], index.high[s]) ^ (0 if index.part[s] == 0 else -1) for s in slices]
        row = np.concatenate(rows) if rows else np.empty(0, np.int64)
        order = np.lexsort((self._of("seq", row), self._of("time", row)))
        self._row = row[order]
        self.part = Part(*(self._of(name, self._row) for name in Part._fields))
        self.people, owner = np.unique(index.owner[slices.start : slices.stop], return_inverse=True)
        self.owner = np.repeat(owner, [len(one) for one in rows])[order]
        self._columns: dict[str, Column] = {}
        self._indexes = {"people": self._compact()}
        if count in NOT_PEOPLE:
            whole = dataset.index("owners")
            own = only(whole, places_of(whole, self.people))
            self._indexes = {count: only(index, np.array([at])), "people": own, "owners": own}

    @property
    def dataset(self) -> "Dataset":
        """The whole dataset, but for its journeys."""
        return replace(self._dataset, index=self.index)

    def _of(self, name: str, rows: NDArray[np.int64]) -> NDArray[Any]:
        base, delta = self._whole.parts
        return taken((getattr(base, name), getattr(delta, name)), rows)

    def column(self, name: str) -> Column:
        """A property of the unit's events, in their order, with the values that they have."""
        if name not in self._columns:
            pair = self._whole.column(name)
            codes = codes_at(pair, self._row)
            here, places = np.unique(codes, return_inverse=True)
            known = [pair[0].values[code] for code in here if code >= 0]
            self._columns[name] = Column((places - (len(here) - len(known))).astype(np.int32), known)
        return self._columns[name]

    @property
    def names(self) -> list[str]:
        return self._whole.names

    def _compact(self) -> Index:
        """The unit's own events as an index without any other."""
        one, none = np.zeros(1, np.int64), np.empty(0, np.int32)

        def column(name: str) -> tuple[Column, Column]:
            found = self.column(name)
            return found, Column(none, found.values)

        ends = one + len(self.part.time)
        parts = (self.part, no_part())
        return Index(parts, self.names, self.unit, np.array([0, 1]), one, ends, one.astype(np.uint8), self.unit, column)

    def index(self, count: str = "people") -> Index:
        return self._indexes[count]


def dataset_of_one(dataset: "Dataset", unit: int, count: str = "people") -> OneUnit | None:
    """The dataset of the unit with this id; None when it has no events. `count`: companies, deals; all else are people."""
    count = count if count in NOT_PEOPLE else "people"
    index = dataset.index(count)
    at = np.flatnonzero(index.units == unit)
    return OneUnit(dataset, index, int(at[0]), count) if len(at) else None


def unit_called(dataset: "Dataset", name: str, count: str) -> int | None:
    """The unit that lists of this `count` name so."""
    if count not in NOT_PEOPLE:
        return dataset.names.person_called(name)
    units = dataset.index(count).units
    names = dataset.names.of_units(count, units)
    return int(units[names.index(name)]) if name in names else None
