"""What a breakdown goes by: a property of events, or a trait of whom they are about."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.funnel.matching import Ready, without_empty

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset


@dataclass(frozen=True)
class Grouping:
    """The values of a breakdown. Codes: one for each unit; or for each person in Ready.owners, whose events then have them; or, with
    neither, those of the property of events."""

    values: list[str]
    of_units: NDArray[np.int32] | None = None
    of_owners: NDArray[np.int32] | None = None


def grouping_of(made: Ready, dataset: "Dataset") -> Grouping:
    """Asks the dataset for the traits of a breakdown."""
    breakdown = made.question.breakdown
    if breakdown is None:
        return Grouping([])
    if breakdown.of == "event":
        return Grouping(made.columns[breakdown.property][0].values)
    column_of = dataset.traits.of_people if breakdown.of == "person" else dataset.traits.of_their_companies
    if made.owners is None:
        column = column_of(breakdown.property, made.index.units)
        return Grouping(column.values, of_units=without_empty(column))
    if breakdown.of == "company" and made.question.count == "companies":
        column = dataset.traits.of_companies(breakdown.property, made.index.units)
        return Grouping(column.values, of_units=without_empty(column))
    column = column_of(breakdown.property, made.owners.people)
    return Grouping(column.values, of_owners=without_empty(column))
