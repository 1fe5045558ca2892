"""Our dataset over the made-up arrays: an index in memory-mapped files, no database."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from funnels.made import ARRAYS, NAMES, UNTIL, VALUES

from fullfunnel.events.store.journeys import Column, Index, Part, Units, no_part


class MadeDataset:
    """See analytics.datasets.dataset.Dataset. `trait` country and company trait plan are made from the person's number."""

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

    def canonical(self, name: str) -> str:
        return name

    def index(self, count: str = "people") -> Index:
        return self._index

    def person_column(self, trait: str, units: Any) -> Column:
        values = [f"{trait}_{n}" for n in range(20)]
        return Column(((units * 2_654_435_761 >> 5) % 20).astype(np.int32), values)

    company_column = person_column

    def unseen(self, kind: str, names: Any) -> tuple[list[str], list[str]]:
        return [], []

    def units_named(self, count: str, units: Any) -> list[str]:
        return [str(unit) for unit in units]

    def people_named(self, units: Any) -> list[str]:
        return self.units_named("people", units)
