"""Our dataset over the made-up arrays: an index in memory-mapped files, no database."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from funnels.made import ARRAYS, NAMES, UNTIL, VALUES

from fullfunnel.events.store.journeys import Column, Index, Part, Units, no_part
from fullfunnel.journeys.datasets.dataset import Dataset


class MadeDataset:
    """The parts of a Dataset (`dataset`). `trait` country and company trait plan are made from the person's number."""

    workspace_id = 0
    timezone = "UTC"
    data_until = UNTIL

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        unit, low, high = (np.load(folder / f"{name}.npy") for name in ("unit", "low", "high"))
        part = Part(**{name: self._file(name) for name in ARRAYS})
        units = np.unique(unit)
        self._index = Index(
            parts=(part, no_part()),
            names=NAMES,
            units=units,
            first=np.r_[np.searchsorted(unit, units), len(unit)].astype(np.int64),
            low=low,
            high=high,
            part=np.zeros(len(unit), np.uint8),
            owner=unit,
            # As in our own index a column stays mapped; only one, as memory is counted here.
            column=lru_cache(maxsize=1)(self._column),
        )
        self.people = Units(units, units, "made")

    def _file(self, name: str) -> Any:
        return np.load(self._folder / f"{name}.npy", mmap_mode="r")

    def _column(self, name: str) -> tuple[Column, Column]:
        values = VALUES.get(name, [])
        codes = self._file(name) if name in VALUES else np.broadcast_to(np.int32(-1), len(self._index.parts[0].time))
        return Column(codes, values), Column(np.empty(0, np.int32), values)

    @property
    def owners(self) -> Units:
        return self.people

    @property
    def dataset(self) -> Dataset:
        return Dataset(self, self.index, MadeNames(), MadeTraits(), lambda kind, names: ([], []), no_sql)

    def index(self, count: str = "people") -> Index:
        return self._index


class MadeTraits:
    """See dataset.Traits."""

    def of_people(self, trait: str, units: Any) -> Column:
        values = [f"{trait}_{n}" for n in range(20)]
        return Column(((units * 2_654_435_761 >> 5) % 20).astype(np.int32), values)

    of_their_companies = of_companies = of_people

    def names(self) -> tuple[list[str], list[str]]:
        return ["country"], ["plan"]


class MadeNames:
    """See dataset.Names."""

    def canonical(self, name: str) -> str:
        return name

    def of_units(self, count: str, units: Any) -> list[str]:
        return [str(unit) for unit in units]

    def of_people(self, units: Any) -> list[str]:
        return self.of_units("people", units)

    def person_called(self, name: str) -> int | None:
        return int(name)

    def event_properties(self, names: Any) -> list[str]:
        return list(VALUES)


def no_sql(*args: Any, **options: Any) -> list[dict[str, Any]]:
    raise NotImplementedError("the made-up arrays are no table")
