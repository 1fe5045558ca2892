"""Which event matches which step: names, conditions, first-ever, as one mask an event; and which steps a person's traits allow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.plan import FIRST_EXCLUSION, NEVER
from fullfunnel.analytics.questions_shapes import ANY, Funnel, Matcher, Step
from fullfunnel.events.conditions import Condition, truths
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.names import TRAIT_CHANGED
from fullfunnel.events.store.journeys import Column, Journeys

Longs = NDArray[np.int64]
PersonColumn = Callable[[str, Longs], Column]
CHANGE = ("trait", "old", "new")


def columns_of(question: Funnel) -> list[str]:
    """The event properties that the question needs as columns of the journeys."""
    found = [condition.property for _, condition in _conditions(question, ("event",))]
    if _conditions(question, ("person_then",)):
        found += CHANGE
    if question.breakdown and question.breakdown.of == "event":
        found.append(question.breakdown.property)
    return list(dict.fromkeys(found))


def _matchers(question: Funnel) -> list[tuple[int, Matcher]]:
    """Every step and exclusion with its bit."""
    steps: list[tuple[int, Matcher]] = [(1 << at, step) for at, step in enumerate(question.steps)]
    return steps + [(1 << (FIRST_EXCLUSION + at), one) for at, one in enumerate(question.exclude)]


def _conditions(question: Funnel, of: Sequence[str]) -> list[tuple[int, Condition]]:
    return [(bit, one) for bit, matcher in _matchers(question) for one in matcher.where if one.of in of]


def seen_by_strict(question: Funnel, journeys: Journeys) -> NDArray[np.bool_]:
    """What the person did, and what a step names: all that `strict` and "*" look at."""
    named = {name for step in question.steps for name in step.events}
    is_named = np.array([name in named for name in journeys.names] or [False])
    found = journeys.actor == ACTORS.index(PERSON)
    found |= is_named[journeys.name]
    return cast(NDArray[np.bool_], found)


def bits_of(question: Funnel, journeys: Journeys, seen: NDArray[np.bool_]) -> Longs:
    """What each event matches, traits left aside: bit s is step s, bit FIRST_EXCLUSION + x is exclusion x."""
    from fullfunnel.analytics.folds.passes import keep_first, restrict, still

    by_name = np.zeros(max(len(journeys.names), 1), np.int64)
    any_name = 0
    for bit, matcher in _matchers(question):
        if ANY in matcher.events:
            any_name |= bit
        wanted = set(matcher.events)
        for code, name in enumerate(journeys.names):
            if name in wanted:
                by_name[code] |= bit
    bits: Longs = by_name[journeys.name]
    if any_name:
        bits[seen] |= any_name
    for bit, matcher in _matchers(question):
        if isinstance(matcher, Step) and matcher.first_ever:
            keep_first(bits, bit, still(journeys.offsets), still(journeys.time))
    for bit, condition in _conditions(question, ("event",)):
        column = journeys.columns[condition.property]
        restrict(bits, bit, still(column.codes), truths(condition, column.values))
    return bits


@dataclass(frozen=True)
class Spells:
    """For each unit, spells of time with the same traits: unit u has those from first[u] to first[u + 1]. `allowed`: bits."""

    first: Longs
    since: Longs
    allowed: Longs

    def anywhen(self) -> Longs:
        """What a unit's traits allow at any time."""
        return cast(Longs, np.bitwise_or.reduceat(self.allowed, self.first[:-1])) if len(self.allowed) else self.allowed


def spells_of(question: Funnel, journeys: Journeys, person_column: PersonColumn) -> Spells:
    """What the person conditions allow: by today's traits one spell each, by the traits of the time (`person_then`) more."""
    units = journeys.units
    allowed = np.full(len(units), -1, np.int64)
    for bit, condition in _conditions(question, ("person",)):
        column = person_column(condition.property, units)
        allowed[~truths(condition, column.values)[column.codes]] &= ~bit
    spells = Spells(np.arange(len(units) + 1, dtype=np.int64), np.full(len(units), -NEVER, np.int64), allowed)
    then = _conditions(question, ("person_then",))
    return _with_history(then, journeys, person_column, spells) if then else spells


def _with_history(
    then: list[tuple[int, Condition]], journeys: Journeys, person_column: PersonColumn, spells: Spells
) -> Spells:
    traits = list(dict.fromkeys(condition.property for _, condition in then))
    today = {trait: person_column(trait, journeys.units) for trait in traits}
    changes = _changes(journeys, set(traits))
    first: list[int] = [0]
    since: list[int] = []
    allowed: list[int] = []
    for u in range(len(journeys.units)):
        values = {trait: _value(today[trait], u) for trait in traits}
        own = changes.get(u, [])
        for _, trait, old, _ in reversed(own):
            values[trait] = old
        for begins, after in [(-NEVER, values), *_states(own, values)]:
            mask = int(spells.allowed[u])
            for bit, condition in then:
                mask &= -1 if _holds(condition, after[condition.property]) else ~bit
            if len(since) > first[-1] and since[-1] == begins:
                allowed[-1] = mask
            elif len(since) == first[-1] or allowed[-1] != mask:
                since.append(begins)
                allowed.append(mask)
        first.append(len(since))
    return Spells(np.array(first, np.int64), np.array(since, np.int64), np.array(allowed, np.int64))


Change = tuple[int, str, str | None, str | None]
Values = dict[str, str | None]


def _states(changes: list[Change], values: Values) -> list[tuple[int, Values]]:
    found: list[tuple[int, Values]] = []
    for at, trait, _, new in changes:
        values = values | {trait: new}
        found.append((at, values))
    return found


def _changes(journeys: Journeys, traits: set[str]) -> dict[int, list[Change]]:
    """The changes of these traits, by unit, in order of time."""
    if TRAIT_CHANGED not in journeys.names:
        return {}
    rows = np.flatnonzero(journeys.name == journeys.names.index(TRAIT_CHANGED))
    units = np.searchsorted(journeys.offsets, rows, side="right") - 1
    trait, old, new = (journeys.columns[name] for name in CHANGE)
    found: dict[int, list[Change]] = {}
    for row, u in zip(rows.tolist(), units.tolist(), strict=True):
        name = _value(trait, row)
        if name in traits:
            found.setdefault(u, []).append((int(journeys.time[row]), str(name), _value(old, row), _value(new, row)))
    return found


def _value(column: Column, row: int) -> str | None:
    code = column.codes[row]
    return None if code < 0 else column.values[code] or None


@lru_cache(maxsize=10_000)
def _holds(condition: Condition, value: str | None) -> bool:
    return bool(truths(condition, [] if value is None else [value])[0])
