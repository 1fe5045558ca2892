"""The people behind a number, as JSON: what every kind answers to `show: people`."""

from collections.abc import Sequence
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


def people_json(
    kind: str,
    count: str,
    units: Longs,
    entered: Longs,
    asked: Listed,
    dataset: "Dataset",
    things: tuple[str, Sequence[str]] | None = None,
) -> Json:
    """Return the piece that is asked for of these units (ids), by when each of them entered (µs).

    things: a noun, and what each row says under it beside its unit: the deal that was counted.
    """
    order = np.lexsort((units, entered))[asked.offset : asked.offset + asked.limit]
    found = people_rows_json(kind, count, units[order], entered[order], len(units), dataset)
    if things:
        noun, names = things
        for row, place in zip(found["people"], order.tolist(), strict=True):
            row[noun] = names[place]
    return found


def people_rows_json(kind: str, count: str, units: Longs, entered: Longs, total: int, dataset: "Dataset") -> Json:
    """These units as they are."""
    names, noun = dataset.names.of_units(count, units), NOUNS.get(count, "person")
    people = [{noun: name, "entered_at": moment_text(int(moment))} for name, moment in zip(names, entered, strict=True)]
    return {"kind": kind, "people": people, "total": total}
