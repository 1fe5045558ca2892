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
    answer = bob.client.post(panel + "add/", {"text": "x" * 10_001})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A note has at most 10,000 characters; this one has 10,001." in page
    assert "x" * 10_001 in page
    assert "The note was added." not in page
    assert (Note.objects.count(), recorded(person.workspace)) == (0, [])


def test_the_writer_removes_a_note_and_is_told(person, panel, bob):
    note = add_note(person, text="Called", by=bob.user)
    answer = bob.client.post(f"/w/halden/notes/{note.public_id}/remove/")
    page = answer.content.decode()
    assert (answer.status_code, "The note was removed." in page, "No notes yet." in page) == (200, True, True)
    assert Note.objects.count() == 0


def test_who_may_not_remove_a_note_has_no_button_and_is_refused(person, panel, bob, carol):
    note = add_note(person, text="Called", by=bob.user)
    assert "Remove this note?" in bob.client.get(panel).content.decode()
    assert "Remove this note?" not in carol.client.get(panel).content.decode()
    answer = carol.client.post(f"/w/halden/notes/{note.public_id}/remove/")
    assert answer.status_code == 422
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


def test_a_long_list_has_pages(person, panel, bob):
    for number in range(51):
        add_note(person, text=f"Call number {number}.", by=bob.user)
    page = bob.client.get(panel).content.decode()
    assert ("Call number 50." in page, "Call number 0." in page, "1–50 of 51" in page) == (True, False, True)
    assert f'hx-get="{panel}?page=2"' in page
    older = bob.client.get(panel + "?page=2").content.decode()
    assert ("Call number 0." in older, "Call number 1." in older) == (True, False)


def test_the_pages_of_a_panel_that_was_posted_to_are_the_panels(person, panel, bob):
    for number in range(50):
        add_note(person, text=f"Call number {number}.", by=bob.user)
    page = bob.client.post(panel + "add/", {"text": "One more"}).content.decode()
    assert f'href="{panel}?page=2"' in page


def test_the_panel_is_only_read(person, panel, bob):
    assert bob.client.post(panel, {"text": "Called"}).status_code == 405
    assert Note.objects.count() == 0


def test_a_refused_form_is_shown_where_it_was_sent_and_a_removal_leaves_the_page_where_it_is(person, panel, bob):
    add_note(person, text="Called", by=bob.user)
    page = bob.client.get(f"/w/halden/people/{person.public_id}/").content.decode()
    assert '{"code":"422","swap":true}' in page
    note = Note.objects.get()
    assert f'hx-post="/w/halden/notes/{note.public_id}/remove/"' in bob.client.get(panel).content.decode()
