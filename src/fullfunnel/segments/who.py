"""Which people a clause is true of: traits and fields of today, and what their journeys have."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.conditions import Clause, Condition, Dated, Group, Has, bound, start_of
from fullfunnel.events.conditions.evaluate import truths
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import Longs
from fullfunnel.journeys.folds.has import Events, first_moments
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.step_matching import StepMatching
from fullfunnel.journeys.questions.periods import zone_of
from fullfunnel.journeys.questions.shapes import Matcher
from fullfunnel.journeys.watch import Watch
from fullfunnel.people.models import LISTED, Person
from fullfunnel.segments.dataset import WorkspaceDataset, dataset_of
from fullfunnel.workspaces.models import Workspace

Bools = NDArray[np.bool_]
# What a person has beside traits, by the name that a clause says; the texts of conditions.
FIELDS: Mapping[str, tuple[str, Callable[[Any], str | None]]] = {
    "name": ("name", str),
    "email": ("email", str),
    "company": ("company__name", lambda name: name),
    "identified": ("is_identified", lambda known: "true" if known else "false"),
    "first_seen": ("first_seen_at", lambda at: at.isoformat() if at else None),
    "last_seen": ("last_seen_at", lambda at: at.isoformat() if at else None),
}


def people_who(workspace: Workspace, clause: Clause, *, me: str) -> list[int]:
    """Return the ids of the living people of whom a clause is true, in rising order. `me`: what @me stands for.

    QuestionError where it cannot be judged; QuestionTimeout after a minute.
    """
    today = clock.now().astimezone(zone_of(workspace.timezone)).date()
    people = Person.objects.filter(LISTED, workspace=workspace).order_by("pk").values_list("pk", flat=True)
    judge = _Judge(workspace, np.fromiter(people, np.int64))
    with closing(judge):
        ids: list[int] = judge.people[judge.mask(bound(clause, me=me, today=today))].tolist()
    return ids


class _Judge:
    """Judges clauses over all living people at once. people: their ids, sorted."""

    def __init__(self, workspace: Workspace, people: Longs) -> None:
        self.workspace, self.people, self.watch = workspace, people, Watch()
        self.zone = zone_of(workspace.timezone)
        self._dataset: WorkspaceDataset = dataset_of(workspace)
        self._index: Index | None = None

    def close(self) -> None:
        if self._index is not None:
            self._index.release()

    def mask(self, clause: Clause) -> Bools:
        """Return of which people a bound clause is true."""
        if isinstance(clause, Group):
            masks = np.array([self.mask(one) for one in clause.of])
            joined = np.asarray(masks.all(axis=0) if clause.op == "all" else masks.any(axis=0), np.bool_)
            return ~joined if clause.op == "none" else joined
        if isinstance(clause, Has):
            return self._has(clause)
        return self._then(clause) if isinstance(clause, Dated) else self._is(clause)

    def _is(self, condition: Condition) -> Bools:
        if condition.property not in FIELDS:
            column = self._dataset.traits.of_people(condition.property, self.people)
            return truths(condition, column.values)[column.codes]
        texts = self._texts(condition.property)
        known = list(dict.fromkeys(text for text in texts if text))
        places = {text: at for at, text in enumerate(known)}
        return truths(condition, known)[[places.get(text or "", -1) for text in texts]]

    def _then(self, clause: Dated) -> Bools:
        begins = start_of(str(clause.day), self.zone)
        moments = [self._moment(text) for text in self._texts(clause.property)]
        found = [at is not None and ((at < begins) == (clause.op == "before")) for at in moments]
        return np.array(found, np.bool_)

    def _moment(self, text: str | None) -> int | None:
        try:
            at = datetime.fromisoformat(text or "")
        except ValueError:
            return None
        return clock.to_us(at if at.tzinfo else at.replace(tzinfo=self.zone))

    def _texts(self, name: str) -> list[str | None]:
        """Return a field or a trait of everybody."""
        if name not in FIELDS:
            column = self._dataset.traits.of_people(name, self.people)
            return [None if code < 0 else column.values[code] for code in column.codes.tolist()]
        path, text = FIELDS[name]
        rows = Person.objects.filter(LISTED, workspace=self.workspace).order_by("pk").values_list("pk", F(path))
        known = {pk: text(value) for pk, value in rows}
        return [known.get(pk) for pk in self.people.tolist()]

    def _has(self, has: Has) -> Bools:
        if self._index is None:
            self._index = self._dataset.index()
        index, sought = self._index, StepMatching(self._index, [Matcher(has.events, has.where)], self._dataset)
        since = start_of(str(has.since), self.zone) if has.since is not None else -NEVER

        def read(begin: int, end: int) -> Longs:
            found = sought.gather(begin, end)
            unit = np.repeat(np.arange(end - begin), np.diff(found.offsets))
            events = Events(unit, found.time, found.row).only((found.bits != 0) & (found.time >= since))
            anyway = np.full(end - begin, -NEVER, np.int64)
            return first_moments(has, events, end - begin, index, self.workspace.timezone, anyway)

        parts = sought.each_portion(self.watch, read)
        moments = np.concatenate(parts) if parts else np.empty(0, np.int64)
        return np.isin(self.people, index.units[moments < NEVER])
