"""The events of one run (a unit's, or a session's) by moment, and who of one moment serves which steps."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from fullfunnel.analytics.folds.plan import ANY_ORDER, FIRST_EXCLUSION, STEPS, STRICT, Plan
from fullfunnel.analytics.why.facts import Facts

Owners = dict[int, int]


class Moments:
    """What a run's events match while people's traits allow `allowed` (a mask a person); `used` ones serve no step any more.

    Of moment g: times[g]; members[g]: its events that serve a step (with `strict`: that strict looks at), what is needed least
    first; steps[g]: bits of all steps that they match. mask[e]: the steps that event e matches. bars[x]: (moment, event) of exclusion x.
    """

    def __init__(self, plan: Plan, facts: Facts, rows: Iterable[int], allowed: Sequence[int], used: set[int]) -> None:
        self.plan = plan
        self.times: list[int] = []
        self.members: list[list[int]] = []
        self.steps: list[int] = []
        self.mask: dict[int, int] = {}
        self.bars: list[list[tuple[int, int]]] = [[] for _ in plan.after]
        for event in rows:
            bits = facts.fits[event] & allowed[facts.owner[event]]
            mask = 0 if event in used else bits & STEPS
            is_member = facts.seen[event] if plan.order == STRICT else mask != 0
            if is_member or bits >> FIRST_EXCLUSION:
                self._add(facts.time[event], event, mask, is_member, bits >> FIRST_EXCLUSION)
        for members in self.members:
            if len(members) > 1:
                members.sort(key=self.need)
        self.places: list[list[int]] = [
            [g for g, bits in enumerate(self.steps) if bits >> s & 1] for s in range(plan.steps)
        ]
        self.place_of = {time: g for g, time in enumerate(self.times)}
        self.peopled = [g for g, members in enumerate(self.members) if members]
        self._bar_places = [[g for g, _ in bar] for bar in self.bars]

    def _add(self, time: int, event: int, mask: int, is_member: bool, bars: int) -> None:
        if not self.times or self.times[-1] != time:
            self.times.append(time)
            self.members.append([])
            self.steps.append(0)
        if is_member:
            self.members[-1].append(event)
            self.mask[event] = mask
            self.steps[-1] |= mask
        for x, bar in enumerate(self.bars):
            if bars >> x & 1:
                bar.append((len(self.times) - 1, event))

    def need(self, event: int) -> tuple[int, int]:
        """How much an event is needed elsewhere: those that cannot begin an entry are spent first."""
        mask = self.mask[event]
        return (mask if self.plan.order == ANY_ORDER else mask | (mask & 1) << 61), event

    def next(self, step: int, g: int) -> int | None:
        """The next moment after `g` with an event for `step`."""
        return _after(self.places[step], g)

    def next_peopled(self, g: int) -> int | None:
        return _after(self.peopled, g)

    def barred(self, x: int, g: int) -> tuple[int, int] | None:
        """The next (moment, event) of exclusion `x` after moment `g`."""
        at = bisect_right(self._bar_places[x], g)
        return self.bars[x][at] if at < len(self.bars[x]) else None

    def served(self, g: int, steps: list[int]) -> Owners | None:
        """step -> the event of moment `g` that serves it, each another one; None when not all of `steps` can be served."""
        wanted, owners = sum(1 << s for s in steps), Owners()
        if self.steps[g] & wanted != wanted:
            return None
        for event in self.members[g]:
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


def _after(places: list[int], g: int) -> int | None:
    at = bisect_right(places, g)
    return places[at] if at < len(places) else None
