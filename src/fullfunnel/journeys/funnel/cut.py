"""The type of what the kernel folds: journeys cut into runs."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Codes = NDArray[np.int32]
# The code of a run where nothing is broken down.
NO_CODE = -2


@dataclass(frozen=True)
class Cut:
    """Rows in the order of their runs; run r is the rows low[r] to high[r]."""

    # Of each row: its moment in µs, a bit for each step and exclusion that it matches, and whether it is seen by `strict`.
    time: Longs
    bits: Longs
    seen: NDArray[np.bool_]
    # Of each run.
    low: Longs
    high: Longs
    # The unit, as its position.
    unit: Longs
    # The number of what is counted: runs of one person (or session) under several values have the same.
    entity: Longs
    # The group that the run counts for; -1: the group without a value.
    code: Codes
    # Of each row, the value of the breakdown.
    codes: Codes
    # The step (from 0) that must carry the run's own value; -1: none.
    value_step: int = -1
    # With `hold`: of each row, a number for the values that an entry keeps.
    held: Longs = field(default_factory=lambda: np.empty(0, np.int64))
    # As in Matched.
    owner: Longs = field(default_factory=lambda: np.empty(0, np.int64))
