"""Edits of a draft are undone one by one, and done again."""

from fullfunnel.core.refused import Refused
from fullfunnel.forms.actions import add_field, change_words, create_form, publish_form, redo_edit, undo_edit
from fullfunnel.forms.drafts import MOST_STEPS
from fullfunnel.forms.models import DraftStep
from fullfunnel.forms.tests.kit import content_of, published


def title(form):
    return content_of(form).title


def say(form, title):
    return change_words(form, words={"title": title}, by=None)


def test_edits_are_undone_and_done_again_in_their_order(workspace):
    form = create_form(workspace, name="Contact", starter="contact", by=None)
    first = title(form)
    for each in ("One", "Two"):
        say(form, each)
    undo_edit(form, by=None)
    assert title(form) == "One"
    undo_edit(form, by=None)
    assert title(form) == first
    assert undo_edit(form, by=None) == Refused("There is nothing to undo.")
    redo_edit(form, by=None)
    redo_edit(form, by=None)
    assert title(form) == "Two"
    assert redo_edit(form, by=None) == Refused("There is nothing to do again.")


def test_what_was_undone_is_gone_once_something_else_is_done(workspace):
    form = create_form(workspace, name="Contact", starter="contact", by=None)
    say(form, "One")
    undo_edit(form, by=None)
    say(form, "Other")
    assert isinstance(redo_edit(form, by=None), Refused)
    assert title(form) == "Other"


def test_the_first_edit_after_publishing_goes_back_to_what_is_live(workspace):
    form = published(workspace)
    live = title(form)
    say(form, "One")
    undo_edit(form, by=None)
    assert title(form) == live
    publish_form(form, by=None)
    assert DraftStep.objects.count() == 0


def test_an_edit_that_changes_nothing_is_no_step(workspace):
    form = published(workspace)
    say(form, title(form))
    assert form.versions.count() == 1
    assert DraftStep.objects.count() == 0


def test_a_draft_remembers_a_hundred_steps(workspace):
    form = create_form(workspace, name="Contact", starter="contact", by=None)
    for number in range(MOST_STEPS + 20):
        say(form, f"Title {number}")
    assert DraftStep.objects.count() <= MOST_STEPS + 1
    undo_edit(form, by=None)
    assert title(form) == f"Title {MOST_STEPS + 18}"


def test_the_builder_undoes_and_offers_what_is_possible(workspace, alice, bob):
    form = create_form(workspace, name="Contact", starter="contact", by=None)
    add_field(form, kind="date", after="", by=None)
    here = f"/w/halden/forms/{form.public_id}/"
    assert alice.client.post(f"{here}undo/", {"key": "name"})["Location"] == f"{here}?field=name"
    assert content_of(form).field("date") is None
    answer = bob.client.post(f"{here}redo/", headers={"HX-Request": "true"}).content.decode()
    assert content_of(form).field("date") is not None
    assert 'data-act="redo" title="Shift Ctrl Z" disabled' in " ".join(answer.split())
