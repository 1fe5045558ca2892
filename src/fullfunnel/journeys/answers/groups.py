"""The groups of a breakdown: by size, the largest first; beyond the limit they are one."""

from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column

OTHER = "(other)"


def ranked(column: Column, limit: int) -> tuple[list[str | None], NDArray[np.int64]]:
    """The values by size (of equals first null, then by name), OTHER behind them where there are more; the place of each row in that list."""
    sizes = np.bincount(column.codes + 1, minlength=len(column.values) + 1)
    values = [None, *column.values]
    present = np.flatnonzero(sizes).tolist()
    top = nsmallest(limit, present, key=lambda code: (-sizes[code], code > 0, values[code] or ""))
    places = np.full(len(values), limit, np.int64)
    places[top] = np.arange(len(top))
    listed = [values[code] for code in top]
    return [*listed, OTHER] if len(present) > limit else listed, places[column.codes + 1]
