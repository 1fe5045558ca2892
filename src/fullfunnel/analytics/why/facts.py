"""What is known of one unit's events before any entry is walked: which steps each could serve, and why not the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.plan import FIRST_EXCLUSION, NEVER
from fullfunnel.analytics.questions_shapes import ANY, Funnel, Matcher, Step
from fullfunnel.analytics.why.one import OneUnit, as_world
from fullfunnel.events.conditions import Condition, truths
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.names import TRAIT_CHANGED

Values = dict[str, str | None]


@dataclass(frozen=True)
class Facts:
    """The events of one unit that bear a name of the question (with `strict`: all that it looks at), by time, then arrival.

    Bits as in folds/plan: bit s is step s, bit FIRST_EXCLUSION + x is exclusion x. named: the name matches; own: also by
    somebody whose doing counts; fits: also the first ever and the conditions on events. wrong: (event, bit) -> the condition
    on events that fails, with the event's value. states: spells of time with the person's traits, (since, traits);
    the last one is today's.
    """

    question: Funnel
    time: list[int]
    name: list[str]
    actor: list[str]
    session: list[int]
    seen: list[bool]
    named: list[int]
    own: list[int]
    fits: list[int]
    values: dict[str, list[str | None]]
    states: list[tuple[int, Values]]
    today: Values

    def allowed(self, since: int) -> int:
        """What the person's traits allow to an entry that begins in the spell from `since`."""
        then = next(values for begins, values in reversed(self.states) if begins <= since)
        mask = -1
        for bit, matcher in matchers(self.question):
            for condition in matcher.where:
                if condition.of != "event" and not holds(condition, self.person_value(condition, then)):
                    mask &= ~bit
        return mask

    def person_value(self, condition: Condition, then: Values) -> str | None:
        return (then if condition.of == "person_then" else self.today).get(condition.property)

    def held(self, event: int) -> tuple[str | None, ...]:
        """The values that an entry which begins with the event keeps."""
        return tuple(self.values[name][event] for name in self.question.hold)

    def value(self, event: int, name: str) -> str | None:
        """A property of an event, of those that the question names."""
        return self.values[name][event] if name in self.values else None


def matchers(question: Funnel) -> list[tuple[int, Matcher]]:
    """Every step and exclusion with its bit."""
    steps: list[tuple[int, Matcher]] = [(1 << at, step) for at, step in enumerate(question.steps)]
    return steps + [(1 << (FIRST_EXCLUSION + at), one) for at, one in enumerate(question.exclude)]


def holds(condition: Condition, value: str | None) -> bool:
    return bool(truths(condition, [] if value is None else [value])[0])


def facts_of(question: Funnel, one: OneUnit) -> Facts:
    """Reads the unit's journey once."""
    part = one.part
    named_by_step = {name for step in question.steps for name in step.events}
    is_seen = (part.actor == ACTORS.index(PERSON)) | _among(named_by_step, one.names)[part.name]
    named, own = (np.zeros(len(part.time), np.int64) for _ in range(2))
    for bit, matcher in matchers(question):
        by_name = _among(set(matcher.events), one.names)[part.name]
        named[by_name | (ANY in matcher.events)] |= bit
        own[by_name | (is_seen & (ANY in matcher.events))] |= bit
    fits = _fitting(question, one, own)
    rows = np.flatnonzero((named != 0) | (is_seen & (question.order == "strict")))
    properties = dict.fromkeys(
        [c.property for _, matcher in matchers(question) for c in matcher.where if c.of == "event"]
        + list(question.hold)
    )
    then = [c for _, matcher in matchers(question) for c in matcher.where if c.of != "event"]
    today = {c.property: _trait(one, c.property) for c in then}
    return Facts(
        question=question,
        time=part.time[rows].tolist(),
        name=[one.names[code] for code in part.name[rows].tolist()],
        actor=[ACTORS[code] for code in part.actor[rows].tolist()],
        session=part.session[rows].tolist(),
        seen=is_seen[rows].tolist(),
        named=named[rows].tolist(),
        own=own[rows].tolist(),
        fits=fits[rows].tolist(),
        values={name: _texts(one, name, rows) for name in properties},
        states=_states(one, today, {c.property for c in then if c.of == "person_then"}),
        today=today,
    )


def _among(wanted: set[str], names: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([name in wanted for name in names] or [False])


def _fitting(question: Funnel, one: OneUnit, own: NDArray[np.int64]) -> NDArray[np.int64]:
    fits = own.copy()
    for bit, matcher in matchers(question):
        if isinstance(matcher, Step) and matcher.first_ever and (own & bit).any():
            fits[one.part.time != one.part.time[(own & bit) != 0][0]] &= ~bit
        for condition in matcher.where:
            if condition.of == "event":
                column = one.column(condition.property)
                fits[~truths(condition, column.values)[column.codes]] &= ~bit
    return fits


def _texts(one: OneUnit, name: str, rows: NDArray[np.int64]) -> list[str | None]:
    column = one.column(name)
    return [column.values[code] or None if code >= 0 else None for code in column.codes[rows].tolist()]


def _trait(one: OneUnit, trait: str) -> str | None:
    column = as_world(one).person_column(trait, one.unit)
    code = int(column.codes[0])
    return column.values[code] or None if code >= 0 else None


def _states(one: OneUnit, today: Values, traits: set[str]) -> list[tuple[int, Values]]:
    """The traits from each moment on, as the changes in the stream tell them."""
    if not traits or TRAIT_CHANGED not in one.names:
        return [(-NEVER, today)]
    rows = np.flatnonzero(one.part.name == one.names.index(TRAIT_CHANGED))
    told = zip(
        one.part.time[rows].tolist(), *(_texts(one, name, rows) for name in ("trait", "old", "new")), strict=True
    )
    changes = [change for change in told if change[1] in traits]
    values = dict(today)
    for _, trait, old, _ in reversed(changes):
        values[str(trait)] = old
    states = [(-NEVER, values)]
    for at, trait, _, new in changes:
        values = values | {str(trait): new}
        states.append((at, values))
    return [one for place, one in enumerate(states) if place + 1 == len(states) or states[place + 1][0] > one[0]]
