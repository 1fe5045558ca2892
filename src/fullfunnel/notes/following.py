"""Notes follow their person (config/wiring/people.py)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fullfunnel.notes.models import Note
from fullfunnel.people.following import move_rows, return_rows
from fullfunnel.people.models import Merge


def follow_merges(merges: Sequence[Merge]) -> Mapping[int, list[int]]:
    """Give losers' notes to winners; return merge id -> ids of notes."""
    return move_rows(Note, merges)


def give_back(merge: Merge, moved: Sequence[int]) -> None:
    """Give the notes that moved back to the loser."""
    return_rows(Note, merge, moved)


def erase_notes(people: Collection[int]) -> None:
    """Erase the notes about these people (ids)."""
    Note.objects.filter(person__in=people).delete()


def tell_notes(people: Collection[int]) -> list[dict[str, Any]]:
    """Return the notes about these people (ids), ready for JSON."""
    notes = Note.objects.filter(person__in=people).select_related("written_by").order_by("pk")
    return [
        {
            "note": note.public_id,
            "text": note.text,
            "by": note.written_by.public_id if note.written_by else None,
            "at": note.written_at.isoformat(),
        }
        for note in notes
    ]
