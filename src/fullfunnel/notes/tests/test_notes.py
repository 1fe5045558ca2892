"""Notes are written and removed; the stream hears that there is one, and not what it says."""

import pytest

from fullfunnel.core.refused import Refused
from fullfunnel.notes import actions
from fullfunnel.notes.models import Note
from fullfunnel.people import actions as people_actions
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Membership
from tests.kit.outbox import recorded


@pytest.fixture
def person(ada):
    ada.visits("/pricing")
    return ada.person


def member(one):
    return Membership.objects.get(user=one.user)


def test_a_note_is_kept_with_its_writer_and_recorded_without_its_text(person, bob):
    note = actions.add_note(person, text="  Wants an offer in March \n", by=member(bob))
    assert (note.person, note.text, note.written_by) == (person, "Wants an offer in March", bob.user)
    [arrival] = recorded(person.workspace)
    assert (arrival.name, arrival.actor, arrival.anonymous) == ("note_added", "us", "ada-browser")
    assert arrival.properties == {"note": note.public_id, "by": bob.user.public_id}


@pytest.mark.parametrize(
    ("text", "why"), [(" \n", "A note needs a text."), ("x" * 10_001, "at most 10,000 characters")]
)
def test_a_note_without_a_text_or_with_too_much_is_refused(person, bob, text, why):
    refused = actions.add_note(person, text=text, by=bob.user)
    assert why in refused.sentence
    assert (Note.objects.count(), recorded(person.workspace)) == (0, [])


def test_its_writer_removes_a_note_and_so_does_an_owner(person, bob, alice):
    for remover in (bob, alice):
        note = actions.add_note(person, text="Called", by=bob.user)
        assert actions.remove_note(note, by=member(remover)) == note
        assert Note.objects.count() == 0
        arrival = recorded(person.workspace)[-1]
        assert (arrival.name, arrival.actor) == ("note_removed", "us")
        assert arrival.properties == {"note": note.public_id, "by": remover.user.public_id}


def test_somebody_elses_note_stays(person, bob, carol):
    note = actions.add_note(person, text="Called", by=bob.user)
    for remover in (member(carol), carol.user):
        assert isinstance(actions.remove_note(note, by=remover), Refused)
    assert Note.objects.get() == note
    assert [arrival.name for arrival in recorded(person.workspace)] == ["note_added"]


def test_an_owner_of_another_workspace_removes_nothing(person, bob, charlie):
    note = actions.add_note(person, text="Called", by=bob.user)
    assert isinstance(actions.remove_note(note, by=member(charlie)), Refused)
    assert Note.objects.get() == note


def test_a_note_is_removed_once(person, bob):
    note = actions.add_note(person, text="Called", by=bob.user)
    again = Note.objects.get()
    actions.remove_note(note, by=bob.user)
    assert isinstance(actions.remove_note(again, by=bob.user), Refused)
    assert [arrival.name for arrival in recorded(person.workspace)] == ["note_added", "note_removed"]


def test_a_note_about_somebody_erased_meanwhile_is_refused(person, bob):
    gone = Person.objects.get(pk=person.pk)
    people_actions.forget_person(person, by=None)
    assert isinstance(actions.add_note(gone, text="Called", by=bob.user), Refused)
    assert Note.objects.count() == 0


def test_a_note_about_somebody_merged_meanwhile_is_about_who_they_are_now(person, ben, bob):
    ben.visits("/docs")
    loaded = Person.objects.select_related("merged_into").get(pk=person.pk)
    people_actions.merge_people(ben.person, loser=person, by=None)
    assert actions.add_note(loaded, text="Called", by=bob.user).person == ben.person
    assert Note.objects.get().person == ben.person


def test_who_may_not_write_in_this_workspace_adds_no_note(person, bob, charlie):
    bob.user.memberships.update(role="viewer")
    for writer in (member(bob), bob.user, member(charlie), charlie.user):
        refused = actions.add_note(person, text="Called", by=writer)
        assert refused.sentence == "Only these roles of this workspace can do that: owner, admin, marketer, seller."
    assert (Note.objects.count(), recorded(person.workspace)) == (0, [])


def test_the_program_itself_adds_and_removes_a_note(person):
    note = actions.add_note(person, text="Imported", by=None)
    assert (note.written_by, actions.remove_note(note, by=None)) == (None, note)
    assert [arrival.actor for arrival in recorded(person.workspace)] == ["system", "system"]


def test_a_writer_who_became_a_viewer_or_left_removes_nothing(person, bob):
    note = actions.add_note(person, text="Called", by=bob.user)
    bob.user.memberships.update(role="viewer")
    viewer = member(bob)
    assert isinstance(actions.remove_note(note, by=viewer), Refused)
    bob.user.memberships.all().delete()
    assert isinstance(actions.remove_note(note, by=bob.user), Refused)
    assert Note.objects.get() == note


def test_a_note_outlives_its_writer(person, bob):
    note = actions.add_note(person, text="Called", by=bob.user)
    bob.user.delete()
    note.refresh_from_db()
    assert (note.text, note.written_by) == ("Called", None)
