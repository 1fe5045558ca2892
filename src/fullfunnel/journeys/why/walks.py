"""One entry of a funnel, walked in plain Python with every event told by name. What it means: docs/adr/0010; see folds/walks.py."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from fullfunnel.journeys.folds.plan import ANY_ORDER, DROP, NEVER, ORDERED, REMOVE, STOP, Plan
from fullfunnel.journeys.why.moments import Moments, Owners


@dataclass
class Entry:
    """An entry and what became of it. A *place* is a step; with `order: any` it is the k-th step completed.

    g: the moment it begins; at: place -> moment; taken: event -> place; serves: event -> the step of the question;
    until: the last moment (µs) at which it could have gone on, -NEVER: it could not; verdict: of the exclusions, None or
    DROP, REMOVE, STOP; hits: (exclusion, event); when: of the first hit; kept: the last place that counts; run: which run.
    """

    moments: Moments
    g: int
    at: dict[int, int] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    serves: dict[int, int] = field(default_factory=dict)
    until: int = -NEVER
    verdict: int | None = None
    hits: list[tuple[int, int]] = field(default_factory=list)
    when: int = NEVER
    kept: int = -1
    run: int = 0

    @property
    def entered(self) -> int:
        return self.moments.times[self.g]

    @property
    def last(self) -> int:
        return max(self.at, default=-1)

    @property
    def end(self) -> int:
        """The end of the window, included."""
        plan = self.moments.plan
        return min(self.entered + plan.window, plan.latest)

    def times(self) -> dict[int, int]:
        """When each place that counts was reached, µs."""
        return {place: self.moments.times[g] for place, g in self.at.items() if place <= self.kept}

    def weight(self) -> tuple[int, int]:
        """How far it came: required steps, then all steps."""
        return weight(self.moments.plan, self.times())

    def take(self, g: int, owners: Owners) -> None:
        for step, event in owners.items():
            self.at[step], self.taken[event], self.serves[event] = g, step, step


def weight(plan: Plan, places: "dict[int, int] | list[int]") -> tuple[int, int]:
    return sum(not plan.optional >> place & 1 for place in places), len(places)


def walk(moments: Moments, g: int) -> Entry | None:
    """The entry that begins at moment `g`, judged by the exclusions; None when none can."""
    order = moments.plan.order
    entry = (_ordered if order == ORDERED else _any_order if order == ANY_ORDER else _strict)(moments, g)
    if entry is None or not entry.at:
        return None
    _judge(entry)
    return entry


def _following(plan: Plan, place: int) -> Iterator[int]:
    """The steps that may come next: optional ones, up to and with the next required one."""
    for s in range(place + 1, plan.steps):
        yield s
        if not plan.optional >> s & 1:
            return


def _ordered(moments: Moments, g: int) -> Entry | None:
    plan, times = moments.plan, moments.times
    entry = Entry(moments, g)
    first = _from_step(moments, g, 0)
    if first is None:
        return None
    entry.take(g, first)
    while entry.last < plan.steps - 1:
        since, found = times[g], []
        for s in _following(plan, entry.last):
            h = moments.next(s, g)
            if h is not None and times[h] <= entry.end and times[h] - since <= plan.within[s]:
                found.append(h)
        if not found:
            break
        h = min(found)
        ways = [
            way
            for s in _following(plan, entry.last)
            if times[h] - since <= plan.within[s] and (way := _from_step(moments, h, s)) is not None
        ]
        g = h
        # The first of equals serves the earliest steps.
        entry.take(h, max(ways, key=lambda way: weight(plan, list(way))))
    last = times[g]
    limits = [min(entry.end, last + int(plan.within[s])) for s in _following(plan, entry.last)]
    entry.until = max(limits, default=-NEVER)
    return entry


def _from_step(moments: Moments, g: int, s: int) -> Owners | None:
    """What moment `g` serves when step `s` is the first: required steps in a row, then optional ones between them."""
    plan, steps = moments.plan, [s]
    found = moments.served(g, steps)
    if found is None:
        return None
    stop = plan.steps
    for t in range(s + 1, plan.steps):
        if not plan.optional >> t & 1:
            more = moments.served(g, [*steps, t])
            if more is None:
                stop = t
                break
            steps, found = [*steps, t], more
    for t in range(s + 1, stop):
        if plan.optional >> t & 1 and (more := moments.served(g, [*steps, t])) is not None:
            steps, found = [*steps, t], more
    return found


def _any_order(moments: Moments, g: int) -> Entry | None:
    plan, everything = moments.plan, (1 << moments.plan.steps) - 1
    entry, owners = Entry(moments, g), Owners()
    at: int | None = g
    while at is not None:
        _fill(moments, at, owners, entry, everything)
        if not owners or len(owners) == plan.steps:
            break
        useful = moments.useful(owners)
        following = [h for s in range(plan.steps) if useful >> s & 1 and (h := moments.next(s, at)) is not None]
        at = min((h for h in following if moments.times[h] <= entry.end), default=None)
    entry.serves = {event: step for step, event in owners.items()}
    entry.until = entry.end if len(owners) < plan.steps else -NEVER
    return entry


def _fill(moments: Moments, g: int, owners: Owners, entry: Entry, everything: int) -> None:
    grown = True
    while grown and len(owners) < moments.plan.steps:
        grown = False
        for event in moments.members(g):
            if event not in entry.taken and moments.add(event, everything, owners):
                place = len(owners) - 1
                entry.at[place], entry.taken[event] = g, place
                grown = True
                break


def _strict(moments: Moments, g: int) -> Entry | None:
    plan = moments.plan
    optional = [s for s in range(plan.steps) if plan.optional >> s & 1]
    best: Entry | None = None
    until = -NEVER
    for count in range(len(optional) + 1):
        for passed in combinations(optional, count):
            steps = [s for s in range(plan.steps) if s not in passed]
            for begun in range(_filled(moments, g, steps), 0, -1):
                entry = _chain(moments, g, steps, begun)
                until = max(until, entry.until)
                if best is None or _rank(entry) > _rank(best):
                    best = entry
    if best is not None:
        best.until = until
    return best


def _rank(entry: Entry) -> tuple[tuple[int, int], list[int]]:
    """Further is better; of equals, what serves its steps earlier."""
    return weight(entry.moments.plan, entry.at), [-entry.at[place] for place in sorted(entry.at)]


def _filled(moments: Moments, g: int, steps: list[int]) -> int:
    """How many of `steps`, in a row, the moment serves."""
    count = 0
    while count < len(steps) and moments.served(g, steps[: count + 1]) is not None:
        count += 1
    return count


def _chain(moments: Moments, g: int, steps: list[int], begun: int) -> Entry:
    """A chain without any other event in between, that takes its first `begun` steps from moment `g`."""
    plan, times = moments.plan, moments.times
    entry, k = Entry(moments, g), begun
    entry.take(g, moments.served(g, steps[:begun]) or {})
    while k < len(steps):
        h = moments.next_peopled(g)
        if h is None:
            entry.until = min(entry.end, times[g] + int(plan.within[steps[k]]))
            return entry
        if times[h] > entry.end or times[h] - times[g] > plan.within[steps[k]]:
            return entry
        more = _filled(moments, h, steps[k:])
        entry.take(h, moments.served(h, steps[k : k + more]) or {})
        k += more
        if more < len(moments.members(h)):
            return entry
        g = h
    return entry


def _judge(entry: Entry) -> None:
    """What the exclusions say of the entry as it was walked without them."""
    plan, moments = entry.moments.plan, entry.moments
    entry.kept = entry.last
    for x, (after, before) in enumerate(zip(plan.after.tolist(), plan.before.tolist(), strict=True)):
        if entry.last < after:
            continue
        begins = entry.at[max(place for place in entry.at if place <= after)]
        reached = [moments.times[entry.at[place]] for place in sorted(entry.at) if place >= before]
        hit = moments.barred(x, begins)
        if hit is None or moments.times[hit[0]] >= (reached[0] if reached else entry.end):
            continue
        effect = int(plan.effect[x])
        entry.hits.append((x, hit[1]))
        entry.when = min(entry.when, moments.times[hit[0]])
        if effect == STOP:
            entry.kept = min(entry.kept, after)
        if entry.verdict is None or effect == REMOVE or (effect == DROP and entry.verdict == STOP):
            entry.verdict = effect
