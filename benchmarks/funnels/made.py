"""A made-up stream of any size, from a seed, in bounded memory: as arrays of an index on disk, and as rows for ClickHouse.

Journeys have heavy tails, 5 % of people have several identities, one person has a hundredth of all events, one gap in a hundred
is none (equal times).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

DAY = 86_400_000_000
BEGIN = 1_767_225_600_000_000  # 2026-01-01
SPAN = 120 * DAY
UNTIL = BEGIN + SPAN
PORTION = 3_000_000
NAMES = [f"event_{n:02d}" for n in range(60)]
VALUES = {
    "device": ["phone", "desktop", "tablet", "tv", "watch"],
    "country": [f"country_{n:02d}" for n in range(40)],
    "plan": ["free", "team", "business", "enterprise"],
    "channel": ["direct", "organic_search", "paid_search", "email", "social", "referral", "display", "partner"],
}
ARRAYS = {"time": np.int64, "seq": np.int64, "name": np.uint16, "actor": np.uint8, "session": np.int64}
# What ClickHouse is given of each event, its person already known (it has no identities to put together).
ROW = np.dtype(
    [("person", "<u4"), ("time", "<u8"), ("seq", "<u4"), ("name", "u1"), ("session", "<u4")]
    + [(name, "u1") for name in VALUES]
)


class Portion(NamedTuple):
    """Events of whole people, sorted by person and time. identity: 0 is the person's first, others are further ones."""

    person: Any
    identity: Any
    columns: dict[str, Any]


def lengths_of(events: int, rng: np.random.Generator) -> Any:
    """How many events each person has: Pareto, at most 20,000, 20 on average; one has a hundredth of all."""
    heavy = max(events // 100, 1)
    drawn = np.minimum(1 + rng.pareto(1.25, events // 10 + 10) * 4.7, 20_000).astype(np.int64)
    people = int(np.searchsorted(np.cumsum(drawn), events - heavy)) + 1
    lengths = drawn[:people]
    lengths[-1] -= lengths.sum() - (events - heavy)
    return np.insert(lengths, people // 3, heavy)


def portions_of(lengths: Any, seed: int) -> Iterator[Portion]:
    """The events of all people, some millions at a time."""
    ends, first = np.cumsum(lengths), 0
    shares = 1 / np.arange(1, len(NAMES) + 1) ** 0.9
    names = np.repeat(
        np.arange(len(NAMES)), np.diff(np.r_[0, np.round(np.cumsum(shares) / shares.sum() * 65_536)].astype(int))
    )
    sessions = 0
    while first < len(lengths):
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + PORTION, side="right")))
        found = _portion(
            np.random.default_rng([seed, first]), np.arange(first, last), lengths[first:last], names, sessions
        )
        sessions = int(found.columns["session"][-1]) + 1
        yield found
        first = last


def _portion(rng: np.random.Generator, people: Any, lengths: Any, names: Any, sessions: int) -> Portion:
    n = int(lengths.sum())
    person, starts = np.repeat(people, lengths), np.r_[0, np.cumsum(lengths)[:-1]]
    kind = rng.random(n, np.float32)
    gap = rng.standard_exponential(n, np.float32) * np.where(kind < 0.7, 90e6, 1.5 * DAY)
    gap *= np.repeat(np.minimum(1, 60 / lengths), lengths)
    gap[kind < 0.01] = 0
    gap[starts] = 0
    at = np.cumsum(gap.astype(np.int64))
    at -= np.repeat(at[starts], lengths)
    lasted = at[starts + lengths - 1]
    at = (at * np.repeat(np.minimum(1, SPAN / np.maximum(lasted, 1)), lengths)).astype(np.int64)
    begun = rng.random(len(people)) * np.maximum(SPAN - lasted, 0)
    begins = kind >= 0.7
    begins[starts] = True
    session = np.cumsum(begins) + sessions
    further = np.repeat(np.where(rng.random(len(people)) < 0.05, rng.integers(2, 4, len(people)), 1), lengths)
    mixed = (session * 2_654_435_761) >> 7
    countries = np.minimum(rng.exponential(6, len(people)), 39).astype(np.int32)
    device = np.repeat(rng.choice(5, len(people), p=[0.5, 0.35, 0.1, 0.03, 0.02]), lengths)
    device[rng.random(n, np.float32) < 0.1] = 0
    # Events of one moment have one device, so that the first of a person is beyond dispute.
    device = device[np.maximum.accumulate(np.where(gap > 0, np.arange(n), np.where(begins, np.arange(n), 0)))]
    columns = {
        "time": BEGIN + at + np.repeat(begun.astype(np.int64), lengths),
        "seq": np.arange(n),
        "name": names[rng.integers(0, 65_536, n)].astype(np.uint16),
        "actor": np.zeros(n, np.uint8),
        "session": session,
        "device": device.astype(np.int32),
        "country": np.repeat(countries, lengths),
        "plan": (rng.integers(0, 5, n) - 1).astype(np.int32),
        "channel": (mixed % 8).astype(np.int32),
    }
    return Portion(person, mixed % further, columns)


def rows_of(portion: Portion) -> Any:
    """The portion as rows for ClickHouse; 255 is no value."""
    rows = np.empty(len(portion.person), ROW)
    rows["person"] = portion.person
    for name in ("time", "seq", "name", "session", *VALUES):
        rows[name] = portion.columns[name].astype(ROW[name])
    return rows


class Writer:
    """Puts portions into .npy files of an index: what belongs to first identities in order, all further ones at the end."""

    def __init__(self, folder: Path, events: int) -> None:
        self.folder, self.rows, self._seq = folder, 0, 0
        kinds = ARRAYS | dict.fromkeys(VALUES, np.int32)
        self._files = {
            name: np.lib.format.open_memmap(folder / f"{name}.npy", "w+", kind, (events,))
            for name, kind in kinds.items()
        }
        self._further: list[Portion] = []
        self._slices: list[Any] = []

    def add(self, portion: Portion) -> None:
        portion.columns["seq"] = portion.columns["seq"] + self._seq
        self._seq += len(portion.person)
        first = portion.identity == 0
        self._put(_take(portion, np.flatnonzero(first)))
        order = np.flatnonzero(~first)
        self._further.append(_take(portion, order[np.lexsort((portion.identity[order], portion.person[order]))]))

    def close(self) -> None:
        for portion in self._further:
            self._put(portion)
        slices = np.concatenate(self._slices, axis=1)
        slices = slices[:, np.argsort(slices[0], kind="stable")]
        for name, array in zip(("unit", "low", "high"), slices, strict=True):
            np.save(self.folder / f"{name}.npy", array)
        for file in self._files.values():
            file.flush()
        self._files.clear()

    def _put(self, portion: Portion) -> None:
        n = len(portion.person)
        for name, file in self._files.items():
            file[self.rows : self.rows + n] = portion.columns[name]
        key = portion.person * 4 + portion.identity
        begins = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if n else np.empty(0, np.int64)
        ends = np.r_[begins[1:], n] if n else begins
        self._slices.append(np.stack([portion.person[begins], begins + self.rows, ends + self.rows]))
        self.rows += n


def _take(portion: Portion, rows: Any) -> Portion:
    columns = {name: array[rows] for name, array in portion.columns.items()}
    return Portion(portion.person[rows], portion.identity[rows], columns)
