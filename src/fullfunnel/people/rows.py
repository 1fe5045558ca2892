"""The rows of a model with a field `person`, as the wiring wants them: NOTES = RowsOfPeople(Note, tell_note)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, UniqueConstraint
from django.db.models.expressions import ExpressionList

from fullfunnel.people.models import Merge, Person

Row = TypeVar("Row", bound=Model)
Json = dict[str, Any]


class RowsOfPeople(Generic[Row]):
    """Moves, returns, erases and tells rows that name somebody as `person`. A room with files or further rules overrides a method.

    tell: what `export person` writes of a row; `person`, whom it was written about, is added. with_related: what `tell` reads.
    """

    def __init__(self, model: type[Row], tell: Callable[[Row], Json], *, with_related: str = "") -> None:
        self.model, self.models, self._tell = model, [model], tell
        self._related = ["person", *with_related.split()]
        if type(self).follow_merges is RowsOfPeople.follow_merges and (name := unique_with_person(model)):
            raise ImproperlyConfigured(
                f"{model.__name__}: {name} allows one row a person, and when two people who have one each are merged, the winner "
                "would have two. Say which of them stays: override follow_merges and give_back of RowsOfPeople."
            )

    def follow_merges(self, merges: Sequence[Merge]) -> Mapping[int, list[int]]:
        """Give the losers' rows to the winners; return merge id -> the ids that moved.

        Merges come in order: somebody may win one and lose the next. Asks once whether any loser has rows.
        """
        rows = self.model._default_manager.filter(person__in={m.loser_id for m in merges})
        holder = dict(rows.values_list("pk", "person"))
        moved: dict[int, list[int]] = defaultdict(list)
        for merge in merges if holder else ():
            for row in [row for row, person in holder.items() if person == merge.loser_id]:
                holder[row] = merge.winner_id
                moved[merge.pk].append(row)
        for winner in set(holder.values()):
            own = [row for row, person in holder.items() if person == winner]
            self.model._default_manager.filter(pk__in=own).update(person=winner)
        return moved

    def give_back(self, merge: Merge, moved: Sequence[int]) -> None:
        """Give back to the loser what moved and the winner still has."""
        rows = self.model._default_manager.filter(pk__in=moved, person=merge.winner_id)
        rows.update(person=merge.loser_id)

    def erase(self, people: Collection[int]) -> None:
        """Erase the rows of these people (ids)."""
        self.model._default_manager.filter(person__in=people).delete()

    def tell(self, people: Collection[int], moved: Sequence[tuple[str, Sequence[int]]]) -> list[Json]:
        """Return the rows of these people (ids), the oldest first; each says by public id whom it was written about."""
        # A row that moved twice was written about the first who lost it.
        loser = {row: person for person, rows in reversed(moved) for row in rows}
        rows = self.model._default_manager.filter(person__in=people).select_related(*self._related).order_by("pk")
        return [{"person": loser.get(row.pk, _person_of(row).public_id), **self._tell(row)} for row in rows]


def _person_of(row: Any) -> Person:
    person: Person = row.person
    return person


def unique_with_person(model: type[Model]) -> str:
    """Return the name of a constraint of the model that takes in `person`; "" when it has none."""
    options = model._meta
    if any(field.name == "person" and field.unique for field in options.fields):
        return "unique person"
    if any("person" in names for names in options.unique_together):
        return "unique_together"
    for constraint in options.constraints:
        if isinstance(constraint, UniqueConstraint):
            parts: Iterable[Any] = ExpressionList(*constraint.expressions).flatten()
            if "person" in {*constraint.fields, *(getattr(part, "name", "") for part in parts)}:
                return constraint.name
    return ""


def written(moment: datetime | None) -> str | None:
    """Return a moment (in UTC) as ISO 8601 with a Z."""
    return None if moment is None else moment.replace(tzinfo=None).isoformat() + "Z"
