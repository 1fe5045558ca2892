"""Every entry of a unit, in the order in which they begin: what the fold chose from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fullfunnel.analytics.folds.plan import ANY_ORDER, DROP, EACH, FIRST, NEVER, REMOVE, STEPS, STRICT, Plan, plan_of
from fullfunnel.analytics.questions_shapes import Funnel
from fullfunnel.analytics.why.facts import Facts
from fullfunnel.analytics.why.moments import Moments
from fullfunnel.analytics.why.walks import Entry, walk

# Of a unit that began more often, so many of the latest entries are walked, and the one that stands.
MOST_WALKED = 2_000


@dataclass(frozen=True)
class Walked:
    """The entries that were walked, by time; `left_out` began too and were not. `runs`: the events (rows of the facts) of each run."""

    entries: list[Entry]
    left_out: int
    runs: list[list[int]]

    @property
    def is_removed(self) -> bool:
        return any(entry.verdict == REMOVE for entry in self.entries)


def entries_of(
    question: Funnel,
    facts: Facts,
    data_until: int,
    *,
    standing: Sequence[int] = (),
    check: Callable[[], None] = lambda: None,
) -> Walked:
    """Walks the unit's entries. `standing`: moments (µs) of entries that must be among them."""
    plan = plan_of(question, data_until)
    runs = runs_of(question, facts)
    found: list[Entry] = []
    left_out = 0
    for number, rows in enumerate(runs):
        own = list(_each(plan, facts, rows, check)) if plan.entries == EACH else []
        if plan.entries != EACH:
            own, missed = _any_of(plan, facts, rows, set(standing), check)
            left_out += missed
        for entry in own:
            entry.run = number
        found += own
    return Walked(sorted(found, key=lambda entry: (entry.run, entry.entered)), left_out, runs)


def runs_of(question: Funnel, facts: Facts) -> list[list[int]]:
    """What is folded at once: all events of the unit, or those of each session."""
    if question.count != "sessions":
        return [list(range(len(facts.time)))]
    by_session: dict[int, list[int]] = {}
    for event, session in enumerate(facts.session):
        if session >= 0:
            by_session.setdefault(session, []).append(event)
    return list(by_session.values())


def _spells(plan: Plan, facts: Facts) -> Iterator[tuple[int, int, list[int]]]:
    """(since, before, allowed): stretches of the period in which people's traits allow the same to an entry."""
    moments = [*facts.changes(), NEVER]
    for since, before in pairwise(moments):
        low, high = max(since, plan.start), min(before, plan.end)
        allowed = facts.allowed(since)
        if low < high and any(mask & STEPS for mask in allowed):
            yield low, high, allowed


def _starts(plan: Plan) -> int:
    return STEPS if plan.order == ANY_ORDER else 1


def _strands(plan: Plan, facts: Facts, rows: list[int], allowed: list[int], used: set[int]) -> list[Moments]:
    """The run as an entry sees it: one way, or with `hold` one for each value that an entry could keep."""
    hold = facts.question.hold
    if not hold:
        return [Moments(plan, facts, rows, allowed, used)]
    held = {event: facts.held(event) for event in rows}
    fits = {event: facts.fits[event] & allowed[facts.owner[event]] for event in rows}
    begun = [event for event in rows if fits[event] & _starts(plan) and event not in used]
    kept = sorted({held[event] for event in begun}, key=lambda texts: [text or "" for text in texts])
    return [
        Moments(plan, facts, rows, allowed, used | {event for event in rows if held[event] != value}) for value in kept
    ]


def _beginnings(plan: Plan, strands: list[Moments], since: int, before: int) -> list[tuple[int, Moments, int]]:
    """Where an entry could begin: (time, strand, moment), by time."""
    found = [
        (time, number, g)
        for number, moments in enumerate(strands)
        for g, time in enumerate(moments.times)
        if since <= time < before and moments.steps[g] & _starts(plan)
    ]
    return [(time, strands[number], g) for time, number, g in sorted(found)]


def _any_of(
    plan: Plan, facts: Facts, rows: list[int], standing: set[int], check: Callable[[], None]
) -> tuple[list[Entry], int]:
    """All entries, each on its own; with `entries: first` the first one only (with `hold`, those of its moment)."""
    found: list[Entry] = []
    left_out = 0
    for since, before, allowed in _spells(plan, facts):
        begins = _beginnings(plan, _strands(plan, facts, rows, allowed, set()), since, before)
        if plan.entries == FIRST:
            begins = [one for one in begins if one[0] == begins[0][0]]
        kept = [one for one in begins[:-MOST_WALKED] if one[0] in standing] + begins[-MOST_WALKED:]
        left_out += len(begins) - len(kept)
        for _, moments, g in kept:
            check()
            if (entry := walk(moments, g)) is not None:
                found.append(entry)
        if plan.entries == FIRST and found:
            break
    return found, left_out


def _each(plan: Plan, facts: Facts, rows: list[int], check: Callable[[], None]) -> Iterator[Entry]:
    """`count: entries`: one after the other; the next begins after the last one ended, with events that it did not use."""
    used: set[int] = set()
    moment = -NEVER
    for since, before, allowed in _spells(plan, facts):
        strands = _strands(plan, facts, rows, allowed, used)
        for begins in sorted({time for time, _, _ in _beginnings(plan, strands, since, before)}):
            while moment <= begins:
                check()
                here = [(one, one.place_of[begins]) for one in strands if begins in one.place_of]
                here = [(one, g) for one, g in here if one.steps[g] & _starts(plan)]
                entries = [entry for one, g in here if (entry := walk(one, g)) is not None]
                if not entries:
                    break
                entry = min(entries, key=_rank)
                yield entry
                if entry.verdict == REMOVE:
                    return
                moment = _after(entry, used)


def _rank(entry: Entry) -> tuple[int, tuple[int, int], list[int], list[int]]:
    """Of entries that begin at one moment, the smallest counts first: one that stands, then what is furthest, then what is sooner."""
    needed, every = entry.weight()
    steps = sorted(entry.times())
    moments = [entry.times()[step] for step in steps]
    return (
        {DROP: 1, REMOVE: 2}.get(-1 if entry.verdict is None else entry.verdict, 0),
        (-needed, -every),
        moments,
        steps,
    )


def _after(entry: Entry, used: set[int]) -> int:
    """From when the next entry may begin. The events with which this one ended serve no other."""
    moments, last = entry.moments, entry.at[entry.last]
    if entry.verdict is not None:
        return entry.when
    is_strict = moments.plan.order == STRICT
    if entry.last == moments.plan.steps - 1 or (is_strict and last != entry.g):
        for event in [event for event in entry.taken if event in moments.members[last]]:
            used.add(event)
            moments.mask[event] = 0
        moments.steps[last] = 0
        for event in moments.members[last]:
            moments.steps[last] |= moments.mask[event]
        return moments.times[last]
    return entry.entered + 1 if is_strict else entry.until + 1


def stands(plan: Plan, walked: Walked) -> list[Entry]:
    """Of entries that were all walked, those that stand: what the fold must say too."""
    kept = [entry for entry in walked.entries if entry.verdict != DROP]
    if plan.entries == EACH:
        return [] if walked.is_removed else kept
    best: dict[int, Entry] = {}
    for entry in kept:
        other = best.get(entry.run)
        ahead = other is None or (*entry.weight(), entry.entered) > (*other.weight(), other.entered)
        if ahead or (other and _rank(entry) < _rank(other) and entry.entered == other.entered):
            best[entry.run] = entry
    removed = {entry.run for entry in walked.entries if entry.verdict == REMOVE}
    return [entry for run, entry in best.items() if run not in removed]
