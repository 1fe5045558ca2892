"""Which events serve which step of a question about order: by name, by who did it, by conditions; portion by portion, on two threads."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.gather import Gathered, Longs, gather, portions, still
from fullfunnel.analytics.folds.ties import compiled
from fullfunnel.analytics.questions_shapes import ANY, Breakdown, Matcher
from fullfunnel.analytics.watch import Watch
from fullfunnel.events.conditions import truths
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.store.journeys import Column, Index

if TYPE_CHECKING:
    from fullfunnel.analytics.world import World

# Set for names that no step names: those events only serve "*", and only where the person did them.
UNNAMED = 1 << 40
DID = ACTORS.index(PERSON)
Found = TypeVar("Found")


class Sought:
    """What a question's steps look for in an index: bit m of an event says that it serves `matchers[m]`."""

    def __init__(self, index: Index, matchers: Sequence[Matcher], world: "World") -> None:
        self.index = index
        self._table = _table(index.names, matchers)
        self._actors = (still(index.parts[0].actor), still(index.parts[1].actor))
        self._conditions = []
        allowed = np.full(len(index.units), -1, np.int64)
        for bit, condition in ((1 << m, one) for m, matcher in enumerate(matchers) for one in matcher.where):
            if condition.of == "person":
                column = world.person_column(condition.property, index.units)
                allowed[~truths(condition, column.values)[column.codes]] &= ~bit
            else:
                base, delta = index.column(condition.property)
                self._conditions.append((bit, still(base.codes), still(delta.codes), truths(condition, base.values)))
        self.allowed = still(allowed)

    def gather(self, begin: int, end: int) -> Gathered:
        """The events of these units that may serve a step; `bits` may be 0 where a condition said no. Traits (`allowed`) are left aside."""
        found = gather(self.index, self._table, begin, end)
        _only_done(found.bits, found.row, *self._actors)
        for bit, base, delta, truth in self._conditions:
            _narrow(found.bits, found.row, bit, base, delta, truth)
        return found

    def each_portion(self, watch: Watch, fold: Callable[[int, int], Found]) -> Iterator[Found]:
        """What `fold` makes of the units from begin to end, for every portion, in order. `watch` may end it."""
        cuts = list(portions(self.index))
        total = self.index.first[-1] if len(self.index.units) else 0
        if len(cuts) < 2:
            results = iter([fold(*cut) for cut in cuts])
            yield from self._watched(results, cuts, int(total), watch)
            return
        with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            yield from self._watched(pool.map(lambda cut: fold(*cut), cuts), cuts, int(total), watch)

    def _watched(
        self, results: Iterator[Found], cuts: list[tuple[int, int]], total: int, watch: Watch
    ) -> Iterator[Found]:
        for (_, end), result in zip(cuts, results, strict=True):
            watch.reached(int(self.index.first[end]), total)
            yield result


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


def codes_of_groups(breakdown: Breakdown, index: Index, world: "World", rows: Longs, units: Longs) -> Column:
    """The group of each unit (a place in index.units), by the event in `rows`, the person or the company. The empty text is no value."""
    if breakdown.of == "event":
        base, delta = index.column(breakdown.property)
        codes, values = _picked(base.codes, delta.codes, rows), base.values
    else:
        traits = world.person_column if breakdown.of == "person" else world.company_column
        column = traits(breakdown.property, index.units)
        codes, values = column.codes[units], column.values
    if "" in values:
        codes = np.where(codes == values.index(""), np.int32(-1), codes)
    return Column(codes.astype(np.int32), values)


def _picked(base: NDArray[Any], delta: NDArray[Any], rows: Longs) -> NDArray[Any]:
    found = np.empty(len(rows), base.dtype)
    is_base = rows >= 0
    found[is_base], found[~is_base] = base[rows[is_base]], delta[~rows[~is_base]]
    return found


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
