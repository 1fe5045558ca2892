"""Journeys: each unit's events in time order, as flat arrays that a fold can walk."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Column:
    """A dictionary-coded property: `values[codes[i]]` is the text of row i; code -1 means missing."""

    codes: NDArray[np.int32]
    values: list[str]


@dataclass(frozen=True)
class Journeys:
    """Events of many units. Unit u's are rows offsets[u] to offsets[u + 1], sorted by (time, seq).

    units: int64[u], ids of persons (in a file: their position); time: int64[n], µs since 1970 UTC; seq: int64[n], order of
    arrival; name: int32[n], index into `names`; actor: uint8[n], index into event.ACTORS; session: int64[n], the same number
    for events of one session of the unit, -1 where unknown; columns: property -> Column of length n.
    """

    units: NDArray[np.int64]
    offsets: NDArray[np.int64]
    time: NDArray[np.int64]
    seq: NDArray[np.int64]
    name: NDArray[np.int32]
    names: list[str]
    actor: NDArray[np.uint8]
    session: NDArray[np.int64]
    columns: dict[str, Column] = field(default_factory=dict)


@dataclass(frozen=True)
class Units:
    """Who is whom at this moment: identity -> unit (person). Sorted by identity; identities that are absent are left out."""

    identities: NDArray[np.int64]
    units: NDArray[np.int64]
    version: str
