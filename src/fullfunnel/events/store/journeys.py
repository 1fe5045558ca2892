"""Types of journeys: each unit's events in time order. An Index copies no event; Journeys are portions in order."""

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
    """Events of many units, sorted by (unit, time, seq). Unit u has the rows offsets[u] to offsets[u + 1]."""

    # Ids of persons; of a file, their positions.
    units: Longs
    offsets: Longs
    # µs since 1970 UTC.
    time: Longs
    # Order of arrival.
    seq: Longs
    # Index into `names`.
    name: NDArray[np.int32]
    names: list[str]
    # Index into event.ACTORS.
    actor: NDArray[np.uint8]
    # Equal for events of one session of the unit; -1: unknown.
    session: Longs
    # By property; each as long as `time`.
    columns: dict[str, Column] = field(default_factory=dict)


class Part(NamedTuple):
    """Events sorted by (identity, time, seq), memory-mapped or in memory; arrays as in Journeys."""

    time: Longs
    seq: Longs
    name: NDArray[np.uint16]
    actor: NDArray[np.uint8]
    session: Longs


def no_part() -> Part:
    """Return a part without events."""
    none = np.empty(0, np.int64)
    return Part(none, none, np.empty(0, np.uint16), np.empty(0, np.uint8), none)


@dataclass(frozen=True)
class Index:
    """Every journey of a dataset at one moment, without a copy: slices of the base and of the delta.

    Unit u has the slices first[u] to first[u + 1], which may overlap in time. Slice s is the rows low[s] to high[s] of
    parts[part[s]], in order of (time, seq). A row number r >= 0 is row r of the base, r < 0 is row ~r of the delta.
    """

    parts: tuple[Part, Part]
    names: list[str]
    units: Longs
    first: Longs
    low: Longs
    high: Longs
    part: NDArray[np.uint8]
    # The person whose events a slice holds; for people the unit itself.
    owner: Longs
    # Returns a property's column of base and delta, with the same `values`.
    column: Callable[[str], tuple[Column, Column]]
    # Lets go of the files. Afterwards nothing may be asked.
    release: Callable[[], object] = lambda: None
    # Begins to code a property; returns whether column() answers at once.
    is_coded: Callable[[str], bool] = lambda name: True
    # A cache for questions, such as portions of the lists.
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Units:
    """Which unit (person) each identity belongs to, sorted by identity. Absent identities are left out."""

    identities: NDArray[np.int64]
    units: NDArray[np.int64]
    version: str
