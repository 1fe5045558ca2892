"""Slices of many identities become journeys of units: put in order by slices, and sorted again only where a unit has several."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column, Journeys, Units
from fullfunnel.events.store.slices import NAMED, Slices, sessions_of

CHUNK = 2_000_000
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Joined:
    """Journeys without columns. rows: which row of all parts, one after the other, each row is; None: the same."""

    units: Numbers
    offsets: Numbers
    time: Numbers
    seq: Numbers
    name: NDArray[np.int32]
    actor: NDArray[np.uint8]
    session: Numbers
    rows: Numbers | None


def join(parts: Sequence[Slices], units: Units) -> Joined:
    """The journeys of `units` out of a base and what came after it; identities that `units` does not name are left out."""
    if not parts:
        none = np.empty(0, np.int64)
        return Joined(none, np.zeros(1, np.int64), none, none, none.astype(np.int32), none.astype(np.uint8), none, None)
    lengths = [len(part.time) for part in parts]
    begins = np.concatenate([part.offsets[:-1] + sum(lengths[:i]) for i, part in enumerate(parts)])
    counts = np.concatenate([np.diff(part.offsets) for part in parts])
    identities = np.concatenate([part.identities for part in parts])
    unit, known = _units_of(identities, units)
    if len(parts) == 1 and known.all() and len(np.unique(unit)) == len(unit):
        base = parts[0]
        return Joined(unit, base.offsets, base.time, base.seq, base.name, base.actor, base.session, None)
    time = np.concatenate([part.time for part in parts])
    seq = np.concatenate([part.seq for part in parts])
    session = _sessions(parts, identities, begins, counts, time, seq)
    order = np.flatnonzero(known)[np.argsort(unit[known], kind="stable")]
    unit, begins, counts = unit[order], begins[order], counts[order]
    rows = _rows(begins, counts)
    firsts = np.flatnonzero(np.diff(unit, prepend=unit[:1] - 1))
    slices = np.diff(firsts, append=len(unit))
    offsets = (
        np.concatenate([[0], np.cumsum(np.add.reduceat(counts, firsts))]) if len(firsts) else np.zeros(1, np.int64)
    )
    _sort_where_several(rows, offsets, slices, time, seq)
    name = np.concatenate([part.name for part in parts])[rows]
    actor = np.concatenate([part.actor for part in parts])[rows]
    return Joined(unit[firsts], offsets, time[rows], seq[rows], name, actor, session[rows], rows)


def chunks(joined: Joined, names: list[str], columns: Mapping[str, Column]) -> Iterator[Journeys]:
    """The journeys in portions of whole units, of about CHUNK events; no data is copied."""
    start, last = 0, len(joined.units)
    while start < last:
        end = int(np.searchsorted(joined.offsets, joined.offsets[start] + CHUNK, side="right")) - 1
        end = min(max(end, start + 1), last)
        cut = slice(int(joined.offsets[start]), int(joined.offsets[end]))
        yield Journeys(
            units=joined.units[start:end],
            offsets=joined.offsets[start : end + 1] - joined.offsets[start],
            time=joined.time[cut],
            seq=joined.seq[cut],
            name=joined.name[cut],
            names=names,
            actor=joined.actor[cut],
            session=joined.session[cut],
            columns={name: Column(column.codes[cut], column.values) for name, column in columns.items()},
        )
        start = end


def _units_of(identities: Numbers, units: Units) -> tuple[Numbers, NDArray[np.bool_]]:
    if not len(units.identities):
        return np.zeros(len(identities), np.int64), np.zeros(len(identities), np.bool_)
    places = np.minimum(np.searchsorted(units.identities, identities), len(units.identities) - 1)
    return units.units[places], units.identities[places] == identities


def _rows(begins: Numbers, counts: Numbers) -> Numbers:
    """The rows of slices one after the other: begin, begin + 1, … of each."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    rows: Numbers = np.arange(total) + np.repeat(begins - (ends - counts), counts)
    return rows


def _sort_where_several(rows: Numbers, offsets: Numbers, slices: Numbers, time: Numbers, seq: Numbers) -> None:
    several = np.flatnonzero(slices > 1)
    if not len(several):
        return
    counts = np.diff(offsets)[several]
    places = _rows(offsets[:-1][several], counts)
    mine = rows[places]
    rows[places] = mine[np.lexsort((seq[mine], time[mine], np.repeat(several, counts)))]


def _sessions(
    parts: Sequence[Slices], identities: Numbers, begins: Numbers, counts: Numbers, time: Numbers, seq: Numbers
) -> Numbers:
    """The sessions of all parts' rows; an identity that goes on in a later part has its own worked out over both."""
    if len(parts) == 1:
        return parts[0].session
    above, shifted = 0, []
    for part in parts:
        derived = (part.session >= 0) & (part.session < NAMED)
        shifted.append(np.where(derived, part.session + above, part.session))
        above += len(part.time) + 1
    session = np.concatenate(shifted)
    _, inverse, times = np.unique(identities, return_inverse=True, return_counts=True)
    twice = np.flatnonzero(times[inverse] > 1)
    if not len(twice):
        return session
    rows = _rows(begins[twice], counts[twice])
    owner = np.repeat(identities[twice], counts[twice])
    rows = rows[np.lexsort((seq[rows], time[rows], owner))]
    owner = np.sort(owner)
    actor = np.concatenate([part.actor for part in parts])[rows]
    named = np.concatenate([part.named for part in parts])[rows]
    session[rows] = sessions_of(owner, time[rows], actor, named, above=above)
    return session
