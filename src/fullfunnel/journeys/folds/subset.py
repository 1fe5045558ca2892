"""Some units of an index, for folds that look at few."""

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Index

Longs = NDArray[np.int64]


def only(index: Index, at: Longs) -> Index:
    """The index of these units alone, given by their places in rising order. No event is copied."""
    counts = index.first[at + 1] - index.first[at]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    slices = np.arange(first[-1]) - np.repeat(first[:-1], counts) + np.repeat(index.first[at], counts)
    return Index(
        index.parts,
        index.names,
        index.units[at],
        first,
        index.low[slices],
        index.high[slices],
        index.part[slices],
        index.owner[slices],
        # Careful: through the old index, which must live as long as this one: it keeps the files.
        lambda name: index.column(name),
    )


def places_of(index: Index, units: Longs) -> Longs:
    """Where these units stand in the index; those that are not there are left out. In rising order."""
    return np.flatnonzero(np.isin(index.units, units)).astype(np.int64)
