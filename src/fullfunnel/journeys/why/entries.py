"""Every entry of a unit, in the order in which they begin: what the fold chose from."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.folds.plan import ANY_ORDER, DROP, EACH, FIRST, NEVER, REMOVE, STEPS, STRICT, Plan, plan_of
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.why.facts import Facts, Longs
from fullfunnel.journeys.why.moments import Moments
from fullfunnel.journeys.why.walks import Entry, walk

# Of a unit that began more often, so many of the latest entries are walked, and the one that stands.
MAX_WALKED = 2_000
# The same with `hold`, as each value may need arrays of all that the unit did.
MAX_STRANDS = 64
# Of `count: entries` all must be walked, and with `strict` the arrays of each value hold all that came later: so many rows in all (400 MB).
MAX_ROWS = 5_000_000


@dataclass(frozen=True)
class Walked:
    """The entries that were walked, by time; `left_out` began too and were not. `runs`: the events (rows of the facts) of each run."""

    entries: list[Entry]
    left_out: int
    runs: list[Longs]

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
    runs, held = runs_of(question, facts), _held(facts)
    found: list[Entry] = []
    left_out = 0
    for number, rows in enumerate(runs):
        own = list(_each(plan, facts, rows, held, check)) if plan.entries == EACH else []
        if plan.entries != EACH:
            own, missed = _any_of(plan, facts, rows, held, standing, check)
            left_out += missed
        for entry in own:
            entry.run = number
        found += own
    return Walked(sorted(found, key=lambda entry: (entry.run, entry.entered)), left_out, runs)


def runs_of(question: Funnel, facts: Facts) -> list[Longs]:
    """What is folded at once: all events of the unit, or those of each session."""
    if question.count != "sessions":
        return [np.arange(len(facts.time))]
    by_session: dict[int, list[int]] = {}
    for event, session in enumerate(facts.session):
        if session >= 0:
            by_session.setdefault(session, []).append(event)
    return [np.array(rows, np.int64) for rows in by_session.values()]


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


def _held(facts: Facts) -> Longs:
    """The number of the values that an entry which begins with each event would keep, in the order of their texts; no value first."""
    hold = facts.question.hold
    if not hold:
        return np.zeros(len(facts.time), np.int64)
    texts = list(zip(*(facts.values[name] for name in hold), strict=True))
    numbers = {one: at for at, one in enumerate(sorted(set(texts), key=lambda each: [text or "" for text in each]))}
    return np.array([numbers[one] for one in texts], np.int64)


class _Spell:
    """A run's events in a stretch of time in which people's traits allow the same: one way, or with `hold` one for each value (strand).

    times, strands: where an entry could begin, by both.
    """

    def __init__(
        self,
        plan: Plan,
        facts: Facts,
        rows: Longs,
        held: Longs,
        free: NDArray[np.bool_],
        span: tuple[int, int, list[int]],
    ) -> None:
        self._plan, self._facts, self._rows, self._held, self._free = plan, facts, rows, held, free
        since, before, self._allowed = span
        low, high = np.searchsorted(facts.when[rows], [since, before])
        inside = rows[low:high]
        bits = facts.fits[inside] & np.array(self._allowed, np.int64)[facts.owner[inside]]
        able = inside[(bits & _starts(plan) != 0) & free[inside]]
        able = able[np.lexsort((held[able], facts.when[able]))]
        times, strands = facts.when[able], held[able]
        is_new = np.ones(len(able), np.bool_)
        is_new[1:] = (np.diff(times) != 0) | (np.diff(strands) != 0)
        self.times, self.strands = times[is_new], strands[is_new]
        self._moments: dict[int, Moments] = {}
        self._kept = 0

    def moments(self, strand: int, time: int) -> tuple[Moments, int]:
        """A strand, and the moment of this time. Careful: it knows nothing from before the time that is asked for first."""
        found = self._moments.get(strand)
        if found is None:
            rows = self._rows[np.searchsorted(self._facts.when[self._rows], time) :]
            free = self._free[rows] & (self._held[rows] == strand)
            found = self._moments[strand] = Moments(self._plan, self._facts, rows, self._allowed, free)
            self._kept += found.rows
            if self._plan.entries == EACH and self._kept > MAX_ROWS and len(self._moments) > 1:
                raise QuestionError(
                    "question.hold", "has too many values here to trace each; leave it out, or do not count entries"
                )
        return found, bisect_left(found.times, time)


def _any_of(
    plan: Plan, facts: Facts, rows: Longs, held: Longs, standing: Sequence[int], check: Callable[[], None]
) -> tuple[list[Entry], int]:
    """All entries, each on its own; with `entries: first` the first one only (with `hold`, those of its moment)."""
    found: list[Entry] = []
    left_out = 0
    free = np.ones(len(facts.time), np.bool_)
    for span in _spells(plan, facts):
        check()
        spell = _Spell(plan, facts, rows, held, free, span)
        if plan.entries == FIRST:
            kept = spell.times == spell.times[:1]
        else:
            kept = np.isin(spell.times, standing)
            kept[-(MAX_STRANDS if facts.question.hold else MAX_WALKED) :] = True
            left_out += int((~kept).sum())
        for time, strand in zip(spell.times[kept].tolist(), spell.strands[kept].tolist(), strict=True):
            check()
            if (entry := walk(*spell.moments(strand, time))) is not None:
                found.append(entry)
        if plan.entries == FIRST and found:
            break
    return found, left_out


def _each(plan: Plan, facts: Facts, rows: Longs, held: Longs, check: Callable[[], None]) -> Iterator[Entry]:
    """`count: entries`: one after the other; the next begins after the last one ended, with events that it did not use."""
    free = np.ones(len(facts.time), np.bool_)
    moment = -NEVER
    for span in _spells(plan, facts):
        spell = _Spell(plan, facts, rows, held, free, span)
        begins = zip(spell.times.tolist(), spell.strands.tolist(), strict=True)
        for time, group in groupby(begins, key=lambda one: one[0]):
            strands = [strand for _, strand in group]
            while moment <= time:
                check()
                here = [spell.moments(strand, time) for strand in strands]
                entries = [entry for one, g in here if one.steps[g] & _starts(plan) and (entry := walk(one, g))]
                if not entries:
                    break
                entry = min(entries, key=_rank)
                yield entry
                if entry.verdict == REMOVE:
                    return
                moment = _after(entry, free)


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


def _after(entry: Entry, free: NDArray[np.bool_]) -> int:
    """From when the next entry may begin. The events with which this one ended serve no other."""
    moments, last = entry.moments, entry.at[entry.last]
    if entry.verdict is not None:
        return entry.when
    is_strict = moments.plan.order == STRICT
    if entry.last == moments.plan.steps - 1 or (is_strict and last != entry.g):
        for event in [event for event in entry.taken if event in moments.members(last)]:
            free[event] = False
            moments.mask[event] = 0
        moments.steps[last] = 0
        for event in moments.members(last):
            moments.steps[last] |= moments.mask[event]
        return moments.times[last]
    return entry.entered + 1 if is_strict else entry.until + 1


def counted_entries(plan: Plan, walked: Walked) -> list[Entry]:
    """Return the entries that count, chosen as the fold chooses."""
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
