"""The events of one run (a unit's, or a session's) by moment, and who of one moment serves which steps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.slices import distinct
from fullfunnel.journeys.folds.plan import ANY_ORDER, FIRST_EXCLUSION, STEPS, STRICT, Plan
from fullfunnel.journeys.why.facts import Facts, Longs

Owners = dict[int, int]


class Moments:
    """What a run's events match while people's traits allow `allowed` (a mask a person); `free`: which of `rows` may serve a step.

    Of moment g: times[g]; steps[g]: bits of all steps that its members match. mask[e]: the steps that event e matches, of members
    that were asked for. Made of arrays, as somebody may have a million events; what a walk meets of them is little.
    """

    def __init__(self, plan: Plan, facts: Facts, rows: Longs, allowed: Sequence[int], free: NDArray[np.bool_]) -> None:
        self.plan = plan
        bits = facts.fits[rows] & np.array(allowed, np.int64)[facts.owner[rows]]
        mask = np.where(free, bits & STEPS, 0)
        is_member = facts.seen[rows] if plan.order == STRICT else mask != 0
        kept = is_member | (bits >> FIRST_EXCLUSION != 0)
        self._rows, self._mask, self._is_member = rows[kept], mask[kept], is_member[kept]
        self._bars = bits[kept] >> FIRST_EXCLUSION
        time = facts.when[self._rows]
        self._first = np.flatnonzero(np.diff(time, prepend=time[:1] - 1))
        self.times: list[int] = time[self._first].tolist()
        self.steps = np.bitwise_or.reduceat(self._mask, self._first) if self.times else self._mask
        self.mask: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._places: dict[int, Longs] = {}
        self._barred: dict[int, tuple[Longs, Longs]] = {}

    @property
    def rows(self) -> int:
        """How many events are kept."""
        return len(self._rows)

    def members(self, g: int) -> list[int]:
        """The events of moment `g` that serve a step (with `strict`: that strict looks at), what is needed least first."""
        if g not in self._members:
            low, high = self._first[g], self._first[g + 1] if g + 1 < len(self.times) else len(self._rows)
            own = np.arange(low, high)[self._is_member[low:high]]
            self.mask.update(zip(self._rows[own].tolist(), self._mask[own].tolist(), strict=True))
            self._members[g] = sorted(self._rows[own].tolist(), key=self.need)
        return self._members[g]

    def has(self, event: int) -> bool:
        """Whether the event is a member of its moment."""
        at = np.searchsorted(self._rows, event)
        return bool(at < len(self._rows) and self._rows[at] == event and self._is_member[at])

    def need(self, event: int) -> tuple[int, int]:
        """How much an event is needed elsewhere: those that cannot begin an entry are spent first."""
        mask = self.mask[event]
        return (mask if self.plan.order == ANY_ORDER else mask | (mask & 1) << 61), event

    def next(self, step: int, g: int) -> int | None:
        """The next moment after `g` with an event for `step`."""
        if step not in self._places:
            self._places[step] = np.flatnonzero(self.steps >> step & 1)
        return _after(self._places[step], g)

    def next_peopled(self, g: int) -> int | None:
        """The next moment after `g` with a member."""
        if -1 not in self._places:
            self._places[-1] = distinct(self._moments_of(np.flatnonzero(self._is_member)))
        return _after(self._places[-1], g)

    def barred(self, x: int, g: int) -> tuple[int, int] | None:
        """The next (moment, event) of exclusion `x` after moment `g`."""
        if x not in self._barred:
            bars = np.flatnonzero(self._bars >> x & 1)
            self._barred[x] = self._moments_of(bars), self._rows[bars]
        moments, events = self._barred[x]
        at = np.searchsorted(moments, g, side="right")
        return (int(moments[at]), int(events[at])) if at < len(moments) else None

    def _moments_of(self, places: Longs) -> Longs:
        return np.searchsorted(self._first, places, side="right") - 1

    def served(self, g: int, steps: list[int]) -> Owners | None:
        """step -> the event of moment `g` that serves it, each another one; None when not all of `steps` can be served."""
        wanted, owners = sum(1 << s for s in steps), Owners()
        if self.steps[g] & wanted != wanted:
            return None
        for event in self.members(g):
            if len(owners) == len(steps):
                break
            self.add(event, wanted, owners)
        return owners if len(owners) == len(steps) else None

    def add(self, event: int, steps: int, owners: Owners) -> bool:
        """Makes `event` serve one of `steps` (bits), others moving along if need be. Says whether it could."""
        return self._move(event, steps, owners, set())

    def _move(self, event: int, steps: int, owners: Owners, seen: set[int]) -> bool:
        for s in range(self.plan.steps):
            if (self.mask[event] & steps) >> s & 1 and s not in seen:
                seen.add(s)
                if s not in owners or self._move(owners[s], steps, owners, seen):
                    owners[s] = event
                    return True
        return False

    def useful(self, owners: Owners) -> int:
        """The steps (bits) of which an event must match one to be of further use: free ones, and those that could be freed."""
        found = sum(1 << s for s in range(self.plan.steps) if s not in owners)
        while grown := [s for s, event in owners.items() if not found >> s & 1 and self.mask[event] & found]:
            found |= sum(1 << s for s in grown)
        return found


def _after(places: Longs, g: int) -> int | None:
    at = np.searchsorted(places, g, side="right")
    return int(places[at]) if at < len(places) else None
