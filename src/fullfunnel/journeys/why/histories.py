"""The traits of the people behind a unit: as they are today, and as they were at each time."""

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions import Condition
from fullfunnel.events.names import TRAIT_CHANGED
from fullfunnel.journeys.folds.gather import codes_at, gather
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.why.matchers import matchers
from fullfunnel.journeys.why.one import OneUnit

Values = dict[str, str | None]
Change = tuple[int, str | None, str | None, str | None]


@dataclass(frozen=True)
class History:
    """A person's traits: `today`, and (since, traits) for each spell of time, the first one before all."""

    today: Values
    states: list[tuple[int, Values]]

    def value(self, condition: Condition, since: int) -> str | None:
        """What a condition on the person looks at, for an entry that begins at `since`."""
        if condition.of != "person_then":
            return self.today.get(condition.property)
        _, then = self.states[bisect_right(self.states, since, key=lambda state: state[0]) - 1]
        return then.get(condition.property)


def histories_of(question: Funnel, one: OneUnit) -> list[History]:
    """Of each of the unit's people, in their order."""
    conditions = [c for _, matcher in matchers(question) for c in matcher.where if c.of != "event"]
    names = list(dict.fromkeys(c.property for c in conditions))
    columns = {name: one.dataset.traits.of_people(name, one.people) for name in names}
    today: list[Values] = [
        {name: _text(column.values, int(column.codes[at])) for name, column in columns.items()}
        for at in range(len(one.people))
    ]
    then = {c.property for c in conditions if c.of == "person_then"}
    changes = _changes(one) if then else [[] for _ in today]
    return [
        History(own, _states(own, [change for change in told if change[1] in then]))
        for own, told in zip(today, changes, strict=True)
    ]


def _text(values: list[str], code: int) -> str | None:
    return values[code] or None if code >= 0 else None


def _changes(one: OneUnit) -> list[list[Change]]:
    """(when, trait, old, new) of each of the unit's people, also in what the unit itself is not made of."""
    index = one.index()
    table = np.array([int(name == TRAIT_CHANGED) for name in index.names] or [0], np.int64)
    found = gather(index, table, 0, len(index.units))
    texts = []
    for name in ("trait", "old", "new"):
        pair = index.column(name)
        texts.append([_text(pair[0].values, code) for code in codes_at(pair, found.row).tolist()])
    told = list(zip(found.time.tolist(), *texts, strict=True))
    bounds: NDArray[np.int64] = found.offsets
    own = {int(unit): told[bounds[at] : bounds[at + 1]] for at, unit in enumerate(index.units)}
    return [own.get(int(person), []) for person in one.people]


def _states(today: Values, changes: list[Change]) -> list[tuple[int, Values]]:
    """The traits from each moment on: before the first change its old value, after the last its new one."""
    values = dict(today)
    for _, trait, old, _ in reversed(changes):
        values[str(trait)] = old
    states = [(-NEVER, values)]
    for at, trait, _, new in changes:
        values = values | {str(trait): new}
        states.append((at, values))
    return [one for place, one in enumerate(states) if place + 1 == len(states) or states[place + 1][0] > one[0]]
