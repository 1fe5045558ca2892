"""What is known of one unit's events before any entry is walked: which steps each could serve, and why not the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions import truths
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.store.journeys import Column
from fullfunnel.journeys.questions.shapes import ANY, Funnel, Step
from fullfunnel.journeys.why.histories import History, histories_of
from fullfunnel.journeys.why.matchers import holds, matchers
from fullfunnel.journeys.why.one import OneUnit

Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Facts:
    """The events of one unit that bear a name of the question (with `strict`: all that it looks at), by time, then arrival.

    Bits as in folds/plan: bit s is step s, bit FIRST_EXCLUSION + x is exclusion x. named: the name matches; own: also by somebody
    whose doing counts; fits: also the first ever and the conditions on events. when: `time` again, as an array.
    """

    question: Funnel
    time: list[int]
    when: Longs
    name: list[str]
    actor: list[str]
    session: list[int]
    seen: NDArray[np.bool_]
    named: Longs
    own: Longs
    fits: Longs
    values: dict[str, list[str | None]]
    owner: Longs
    people: list[History]

    def changes(self) -> list[int]:
        """The moments from which somebody's traits are others, the first one before all."""
        return sorted({since for person in self.people for since, _ in person.states})

    def allowed(self, since: int) -> list[int]:
        """For each of `people`, what their traits allow to an entry that begins at `since` (bits)."""
        return [self._allowed(person, since) for person in self.people]

    def _allowed(self, person: History, since: int) -> int:
        mask = -1
        for bit, matcher in matchers(self.question):
            for condition in matcher.where:
                if condition.of != "event" and not holds(condition, person.value(condition, since)):
                    mask &= ~bit
        return mask

    def held(self, event: int) -> tuple[str | None, ...]:
        """The values that an entry which begins with the event keeps."""
        return tuple(self.values[name][event] for name in self.question.hold)

    def value(self, event: int, name: str) -> str | None:
        """A property of an event, of those that the question names."""
        return self.values[name][event] if name in self.values else None


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
    return Facts(
        question=question,
        time=part.time[rows].tolist(),
        when=part.time[rows],
        name=[one.names[code] for code in part.name[rows].tolist()],
        actor=[ACTORS[code] for code in part.actor[rows].tolist()],
        session=part.session[rows].tolist(),
        seen=is_seen[rows],
        named=named[rows],
        own=own[rows],
        fits=fits[rows],
        values={name: _texts(one.column(name), rows) for name in properties},
        owner=one.owner[rows],
        people=histories_of(question, one),
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


def _texts(column: Column, rows: NDArray[np.int64]) -> list[str | None]:
    return [column.values[code] or None if code >= 0 else None for code in column.codes[rows].tolist()]
