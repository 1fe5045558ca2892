"""Journeys: each unit's events in time order, for folds to walk. An Index copies no event; Journeys are portions put in order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]


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

    units: Longs
    offsets: Longs
    time: Longs
    seq: Longs
    name: NDArray[np.int32]
    names: list[str]
    actor: NDArray[np.uint8]
    session: Longs
    columns: dict[str, Column] = field(default_factory=dict)


class Part(NamedTuple):
    """Events sorted by (identity, time, seq), memory-mapped or in memory; arrays as in Journeys, but `name` is uint16[n]."""

    time: Longs
    seq: Longs
    name: NDArray[np.uint16]
    actor: NDArray[np.uint8]
    session: Longs


def no_part() -> Part:
    """A part without events."""
    none = np.empty(0, np.int64)
    return Part(none, none, np.empty(0, np.uint16), np.empty(0, np.uint8), none)


@dataclass(frozen=True)
class Index:
    """Every journey of a world at one moment: units as lists of slices of two parts, the base and what came after it (the delta).

    Unit u has the slices first[u] to first[u + 1]; slice s is the rows low[s] to high[s] of parts[part[s]], in order of
    (time, seq). Slices of a unit may overlap in time. owner: int64[s], the person whose events a slice holds (people: the unit
    itself). A *row* is a number across both parts: r >= 0 is row r of the base, r < 0 is row ~r of the delta.
    Rows that no slice names belong to nobody that was asked for. column(property) gives one Column a part, with the same `values`.
    is_coded(property) begins to code one that was never used, waits a little, and says whether column() answers at once.
    kept: what questions found out about the lists (their portions, …), for the next ones.
    release() lets go of the files below it: nothing is asked of it any more. Without, they are kept until it is collected.
    """

    parts: tuple[Part, Part]
    names: list[str]
    units: Longs
    first: Longs
    low: Longs
    high: Longs
    part: NDArray[np.uint8]
    owner: Longs
    column: Callable[[str], tuple[Column, Column]]
    release: Callable[[], object] = lambda: None
    is_coded: Callable[[str], bool] = lambda name: True
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Units:
    """Who is whom at this moment: identity -> unit (person). Sorted by identity; identities that are absent are left out."""

    identities: NDArray[np.int64]
    units: NDArray[np.int64]
    version: str
