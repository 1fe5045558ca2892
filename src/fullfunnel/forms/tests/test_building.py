"""Editors build a draft field by field; what is published never changes."""

import pytest

from fullfunnel.core.refused import Refused
from fullfunnel.forms import actions
from fullfunnel.forms.fields import KINDS, Field, read
from fullfunnel.forms.models import Form, FormVersion, PainPoint
from fullfunnel.forms.tests.kit import content_of, published
from fullfunnel.workspaces.models import AuditEntry


def keys(form):
    return [field.key for field in content_of(form).fields]


@pytest.fixture
def form(workspace):
    return published(workspace)


@pytest.fixture
def here(form):
    return f"/w/halden/forms/{form.public_id}/"


def test_a_member_makes_a_form_from_a_starter(workspace, carol):
    page = carol.client.get("/w/halden/forms/").content.decode()
    assert all(label in page for label in ("Contact", "Demo request", "Quote"))
    answer = carol.client.post("/w/halden/forms/new/", {"name": "Ask for a demo", "starter": "demo"})
    form = Form.objects.get()
    assert answer.headers["Location"] == f"/w/halden/forms/{form.public_id}/"
    assert (form.name, form.hands_over, form.created_by) == ("Ask for a demo", True, carol.user)
    assert keys(form) == ["name", "email", "phone", "company", "employees", "pains", "heard", "consent"]
    assert content_of(form).field("consent").required
    assert list(FormVersion.objects.values_list("number", "published_at")) == [(1, None)]


@pytest.mark.parametrize("name", ["", "x" * 121, "Contact"])
def test_a_form_needs_a_name_of_its_own(form, carol, name):
    before = AuditEntry.objects.count()
    assert carol.client.post("/w/halden/forms/new/", {"name": name, "starter": "demo"}).status_code == 422
    assert (Form.objects.count(), AuditEntry.objects.count()) == (1, before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_of_every_kind_can_be_added_seen_and_published(form, here, carol, kind):
    answer = carol.client.post(here + "add-field/", {"kind": kind, "after": "name"})
    added = keys(form)[1]
    assert answer.headers["Location"] == f"{here}?field={added}"
    page = carol.client.get(f"{here}?field={added}").content.decode()
    assert f"key <code>{added}</code>" in page
    assert carol.client.get(here + "preview/").status_code == 200
    carol.client.post(here + "publish/")
    assert carol.client.get(f"/f/{form.public_id}/").status_code == 200
    assert read(form.versions.get(number=2).content).fields[1].kind == kind


def test_fields_are_moved_doubled_and_removed(form, here, carol):
    assert keys(form) == ["name", "email", "phone", "message", "consent"]
    carol.client.post(here + "fields/message/move/", {"up": "2"})
    assert keys(form) == ["name", "message", "email", "phone", "consent"]
    carol.client.post(here + "fields/name/move/", {"down": "1"})
    carol.client.post(here + "fields/name/move/", {"up": "9"})
    carol.client.post(here + "fields/phone/duplicate/")
    assert keys(form) == ["name", "message", "email", "phone", "phone_2", "consent"]
    assert content_of(form).field("phone_2").trait == ""
    carol.client.post(here + "fields/phone/remove/")
    assert keys(form) == ["name", "message", "email", "phone_2", "consent"]
    answer = carol.client.post(here + "fields/phone/remove/", follow=True)
    assert "That field is not in the form any more" in answer.content.decode()


def test_the_published_version_stays_while_the_draft_changes(form, here, carol):
    before = form.versions.get(number=1).content
    carol.client.post(here + "fields/name/", {"label": "Who are you?", "required": "on", "trait": "name"})
    assert content_of(form).field("name").label == "Who are you?"
    assert form.versions.get(number=1).content == before
    assert "Who are you?" not in carol.client.get(f"/f/{form.public_id}/").content.decode()
    assert "Who are you?" in carol.client.get(here + "preview/").content.decode()
    assert "Who are you?" not in carol.client.get(here + "preview/?version=1").content.decode()
    carol.client.post(here + "publish/")
    assert "Who are you?" in carol.client.get(f"/f/{form.public_id}/").content.decode()
    assert [version.number for version in form.versions.exclude(published_at=None)] == [1, 2]


def test_a_draft_is_discarded(form, here, carol):
    carol.client.post(here + "fields/name/remove/")
    carol.client.post(here + "discard/")
    assert (keys(form)[0], form.versions.count()) == ("name", 1)
    assert isinstance(actions.discard_draft(form, by=carol.user), Refused)


def test_settings_change_by_htmx_and_leave_the_settings_alone(form, here, carol):
    answer = carol.client.post(here + "fields/name/", {"label": "Your name"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "draft-changed")
    assert 'id="blocks"' in page
    assert 'id="field-settings"' not in page
    assert content_of(form).field("name") == Field("name", "text", "Your name")


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        ("text", {"label": ""}, "A field needs a label"),
        ("choice", {"label": "Which?", "options": " \n "}, "Write at least one choice"),
        ("number", {"label": "How many?", "least": "many"}, "Write a number, like 1 or 2.5."),
        ("number", {"label": "How many?", "least": "5", "most": "2"}, "The least is more than the most."),
        ("consent", {"label": "I agree", "purpose": ""}, "Say what the consent is for"),
    ],
)
def test_settings_that_cannot_be_say_what_would_be_right(form, here, carol, kind, said, sentence):
    carol.client.post(here + "add-field/", {"kind": kind})
    key, before = keys(form)[-1], content_of(form)
    answer = carol.client.post(f"{here}fields/{key}/", said, headers={"HX-Request": "true"})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert answer.headers["HX-Retarget"] == "#field-settings"
    assert content_of(form) == before


def test_title_thanks_and_language_are_part_of_the_draft(form, here, carol):
    carol.client.post(here + "words/", {"title": "Hallo", "lead": "", "button": "Los", "language": "de"})
    carol.client.post(here + "after-sending/", {"thanks_title": "Danke", "thanks": "Bis bald", "redirect_url": ""})
    content = content_of(form)
    assert (content.title, content.button, content.language, content.thanks) == ("Hallo", "Los", "de", "Bis bald")
    answer = carol.client.post(here + "after-sending/", {"redirect_url": "javascript:alert(1)"})
    assert (answer.status_code, "Write a whole address" in answer.content.decode()) == (422, True)
    assert content_of(form) == content


def test_where_it_stands_holds_at_once(form, here, carol):
    said = {"name": "Write us", "hands_over": "on", "origins": "www.halden.example/\nhttp://localhost:8080"}
    carol.client.post(here + "where-it-stands/", said)
    form.refresh_from_db()
    assert (form.name, form.origins) == ("Write us", ["http://localhost:8080", "https://www.halden.example"])
    answer = carol.client.post(here + "where-it-stands/", said | {"origins": "https://a.example/path"})
    assert answer.status_code == 422
    assert "is no site" in answer.content.decode()
    form.refresh_from_db()
    assert len(form.origins) == 2


def test_a_form_is_taken_down_and_brought_back(form, here, carol):
    carol.client.post(here + "close/")
    assert carol.client.get(f"/f/{form.public_id}/").status_code == 404
    carol.client.post(here + "reopen/")
    assert carol.client.get(f"/f/{form.public_id}/").status_code == 200


def test_pain_points_keep_their_key_while_their_words_stay(workspace, carol):
    carol.client.post("/w/halden/forms/pain-points/", {"labels": "Night shifts\nWorks council\n\nNight shifts"})
    first = PainPoint.objects.get(label="Night shifts").key
    carol.client.post("/w/halden/forms/pain-points/", {"labels": "Agency costs\nNight shifts"})
    rows = list(PainPoint.objects.order_by("position").values_list("label", flat=True))
    assert (rows, PainPoint.objects.get(label="Night shifts").key) == (["Agency costs", "Night shifts"], first)


def test_a_viewer_sees_and_changes_nothing(form, here, carol):
    carol.user.memberships.update(role="viewer")
    before = content_of(form)
    page = carol.client.get(here).content.decode()
    assert "Publish" not in page
    assert "Answers" not in page
    assert carol.client.get(here + "answers/").status_code == 403
    assert carol.client.get(here + "answers.csv").status_code == 403
    assert carol.client.post(here + "fields/name/remove/").status_code == 403
    assert isinstance(actions.remove_field(form, key="name", by=carol.user), Refused)
    assert content_of(form) == before


def test_who_builds_at_the_same_time_loses_nothing(form, carol, alice):
    actions.change_field(form, field=Field("name", "text", "Name of yours"), by=carol.user)
    actions.change_field(form, field=Field("email", "email", "Address"), by=alice.user)
    assert [field.label for field in content_of(form).fields[:2]] == ["Name of yours", "Address"]
