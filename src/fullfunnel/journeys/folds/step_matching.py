"""Which events serve which step of a question about order: by name, by who did it, by conditions; portion by portion, on two threads."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from fullfunnel.events.conditions import truths
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.folds import gather as gathering
from fullfunnel.journeys.folds.gather import Gathered, Longs, Room, codes_at, gather, still
from fullfunnel.journeys.folds.owners import Owners, of_anybody
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.questions.shapes import ANY, Breakdown, Matcher, Step
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

# Set for names that no step names: those events only serve "*", and only where the person did them.
UNNAMED = 1 << 40
PORTION = gathering.PORTION
DID = ACTORS.index(PERSON)
Found = TypeVar("Found")


class StepMatching:
    """What a question's steps look for in an index: bit m of an event says that it serves `matchers[m]`."""

    def __init__(self, index: Index, matchers: Sequence[Matcher], dataset: "Dataset", count: str = "people") -> None:
        self.index = index
        self._table = _table(index.names, matchers)
        self._has_any = bool((self._table & UNNAMED).any())
        self._actors = (still(index.parts[0].actor), still(index.parts[1].actor))
        self._own = threading.local()
        self._conditions = []
        self._firsts = [np.int64(1 << m) for m, one in enumerate(matchers) if isinstance(one, Step) and one.first_ever]
        people, spells = (index.units, None) if count == "people" else of_anybody(index.owner)
        allowed = np.full(len(people), -1, np.int64)
        for bit, condition in ((1 << m, one) for m, matcher in enumerate(matchers) for one in matcher.where):
            if condition.of == "person":
                column = dataset.traits.of_people(condition.property, people)
                allowed[~truths(condition, column.values)[column.codes]] &= ~bit
            else:
                base, delta = index.column(condition.property)
                self._conditions.append((bit, still(base.codes), still(delta.codes), truths(condition, base.values)))
        # What a person's traits allow: of a unit, or where units are others of the person of each event.
        self.allowed = still(allowed if spells is None else np.full(len(index.units), -1, np.int64))
        self._owners = Owners(index, people, spells) if spells and (allowed != -1).any() else None
        self._of_owners = allowed

    def gather(self, begin: int, end: int) -> Gathered:
        """The events of these units that may serve a step; `bits` may be 0 where a condition said no. `allowed` is left aside.

        Careful: it lies in a room of the thread's own, and is gone when the thread gathers again.
        """
        if not hasattr(self._own, "room"):
            self._own.room = Room()
        found = gather(self.index, self._table, begin, end, self._own.room)
        if self._has_any:
            _only_done(found.bits, found.row, *self._actors)
        for first in self._firsts:
            keep_first(found.bits, first, found.offsets, found.time)
        for bit, base, delta, truth in self._conditions:
            _narrow(found.bits, found.row, bit, base, delta, truth)
        if self._owners is not None:
            np.bitwise_and(found.bits, self._of_owners[self._owners.of(found.row)], out=found.bits)
        return found

    def each_portion(self, watch: Watch, fold: Callable[[int, int], Found]) -> list[Found]:
        """What `fold` makes of the units from begin to end, for every portion, in order. `watch` may end it."""
        return gathering.each_portion(self.index, fold, watch, PORTION)


def _table(names: Sequence[str], matchers: Sequence[Matcher]) -> Longs:
    """For each event name the steps that it may serve. A name that a step names counts whoever did it."""
    table = np.zeros(max(len(names), 1), np.int64)
    places = {name: at for at, name in enumerate(names)}
    anything = sum(1 << m for m, matcher in enumerate(matchers) if ANY in matcher.events)
    if anything:
        table |= anything | UNNAMED
    for m, matcher in enumerate(matchers):
        for name in matcher.events:
            if name in places:
                table[places[name]] = (table[places[name]] | 1 << m) & ~UNNAMED
    return table


def codes_of_groups(
    breakdown: Breakdown, index: Index, dataset: "Dataset", rows: Longs, units: Longs, count: str = "people"
) -> Column:
    """The group of each unit (a place in index.units), by the event in `rows`, the person or the company. The empty text is no value."""
    if breakdown.of == "event":
        column = index.column(breakdown.property)
        codes, values = codes_at(column, rows), column[0].values
    else:
        of_people = dataset.traits.of_people if breakdown.of == "person" else dataset.traits.of_their_companies
        whole = (dataset.traits.of_companies if count == "companies" else of_people)(breakdown.property, index.units)
        codes, values = whole.codes[units], whole.values
    if "" in values:
        codes = np.where(codes == values.index(""), np.int32(-1), codes)
    return Column(codes.astype(np.int32), values)


@compiled
def keep_first(bits, bit, offsets, time):
    """Leaves `bit` only to the earliest event of each unit that has it, and to those of the same moment."""
    for u in range(offsets.shape[0] - 1):
        earliest, found = 0, False
        for i in range(offsets[u], offsets[u + 1]):
            if bits[i] & bit:
                if not found:
                    earliest, found = time[i], True
                elif time[i] != earliest:
                    bits[i] &= ~bit


@compiled
def _only_done(bits, rows, base, delta):
    """Takes everything from the events that serve "*" alone and that the person did not do."""
    for i in range(bits.shape[0]):
        if bits[i] & UNNAMED:
            actor = base[rows[i]] if rows[i] >= 0 else delta[~rows[i]]
            bits[i] = bits[i] & ~UNNAMED if actor == DID else 0


@compiled
def _narrow(bits, rows, bit, base, delta, truth):
    """Takes `bit` from the events whose value does not satisfy a condition; truth[-1] is that of no value."""
    for i in range(bits.shape[0]):
        if bits[i] & bit and not truth[base[rows[i]] if rows[i] >= 0 else delta[~rows[i]]]:
            bits[i] &= ~bit
