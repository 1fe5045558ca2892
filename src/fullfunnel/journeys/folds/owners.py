"""Whose events the journey of a company or a deal is made of: traits belong to people, units here are others."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Index
from fullfunnel.events.store.slices import distinct
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.trait_periods import TraitPeriods

Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Owners:
    """The people in an index of other units, and what their traits allow them at what time: one row of `spells` for each."""

    index: Index
    people: Longs
    spells: TraitPeriods

    @cached_property
    def anywhen(self) -> Longs:
        """What each person's traits allow at any time."""
        return self.spells.anywhen()

    @property
    def has_history(self) -> bool:
        """Whether somebody's traits allow other things at other times."""
        return len(self.spells.since) > len(self.people)

    @cached_property
    def _slices(self) -> list[tuple[Longs, Longs]]:
        """Of each part: where its slices begin, in order, and the place in `people` of whoever owns them."""
        found = []
        for part in (0, 1):
            of = np.flatnonzero(self.index.part == part)
            of = of[np.argsort(self.index.low[of], kind="stable")]
            found.append((self.index.low[of], np.searchsorted(self.people, self.index.owner[of])))
        return found

    def of(self, rows: Longs) -> Longs:
        """The place in `people` of whose each row is. Slices that share rows are of one person."""
        found = np.empty(len(rows), np.int64)
        for part, (low, place) in enumerate(self._slices):
            here = np.flatnonzero((rows < 0) == bool(part))
            own = ~rows[here] if part else rows[here]
            found[here] = place[np.searchsorted(low, own, side="right") - 1]
        return found

    def spells_of_units(self, begin: int, end: int) -> TraitPeriods:
        """The spells of the units from `begin` to `end` in which nobody's traits change; each allows everything."""
        first, n = self.index.first, end - begin
        slices = slice(int(first[begin]), int(first[end]))
        unit = np.repeat(np.arange(n), np.diff(first[begin : end + 1]))
        person = np.searchsorted(self.people, self.index.owner[slices])
        counts = self.spells.first[person + 1] - self.spells.first[person]
        place = np.repeat(self.spells.first[person] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        units = np.concatenate([np.arange(n), np.repeat(unit, counts)])
        since = np.concatenate([np.full(n, -NEVER), self.spells.since[place]])
        pairs = np.unique(np.stack([units, since]), axis=1)
        bounds = np.searchsorted(pairs[0], np.arange(n + 1)).astype(np.int64)
        return TraitPeriods(
            bounds,
            np.ascontiguousarray(pairs[1]),
            np.full(pairs.shape[1], -1, np.int64),
            self.spells if self.has_history else None,
        )


def of_anybody(owner: Longs) -> tuple[Longs, TraitPeriods]:
    """These people, and spells that allow everything."""
    people = distinct(owner)
    n = len(people)
    return people, TraitPeriods(
        np.arange(n + 1, dtype=np.int64), np.full(n, -NEVER, np.int64), np.full(n, -1, np.int64)
    )
