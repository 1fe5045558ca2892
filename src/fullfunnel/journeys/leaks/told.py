"""Events of some names, in order of time, with the texts of their properties."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import Longs, codes_at, taken
from fullfunnel.journeys.folds.step_matching import StepMatching
from fullfunnel.journeys.questions.shapes import Matcher
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset


class Told(NamedTuple):
    """unit: whose; row: as in Index; name: its place in `names`."""

    unit: Longs
    time: Longs
    row: Longs
    name: Longs


def told(index: Index, names: Sequence[str], dataset: "Dataset", watch: Watch, count: str = "people") -> Told:
    """Return the events of these names, by time."""
    sought = StepMatching(index, [Matcher((name,)) for name in names], dataset, count)

    def read(begin: int, end: int) -> tuple[Longs, Longs, Longs]:
        found = sought.gather(begin, end)
        unit = np.repeat(np.arange(begin, end), np.diff(found.offsets))
        kept = found.bits != 0
        return unit[kept], found.time[kept], found.row[kept]

    parts = sought.each_portion(watch, read) or [read(0, 0)]
    unit, time, row = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((taken((index.parts[0].seq, index.parts[1].seq), row), time))
    places = {index.names.index(name): at for at, name in enumerate(names) if name in index.names}
    of_name = np.array([places.get(number, -1) for number in range(len(index.names))] or [-1], np.int64)
    row = row[order]
    name = of_name[taken((index.parts[0].name, index.parts[1].name), row).astype(np.int64)]
    return Told(index.units[unit[order]], time[order], row, name)


def texts(index: Index, name: str, rows: Longs) -> list[str]:
    """Return the texts of a property, "" where there is none."""
    column = index.column(name)
    values = [*column[0].values, ""]
    return [values[code] for code in codes_at(column, rows).tolist()]
