"""What may be done with notes: row and event in one transaction, or Refused."""

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.events.names import NOTE_ADDED, NOTE_REMOVED
from fullfunnel.notes.models import Note
from fullfunnel.people.models import Person
from fullfunnel.people.record import record
from fullfunnel.workspaces.models import Membership, User
from fullfunnel.workspaces.roles import user_of
from fullfunnel.workspaces.scope import ADMINS

By = User | Membership | None
MAX_TEXT = 10_000


@transaction.atomic
def add_note(person: Person, *, text: str, by: By) -> Note | Refused:
    """Write a note about a person. The event does not hold its text."""
    text = text.strip()
    if not text:
        return Refused("A note needs a text.", "text")
    if len(text) > MAX_TEXT:
        return Refused(f"A note has at most {MAX_TEXT:,} characters; this one has {len(text):,}.", "text")
    if not Person.objects.filter(workspace_id=person.workspace_id, pk=person.pk).exists():
        return Refused("This person was erased meanwhile; reload the page.")
    person = person.living()
    note = Note.objects.create(workspace_id=person.workspace_id, person=person, text=text, written_by=user_of(by))
    record(person, NOTE_ADDED, by=by, properties={"note": note.public_id})
    return note


@transaction.atomic
def remove_note(note: Note, *, by: By) -> Note | Refused:
    """Remove a note for good."""
    if refused := reason_not_to_remove(note, by=by):
        return refused
    removed, _ = Note.objects.filter(workspace_id=note.workspace_id, pk=note.pk).delete()
    if not removed:
        return Refused("This note was removed already.")
    record(note.person, NOTE_REMOVED, by=by, properties={"note": note.public_id})
    return note


def reason_not_to_remove(note: Note, *, by: By) -> Refused | None:
    """Return why `by` cannot remove the note; None when they can."""
    user = user_of(by)
    is_admin = isinstance(by, Membership) and by.workspace_id == note.workspace_id and by.role in ADMINS
    if user is None or user.pk == note.written_by_id or is_admin:
        return None
    return Refused("Only who wrote the note, an owner or an admin can remove it.")
