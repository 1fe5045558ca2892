"""The panel of notes on a person's page."""

import pytest

from fullfunnel.notes.actions import add_note
from fullfunnel.notes.models import Note
from fullfunnel.people import actions as people_actions
from tests.kit.outbox import recorded


@pytest.fixture
def person(ada):
    ada.visits("/pricing")
    return ada.person


@pytest.fixture
def panel(person):
    return f"/w/halden/people/{person.public_id}/notes/"


def test_a_persons_page_loads_the_panel(person, panel, bob):
    page = bob.client.get(f"/w/halden/people/{person.public_id}/").content.decode()
    assert f'hx-get="{panel}"' in page


def test_without_notes_the_panel_says_what_they_are_for(panel, bob):
    page = bob.client.get(panel).content.decode()
    assert "No notes yet. What you write here, the other members see on this page." in page


def test_a_note_is_added_in_the_panel_and_shown_with_its_writer(person, panel, bob):
    page = bob.client.post(panel + "add/", {"text": "Likes <b>bold</b>\nplans"}).content.decode()
    assert "The note was added." in page
    assert "Likes &lt;b&gt;bold&lt;/b&gt;<br>plans" in page
    assert "Bob, " in page
    assert Note.objects.get().person == person


def test_what_is_refused_stands_beside_the_field_and_what_was_typed_stays(person, panel, bob):
    page = bob.client.post(panel + "add/", {"text": "x" * 10_001}).content.decode()
    assert "A note has at most 10,000 characters; this one has 10,001." in page
    assert "x" * 10_001 in page
    assert "The note was added." not in page
    assert (Note.objects.count(), recorded(person.workspace)) == (0, [])


def test_the_writer_removes_a_note_and_is_told(person, panel, bob):
    note = add_note(person, text="Called", by=bob.user)
    answer = bob.client.post(f"/w/halden/notes/{note.public_id}/remove/", follow=True)
    assert answer.redirect_chain == [(f"/w/halden/people/{person.public_id}/", 302)]
    assert "The note was removed." in answer.content.decode()
    assert Note.objects.count() == 0


def test_who_may_not_remove_a_note_has_no_button_and_is_refused(person, panel, bob, carol):
    note = add_note(person, text="Called", by=bob.user)
    assert "Remove this note?" in bob.client.get(panel).content.decode()
    assert "Remove this note?" not in carol.client.get(panel).content.decode()
    answer = carol.client.post(f"/w/halden/notes/{note.public_id}/remove/", follow=True)
    assert "Only who wrote the note, an owner or an admin can remove it." in answer.content.decode()
    assert Note.objects.get() == note


def test_a_viewer_reads_and_writes_nothing(person, panel, bob):
    note = add_note(person, text="Called", by=bob.user)
    bob.user.memberships.update(role="viewer")
    page = bob.client.get(panel).content.decode()
    assert "Called" in page
    assert "Add note" not in page
    assert bob.client.post(panel + "add/", {"text": "More"}).status_code == 403
    assert bob.client.post(f"/w/halden/notes/{note.public_id}/remove/").status_code == 403
    assert Note.objects.get() == note


def test_a_stranger_finds_neither_panel_nor_note(person, panel, bob, charlie):
    note = add_note(person, text="Called", by=bob.user)
    assert charlie.client.get(panel).status_code == 404
    assert charlie.client.post(panel + "add/", {"text": "More"}).status_code == 404
    assert charlie.client.post(f"/w/halden/notes/{note.public_id}/remove/").status_code == 404
    elsewhere = f"/w/elsewhere/people/{person.public_id}/notes/"
    assert charlie.client.get(elsewhere).status_code == 404
    assert charlie.client.post(f"/w/elsewhere/notes/{note.public_id}/remove/").status_code == 404
    assert Note.objects.get() == note


def test_the_panel_of_somebody_merged_is_that_of_who_they_are_now(person, panel, ben, bob, alice):
    ben.visits("/docs")
    add_note(person, text="Called", by=bob.user)
    people_actions.merge_people(ben.person, loser=person, by=alice.user)
    assert "Called" in bob.client.get(panel).content.decode()


def test_a_long_list_shows_the_latest_and_says_so(person, panel, bob):
    for number in range(101):
        add_note(person, text=f"Call number {number}.", by=bob.user)
    page = bob.client.get(panel).content.decode()
    assert "Call number 100." in page
    assert "Call number 0." not in page
    assert "The latest 100 of 101 notes." in page
