"""What happened to each unit before the two sides parted: the event of the step before, and what it had done until then."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions import truths
from fullfunnel.events.names import PEOPLE_MERGED, PEOPLE_UNMERGED, TRAIT_CHANGED
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.drop_off.comparison import Comparison
from fullfunnel.journeys.folds.gather import Gathered, codes_at, gather, portions
from fullfunnel.journeys.folds.subset import only
from fullfunnel.journeys.questions.shapes import ANY, Funnel, Matcher
from fullfunnel.journeys.watch import Watch

Longs = NDArray[np.int64]
MAX_NAMES = 40
# What we note about people is nothing that they did, or that was done to them.
NO_BEHAVIOUR = frozenset({TRAIT_CHANGED, PEOPLE_MERGED, PEOPLE_UNMERGED})
# Bits of a name: one for each behaviour, and this one for the events of the step before.
BASE = np.int64(1 << 50)
# A trait changed.
CHANGED = np.int64(1 << 51)
NO_ROW = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Behaviours:
    """row: of each unit's event of the step before (as in Index; NO_ROW: none); earlier, since: bits of the `names` that happened
    before the entry, and from its beginning until the step before was reached (that moment left out). changes: (place of the unit,
    time, row) of every change of a trait."""

    names: list[str]
    row: Longs
    earlier: Longs
    since: Longs
    changes: tuple[Longs, Longs, Longs]


def frequent_names(index: Index) -> list[str]:
    """The most frequent event names, the most frequent first."""
    counts = sum(np.bincount(part.name, minlength=len(index.names)) for part in index.parts)
    order = np.argsort(-np.asarray(counts), kind="stable")
    names = [index.names[code] for code in order.tolist() if np.asarray(counts)[code]]
    return [name for name in names if name not in NO_BEHAVIOUR][:MAX_NAMES]


def behaviours_of(question: Funnel, sides: Comparison, index: Index, names: Sequence[str], watch: Watch) -> Behaviours:
    """Looks once at every event of the units of both sides. O(events), without a loop over them in Python."""
    bases: Sequence[Matcher] = question.steps if question.order == "any" else [question.steps[sides.base]]
    table = np.zeros(max(len(index.names), 1), np.int64)
    for code, name in enumerate(index.names):
        if name in names:
            table[code] |= 1 << names.index(name)
        if any(name in base.events or ANY in base.events for base in bases):
            table[code] |= BASE
        if name == TRAIT_CHANGED:
            table[code] |= CHANGED
    chosen = only(index, sides.at)
    found = [np.empty(0, np.int64)] * 6
    parts = [found]
    for begin, end in portions(chosen):
        watch.reached(begin, len(sides.at))
        parts.append(_look(sides, chosen, bases, gather(chosen, table, begin, end), slice(begin, end)))
    row, earlier, since, unit, time, change = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Behaviours(list(names), row, earlier, since, (unit, time, change))


def _look(
    sides: Comparison, index: Index, bases: Sequence[Matcher], gathered: Gathered, units: slice
) -> list[NDArray[np.int64]]:
    counts = np.diff(gathered.offsets)
    owner = np.repeat(np.arange(len(counts)), counts)
    time, bits = gathered.time, gathered.bits
    begun, before = sides.entered[units][owner], sides.before[units][owner]
    at_base = np.flatnonzero((bits & BASE != 0) & (time == before))
    if len(bases) == 1:
        at_base = at_base[_fits(index, bases[0], gathered.row[at_base])]
    row = np.full(len(counts), NO_ROW, np.int64)
    which, first = np.unique(owner[at_base], return_index=True)
    row[which] = gathered.row[at_base][first]
    names = bits & ~(BASE | CHANGED)
    earlier = _any(np.where(time < begun, names, 0), gathered.offsets)
    since = _any(np.where((time >= begun) & (time < before), names, 0), gathered.offsets)
    changed = np.flatnonzero(bits & CHANGED)
    return [row, earlier, since, owner[changed] + gathered.begin, time[changed], gathered.row[changed]]


def _any(bits: Longs, offsets: Longs) -> Longs:
    """The bits of each unit's events together."""
    found = np.zeros(len(offsets) - 1, np.int64)
    some = np.flatnonzero(np.diff(offsets))
    if len(some):
        found[some] = np.bitwise_or.reduceat(bits, offsets[:-1][some])
    return found


def _fits(index: Index, matcher: Matcher, rows: Longs) -> NDArray[np.bool_]:
    """Whether the events satisfy the step's conditions on events."""
    fits = np.ones(len(rows), np.bool_)
    for condition in matcher.where:
        if condition.of == "event":
            column = index.column(condition.property)
            fits &= truths(condition, column[0].values)[codes_at(column, rows)]
    return fits
