"""How rows of rooms above follow their person: through a merge, back again, and out with an erasure (wiring.ON_MERGE, ON_ERASE).

What a merge moved is kept in it (Merge.moved), so that taking it back is exact: those rows go back, and no other.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from fullfunnel.people.models import Merge, Person


def follow_merges(merges: Sequence[Merge]) -> None:
    """Let every room move its rows from losers to winners, and keep what moved. In the transaction that merges."""
    for name, _, path, _ in settings.ON_MERGE if merges else ():
        moved = import_string(path)(merges)
        for merge in merges:
            if merge.pk in moved:
                merge.moved[name] = moved[merge.pk]
    Merge.objects.bulk_update([merge for merge in merges if merge.moved], ["moved"])


def give_back(merge: Merge) -> None:
    """Let every room move back what this merge moved. In the transaction that takes the merge back."""
    for name, _, _, path in settings.ON_MERGE:
        if name in merge.moved:
            import_string(path)(merge, merge.moved[name])


def erase_rows(people: Collection[int]) -> None:
    """Let every room erase its rows of these people (ids), who are about to go. In the transaction of the erasure."""
    for _, _, path in settings.ON_ERASE:
        import_string(path)(people)


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


def move_rows(model: type[Model], merges: Sequence[Merge]) -> Mapping[int, list[int]]:
    """Give the rows of `model` that name a loser as `person` to the winner; return merge id -> the ids that moved.

    Merges come in order: somebody may win one and lose the next.
    """
    holder = dict(model._default_manager.filter(person__in={m.loser_id for m in merges}).values_list("pk", "person"))
    moved: dict[int, list[int]] = defaultdict(list)
    for merge in merges if holder else ():
        for row in [row for row, person in holder.items() if person == merge.loser_id]:
            holder[row] = merge.winner_id
            moved[merge.pk].append(row)
    for winner in set(holder.values()):
        rows = [row for row, person in holder.items() if person == winner]
        model._default_manager.filter(pk__in=rows).update(person=winner)
    return moved


def return_rows(model: type[Model], merge: Merge, moved: Sequence[int]) -> None:
    """Give back to the loser what `move_rows` moved and the winner still has."""
    model._default_manager.filter(pk__in=moved, person=merge.winner_id).update(person=merge.loser_id)
