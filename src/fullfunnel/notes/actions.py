"""What may be done with notes: row and event in one transaction, or Refused."""

from django.db import transaction

from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.events.names import NOTE_ADDED, NOTE_REMOVED
from fullfunnel.notes.models import Note
from fullfunnel.people.living import living_or_refused
from fullfunnel.people.models import Person
from fullfunnel.people.record import record
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import ADMINS, EDITORS

MAX_TEXT = 10_000


@transaction.atomic
def add_note(person: Person, *, text: str, by: By) -> Note | Refused:
    """Write a note about a person. The event does not hold its text."""
    if refused := reason_not_to_act(by, person.workspace_id, EDITORS):
        return refused
    text = text.strip()
    if not text:
        return Refused("A note needs a text.", "text")
    if len(text) > MAX_TEXT:
        return Refused(f"A note has at most {number(MAX_TEXT)} characters; this one has {number(len(text))}.", "text")
    person_now = living_or_refused(person)
    if isinstance(person_now, Refused):
        return person_now
    note = Note.objects.create(workspace_id=person.workspace_id, person=person_now, text=text, written_by=user_of(by))
    record(person_now, NOTE_ADDED, by=by, properties={"note": note.public_id})
    return note


@transaction.atomic
def remove_note(note: Note, *, by: By) -> Note | Refused:
    """Remove a note for good."""
    if refused := reason_not_to_remove(note, by=by):
        return refused
    person = living_or_refused(note.person)
    if isinstance(person, Refused):
        return person
    removed, _ = Note.objects.filter(workspace_id=note.workspace_id, pk=note.pk).delete()
    if not removed:
        return Refused("This note was removed already.")
    record(person, NOTE_REMOVED, by=by, properties={"note": note.public_id})
    return note


def reason_not_to_remove(note: Note, *, by: By) -> Refused | None:
    """Return why `by` cannot remove the note; None when they can."""
    if refused := reason_not_to_act(by, note.workspace_id, EDITORS):
        return refused
    user = user_of(by)
    if user is None or user.pk == note.written_by_id or reason_not_to_act(by, note.workspace_id, ADMINS) is None:
        return None
    return Refused("Only who wrote the note, an owner or an admin can remove it.")
