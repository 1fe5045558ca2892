"""The people behind a number, as JSON: what every kind answers to `show: people`."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.journeys.questions.shapes import NOUNS, Listed

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
Longs = NDArray[np.int64]


def moment_text(moment: int) -> str:
    """Microseconds since 1970 as ISO 8601 in UTC; a fraction only where there is one."""
    at = clock.EPOCH + timedelta(microseconds=moment)
    return at.replace(tzinfo=None).isoformat() + "Z"


def people_json(kind: str, count: str, units: Longs, entered: Longs, asked: Listed, dataset: "Dataset") -> Json:
    """The piece that is asked for of these units (ids), by when each of them entered (µs)."""
    order = np.lexsort((units, entered))[asked.offset : asked.offset + asked.limit]
    return people_rows_json(kind, count, units[order], entered[order], len(units), dataset)


def people_rows_json(kind: str, count: str, units: Longs, entered: Longs, total: int, dataset: "Dataset") -> Json:
    """These units as they are."""
    names, noun = dataset.names.of_units(count, units), NOUNS.get(count, "person")
    people = [{noun: name, "entered_at": moment_text(int(moment))} for name, moment in zip(names, entered, strict=True)]
    return {"kind": kind, "people": people, "total": total}
