"""The oracle's entries: one that begins at a moment, walked by trying out every way to take events of equal times."""

from dataclasses import dataclass, field
from itertools import combinations, permutations, product


@dataclass
class Entry:
    """`at`: step -> when it was reached. `open_at`: the last step reached, if it could still go on when the data ends, else None.

    For `count: entries`: the next may begin at `next_from` with events that are not `used`.
    """

    person: str
    entered: int
    at: dict
    weight: tuple
    open_at: int | None
    verdict: str | None = None
    next_from: int | None = None
    used: list = field(default_factory=list)
    unit: object = None

    @property
    def times(self):
        """When the steps were reached, in order, and which: what tells entries apart that come as far."""
        steps = sorted(self.at)
        return [self.at[k] for k in steps], steps


class Walk:
    """What is known while one entry is walked. Events are (place, row) pairs; `served[place]` are the steps it matches."""

    def __init__(self, world, asked, events, journey, entered, used, carried, held):
        self.asked, self.entered = asked, entered
        self.end = asked.last_moment(entered)
        self.served, self.carries, self.seen = {}, {}, {}
        self.exclusions = [[] for _ in asked.exclude]
        self.groups = {}
        for place, row in enumerate(events):
            steps = {k for k in range(len(asked.steps)) if asked.matches_step(world, row, journey, k, entered)}
            if id(row) in used or asked.held_by(row) != held:
                steps = set()
            if carried is not None:
                at, value_of, wanted = carried
                self.carries[place] = value_of(row) == wanted
                if asked.order != "any" and not self.carries[place]:
                    steps.discard(at)
            self.served[place], self.seen[place] = steps, asked.is_seen(row)
            for x, exclusion in enumerate(asked.exclude):
                if asked.matches(world, row, exclusion, entered):
                    self.exclusions[x].append(row.at)
            if row.at >= entered:
                self.groups.setdefault(row.at, []).append(place)
        self.carry_at = carried[0] if carried is not None and asked.order == "any" else None
        self.optional = {k for k, step in enumerate(asked.steps) if step.get("optional")}

    def within(self, k):
        given = self.asked.steps[k].get("within")
        if given is None:
            return None
        return int(given["value"] * {"second": 1, "minute": 60, "hour": 3600, "day": 86400}[given["unit"]] * 1_000_000)

    def in_time(self, k, moment, since):
        return (self.end is None or moment <= self.end) and (self.within(k) is None or moment - since <= self.within(k))

    def following(self, p):
        """The steps that may come next after step p: optional ones, up to and with the next required one."""
        for k in range(p + 1, len(self.asked.steps)):
            yield k
            if k not in self.optional:
                return

    def until(self, p, since):
        """The last moment at which a step after p is possible; INFINITY without limit, None when there is none."""
        limits = []
        for k in self.following(p):
            ends = [
                one for one in (self.end, None if self.within(k) is None else since + self.within(k)) if one is not None
            ]
            limits.append(min(ends, default=INFINITY))
        return max(limits, default=None)


INFINITY = 2**61


def can_serve(walk, steps, places):
    """Whether distinct events can serve all these steps."""
    return any(
        all(k in walk.served[place] for k, place in zip(steps, chosen, strict=True))
        for chosen in permutations(places, len(steps))
    )


def chains(walk, p):
    """Every sequence of steps that may be taken from p on, without end in mind: () first."""
    yield ()
    for k in walk.following(p):
        for rest in chains(walk, k):
            yield (k, *rest)


def weight(walk, steps):
    return (sum(k not in walk.optional for k in steps), len(steps))


def walk_ordered(walk):
    at, p, since = {}, -1, walk.entered
    for moment in sorted(walk.groups):
        best = ()
        for chain in chains(walk, p):
            if not chain or (not at and chain[0] != 0) or (at and not walk.in_time(chain[0], moment, since)):
                continue
            if can_serve(walk, chain, walk.groups[moment]):
                best = min(best, chain, key=lambda one: ([-w for w in weight(walk, one)], one))
        if not at and not best:
            return None
        for k in best:
            at[k] = moment
            p, since = k, moment
    return at, walk.until(p, since)


def most(walk, places):
    """How many distinct steps these events can serve."""
    ways = {()}
    for place in places:
        ways |= {tuple(sorted((*way, k))) for way in ways for k in walk.served[place] if k not in way}
    return max(len(way) for way in ways)


def walk_any(walk):
    taken, at = [], {}
    for moment in sorted(walk.groups):
        if walk.end is not None and moment > walk.end and at:
            break
        waiting = sorted(walk.groups[moment], key=lambda place: (walk.carries.get(place, False), mask(walk, place)))
        while True:
            must_carry = walk.carry_at is not None and len(taken) == walk.carry_at
            place = next(
                (
                    one
                    for one in waiting
                    if one not in taken
                    and (walk.carries[one] if must_carry else True)
                    and most(walk, [*taken, one]) > len(taken)
                ),
                None,
            )
            if place is None:
                break
            at[len(taken)] = moment
            taken.append(place)
        if not at:
            return None
    walk.taken = taken
    full = len(at) == len(walk.asked.steps)
    return at, None if full else (INFINITY if walk.end is None else walk.end)


def mask(walk, place):
    return sum(1 << k for k in walk.served[place])


def walk_strict(walk):
    """Every order of equal moments, every choice among the steps an event may serve."""
    moments = sorted(walk.groups)
    seen = [[place for place in walk.groups[moment] if walk.seen[place]] for moment in moments]
    best, until = None, None
    for order in product(*(permutations(group) for group in seen)):
        line = [(moments[g], place) for g, group in enumerate(order) for place in group]
        for first in range(len(seen[0])):
            for at, stop in strict_from(walk, line, first):
                until = stop if until is None else (until if stop is None else max(until, stop))
                times = tuple(at[k] for k in sorted(at))
                key = ([-w for w in weight(walk, at)], times, sorted(at))
                if best is None or key < best[0]:
                    best = (key, at)
    return None if best is None else (best[1], until)


def strict_from(walk, line, first):
    """Every chain that begins at this place of a line of events: (step -> when, until when it could go on or None)."""
    moment, place = line[first]
    if 0 not in walk.served[place]:
        return
    paths = [({0: moment}, 0, moment)]
    for moment, place in line[first + 1 :]:
        going = []
        for at, p, since in paths:
            onward = [k for k in walk.following(p) if k in walk.served[place] and walk.in_time(k, moment, since)]
            yield at, None
            going += [(at | {k: moment}, k, moment) for k in onward]
        paths = going
    for at, p, since in paths:
        yield at, walk.until(p, since)


def judge(walk, at):
    """(verdict, steps kept, the earliest moment of an excluding event) by the exclusions."""
    last, verdicts, moments, kept = max(at), set(), [], dict(at)
    for x, exclusion in enumerate(walk.asked.exclude):
        i, b = exclusion.get("from", 1) - 1, exclusion.get("to", len(walk.asked.steps)) - 1
        if last < i:
            continue
        begins = at[max(k for k in at if k <= i)]
        ends = min((at[k] for k in at if k >= b), default=walk.end)
        hits = [moment for moment in walk.exclusions[x] if begins < moment and (ends is None or moment < ends)]
        if hits:
            verdicts.add(exclusion.get("effect", "drop"))
            moments.append(min(hits))
            if exclusion.get("effect", "drop") == "stop":
                kept = {k: moment for k, moment in kept.items() if k <= i}
    return next((one for one in ("remove", "drop", "stop") if one in verdicts), None), kept, min(moments, default=None)


def entry_at(world, asked, person, events, journey, entered, used, carried, held):
    """The entry of a unit that begins at this moment and holds these values; None when there is none."""
    walk = Walk(world, asked, events, journey, entered, used, carried, held)
    begins = set().union(*(walk.served[place] for place in walk.groups.get(entered, [])))
    if not (begins if asked.order == "any" else 0 in begins):
        return None
    found = {"ordered": walk_ordered, "any": walk_any, "strict": walk_strict}[asked.order](walk)
    if found is None:
        return None
    at, until = found
    verdict, kept, hit = judge(walk, at)
    is_open = verdict is None and until is not None and until > world.data_until and max(at) < len(asked.steps) - 1
    entry = Entry(person, entered, kept, weight(walk, kept), max(at) if is_open else None, verdict)
    entry.next_from, places = after_entry(walk, at, until, hit)
    entry.used = [id(events[place]) for place in places]
    return entry


def after_entry(walk, at, until, hit):
    """From when the next entry may begin, and which events of that moment it may not use."""
    last = at[max(at)]
    if hit is not None:
        return hit, []
    is_whole = max(at) == len(walk.asked.steps) - 1
    if is_whole or (walk.asked.order == "strict" and last != walk.entered):
        return last, consumed(walk, at, last)
    if walk.asked.order == "strict":
        return walk.entered + 1, []
    return until + 1, []


def consumed(walk, at, moment):
    """The events of a moment that served the entry: as few as possible that could begin another, then those that match least."""
    places = walk.groups[moment]
    if walk.asked.order == "any":
        return [place for place in walk.taken if place in places]
    steps = [k for k in at if at[k] == moment]
    ways = [way for way in combinations(places, len(steps)) if can_serve(walk, steps, way)]
    return min(ways, key=lambda way: sorted((0 in walk.served[place], mask(walk, place)) for place in way))
