"""Which event matches which step: names, conditions, first-ever, as one mask an event; and which steps a person's traits allow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions import Condition, truths
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.names import TRAIT_CHANGED
from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.folds.gather import Gathered, codes_at, gather, still, taken
from fullfunnel.journeys.folds.owners import Owners, of_anybody
from fullfunnel.journeys.folds.plan import FIRST_EXCLUSION, NEVER
from fullfunnel.journeys.folds.step_matching import keep_first
from fullfunnel.journeys.folds.trait_periods import TraitPeriods
from fullfunnel.journeys.funnel.passes import histories, restrict
from fullfunnel.journeys.questions.shapes import ANY, Funnel, Matcher, Step

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Longs = NDArray[np.int64]
CHANGE = ("trait", "old", "new")
# Bits of a table beside those of steps and exclusions: a step names the event; the event is looked at whatever its name.
NAMED, LOOKED_AT = 1 << 61, 1 << 62


def _matchers(question: Funnel) -> list[tuple[int, Matcher]]:
    """Every step and exclusion with its bit."""
    steps: list[tuple[int, Matcher]] = [(1 << at, step) for at, step in enumerate(question.steps)]
    return steps + [(1 << (FIRST_EXCLUSION + at), one) for at, one in enumerate(question.exclude)]


def conditions(question: Funnel, of: Sequence[str]) -> list[tuple[int, Condition]]:
    return [(bit, one) for bit, matcher in _matchers(question) for one in matcher.where if one.of in of]


def table_of(question: Funnel, names: Sequence[str]) -> Longs:
    """The bits of each name: what `gather` looks for. `strict` and "*" look at every event."""
    code = {name: at for at, name in enumerate(names)}
    table = np.zeros(max(len(names), 1), np.int64)
    for bit, matcher in _matchers(question):
        for name in set(matcher.events) & code.keys():
            table[code[name]] |= bit
    if question.order != "strict" and not any(ANY in matcher.events for _, matcher in _matchers(question)):
        return table
    named = {name for step in question.steps for name in step.events}
    return table | np.array([LOOKED_AT | (NAMED if name in named else 0) for name in names] or [LOOKED_AT], np.int64)


@dataclass(frozen=True)
class Ready:
    """What every portion of a question needs, made once: `allowed` are the bits that each unit's traits of today leave it.

    owners: where units are not people, the people whose events they are made of; their traits are then asked for each event.
    """

    question: Funnel
    index: Index
    table: Longs
    columns: dict[str, tuple[Column, Column]]
    allowed: Longs
    today: dict[str, Column]
    owners: Owners | None = None

    @cached_property
    def truths(self) -> list[NDArray[np.bool_]]:
        """What each condition on events says of each value of its property: judged once, not in every portion."""
        judged = conditions(self.question, ("event",))
        return [truths(one, self.columns[one.property][0].values) for _, one in judged]


def ready(question: Funnel, dataset: "Dataset", *, of: str = "people") -> Ready:
    """All that asks the dataset for more than arrays of events. `of`: whose journeys, where people are counted."""
    if question.count in ("companies", "deals"):
        return _ready_for_others(question, dataset)
    index = dataset.index(of)
    traits, anything = conditions(question, ("person",)), np.broadcast_to(np.int64(-1), len(index.units))
    # Of millions of units a copy takes milliseconds.
    allowed = anything.copy() if traits else anything
    for bit, condition in traits:
        column = dataset.traits.of_people(condition.property, index.units)
        allowed[~truths(condition, column.values)[column.codes]] &= ~bit
    then = conditions(question, ("person_then",))
    return Ready(
        question=question,
        index=index,
        table=table_of(question, index.names),
        columns=_columns(question, index),
        allowed=allowed,
        today={one.property: dataset.traits.of_people(one.property, index.units) for _, one in then},
    )


def _columns(question: Funnel, index: Index) -> dict[str, tuple[Column, Column]]:
    then = conditions(question, ("person_then",))
    needed = [one.property for _, one in conditions(question, ("event",))] + [*(CHANGE if then else ())]
    if question.breakdown and question.breakdown.of == "event":
        needed.append(question.breakdown.property)
    needed += question.hold
    return {name: index.column(name) for name in dict.fromkeys(needed)}


def _ready_for_others(question: Funnel, dataset: "Dataset") -> Ready:
    """The same where companies or deals are counted: what people's traits allow is found out first, and kept by person."""
    index = dataset.index(question.count)
    if conditions(question, ("person", "person_then")):
        people = ready(replace(question, count="people", breakdown=None, hold=()), dataset, of="owners")
        owners = Owners(index, people.index.units, trait_periods_of(people, 0, len(people.index.units)))
    else:
        owners = Owners(index, *of_anybody(index.owner))
    table, free = table_of(question, index.names), np.full(len(index.units), -1, np.int64)
    return Ready(question, index, table, _columns(question, index), free, {}, owners)


def without_empty(column: Column) -> NDArray[np.int32]:
    """The codes of a column, in which the empty text is no value."""
    if "" not in column.values:
        return column.codes
    return np.where(column.codes == column.values.index(""), np.int32(-1), column.codes)


@dataclass(frozen=True)
class Matched:
    """The events of a portion of units that a question looks at, as Gathered, with what each matches: bit s is step s, bit
    FIRST_EXCLUSION + x is exclusion x; `seen`: what `strict` looks at (of other orders: all); `owner`: place in `Owners.people`."""

    units: Longs
    offsets: Longs
    time: Longs
    bits: Longs
    row: Longs
    seen: NDArray[np.bool_]
    owner: Longs


def is_by_name(made: Ready) -> bool:
    """Whether an event's name says which steps it may serve, beside traits of today and conditions on the event itself."""
    return (
        made.owners is None
        and not made.table[0] & LOOKED_AT
        and not conditions(made.question, ("person_then",))
        and not any(step.first_ever for step in made.question.steps)
    )


def match(made: Ready, gathered: Gathered) -> Matched:
    """Conditions on events and "first ever" applied; traits are left aside, but for what those of an owner never allow."""
    question, bits = made.question, gathered.bits
    seen = np.ones(len(bits), np.bool_)
    if made.table[0] & LOOKED_AT:
        actors = taken((made.index.parts[0].actor, made.index.parts[1].actor), gathered.row)
        seen = (actors == ACTORS.index(PERSON)) | (bits & NAMED != 0)
        any_name = sum(bit for bit, matcher in _matchers(question) if ANY in matcher.events)
        bits[seen] |= any_name
        bits &= ~(NAMED | LOOKED_AT)
    for bit, matcher in _matchers(question):
        if isinstance(matcher, Step) and matcher.first_ever:
            keep_first(bits, np.int64(bit), gathered.offsets, gathered.time)
    for (bit, condition), truth in zip(conditions(question, ("event",)), made.truths, strict=True):
        base, delta = made.columns[condition.property]
        restrict(bits, np.int64(bit), gathered.row, still(base.codes), still(delta.codes), truth)
    owner = np.empty(0, np.int64)
    if made.owners is not None:
        owner = made.owners.of(gathered.row)
        bits &= made.owners.anywhen[owner]
    units = made.index.units[gathered.begin : gathered.begin + len(gathered.offsets) - 1]
    return Matched(units, gathered.offsets, gathered.time, bits, gathered.row, seen, owner)


def trait_periods_of(made: Ready, begin: int, end: int) -> TraitPeriods:
    """What the person conditions allow the units from `begin` to `end`: by today's traits one spell each, by the traits of the
    time (`person_then`) one more for each change."""
    if made.owners is not None:
        return made.owners.spells_of_units(begin, end)
    allowed, n = still(made.allowed[begin:end]), end - begin
    then = conditions(made.question, ("person_then",))
    if not then:
        return TraitPeriods(np.arange(n + 1, dtype=np.int64), np.full(n, -NEVER, np.int64), allowed)
    changes = gather(made.index, _changes_table(made.index.names), begin, end)
    trait, old, new = ((made.columns[name][0].values, codes_at(made.columns[name], changes.row)) for name in CHANGE)
    traits = list(made.today)
    places = np.array([traits.index(value) if value in traits else -1 for value in trait[0]] + [-1], np.int64)
    which = places[trait[1]]
    before, after = (np.full(len(which), -1, np.int64) for _ in range(2))
    today = np.full((len(traits), n), -1, np.int64)
    for bit, condition in then:
        place = traits.index(condition.property)
        column = made.today[condition.property]
        today[place, ~truths(condition, column.values)[column.codes[begin:end]]] &= ~bit
        for masks, (values, codes) in ((before, old), (after, new)):
            masks[(which == place) & ~truths(condition, values)[codes]] &= ~bit
    return TraitPeriods(
        *histories(*(still(one) for one in (changes.offsets, changes.time, which, before, after, today, allowed)))
    )


def _changes_table(names: Sequence[str]) -> Longs:
    return np.array([int(name == TRAIT_CHANGED) for name in names] or [0], np.int64)
