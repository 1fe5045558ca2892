"""How rows of rooms above follow their person: through a merge, back again, out with an erasure, into what is told of somebody.

A room names its rows in wiring.ROWS_OF_PEOPLE. What a merge moved is kept in it (Merge.moved), so that taking it back is exact: those
rows go back, and no other.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from fullfunnel.people.models import Merge, Person


class Rows(Protocol):
    """What the wiring asks of a room's rows. Everything but `tell` is called inside the transaction that changes people."""

    # Those that name a person.
    models: Sequence[type[Model]]

    def follow_merges(self, merges: Sequence[Merge]) -> Mapping[int, Any]:
        """Give losers' rows to winners, merge by merge; return merge id -> JSON of what moved."""

    def give_back(self, merge: Merge, moved: Any) -> None:
        """Give what `merge` moved back to its loser."""

    def erase(self, people: Collection[int]) -> None:
        """Erase the rows of these people (ids), and files."""

    def tell(self, people: Collection[int], moved: Sequence[tuple[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows of these people (ids), as `export person` writes them.

        moved: (public id of the loser, what moved) of each merge in force, in order.
        """


def rows_of_people() -> dict[str, Rows]:
    """Return what the wiring lists, by the room's name."""
    return {name: import_string(path) for name, path in settings.ROWS_OF_PEOPLE.items()}


def follow_merges(merges: Sequence[Merge]) -> None:
    """Let every room move its rows from losers to winners, and keep what moved. In the transaction that merges."""
    for name, rows in rows_of_people().items() if merges else ():
        moved = rows.follow_merges(merges)
        for merge in merges:
            if merge.pk in moved:
                merge.moved[name] = moved[merge.pk]
    Merge.objects.bulk_update([merge for merge in merges if merge.moved], ["moved"])


def give_back(merge: Merge) -> None:
    """Let every room move back what this merge moved. In the transaction that takes the merge back."""
    for name, rows in rows_of_people().items():
        if name in merge.moved:
            rows.give_back(merge, merge.moved[name])


def erase_rows(people: Collection[int]) -> None:
    """Let every room erase its rows of these people (ids), who are about to go. In the transaction of the erasure."""
    for rows in rows_of_people().values():
        rows.erase(people)


def told_rows(people: Collection[int]) -> dict[str, list[dict[str, Any]]]:
    """Return what each room tells of these people (ids), somebody and everybody merged with them; by the room's name."""
    merges = Merge.objects.filter(winner__in=people, undone_at=None).select_related("loser").order_by("pk")
    return {
        name: rows.tell(people, [(m.loser.public_id, m.moved[name]) for m in merges if name in m.moved])
        for name, rows in rows_of_people().items()
    }


def everybody_merged_with(person: Person) -> set[int]:
    """Return the ids of the person that lives and of everybody whom it took in, one after the other; none of somebody erased."""
    everyone = Person.objects.filter(workspace_id=person.workspace_id)
    root = everyone.filter(pk=person.pk).first()
    found: set[int] = set()
    fresh = {root.living().pk} if root is not None else set()
    while fresh:
        found |= fresh
        fresh = set(everyone.filter(merged_into__in=fresh).values_list("pk", flat=True)) - found
    return found
