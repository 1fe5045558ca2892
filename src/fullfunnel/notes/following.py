"""Notes follow their person (config/wiring/people.py)."""

from fullfunnel.notes.models import Note
from fullfunnel.people.rows import Json, RowsOfPeople, written


def tell_note(note: Note) -> Json:
    """Return a note as `export person` writes it."""
    by = note.written_by.public_id if note.written_by else None
    return {"note": note.public_id, "text": note.text, "by": by, "at": written(note.written_at)}


NOTES = RowsOfPeople(Note, tell_note, with_related="written_by")
