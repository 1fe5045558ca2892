"""Settings, Texts: an admin says texts of the catalogue in the workspace's own words."""

import pytest

from fullfunnel.core.texts import say
from fullfunnel.core.texts.catalogue import TEXTS
from fullfunnel.workspaces import actions
from fullfunnel.workspaces.models import AuditEntry, OwnText
from fullfunnel.workspaces.wording.own import own_texts
from fullfunnel.workspaces.wording.shown import SAMPLES, place_of, said_texts
from tests.kit.refusals import refusal_of

HERE = "/w/halden/settings/texts/"
MOST = HERE + "wrong.most/de/"


def page(who, path=HERE):
    return who.client.get(path).content.decode()


def test_every_text_has_a_place_and_every_variable_a_sample(workspace):
    for key, texts in TEXTS.items():
        place_of(key)
        assert all(name.strip("{}") in SAMPLES for name in said_texts(workspace, words=key)[0][1][0].names), texts


def test_a_text_is_said_in_the_workspaces_own_words_and_by_whom_stands_beside_it(workspace, alice):
    assert "All of them are the defaults" in page(alice)
    assert alice.client.post(MOST, {"text": " Nicht mehr\nals {most}! "}).status_code == 302
    with own_texts(workspace):
        assert say("wrong.most", "de", most=50) == "Nicht mehr als 50!"
    assert say("wrong.most", "de", most=50) == "Höchstens 50."
    shown = page(alice)
    assert "Nicht mehr als {most}!" in shown
    assert f"by {alice.user}" in shown
    detail = AuditEntry.objects.get(action="set_text").detail
    assert detail == {"key": "wrong.most", "language": "de", "text": "Nicht mehr als {most}!"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Zu viel.", "{most} is missing: keep it where its value is to stand."),
        ("{most} von {all}", "{all} is not known here: this text knows {most}."),
        ("{most} { }", "A brace stands alone"),
        ("{most.__class__} {most}", "A brace stands alone"),
        ("", "A text has 1 to 500 characters"),
    ],
)
def test_a_missing_or_unknown_variable_is_refused_beside_the_field(workspace, alice, text, sentence):
    answer = alice.client.post(MOST, {"text": text})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not OwnText.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_default_is_said_again_when_the_text_is_reset(workspace, alice):
    alice.client.post(MOST, {"text": "{most}!"})
    assert alice.client.post(MOST + "reset/").status_code == 302
    assert not OwnText.objects.exists()
    with own_texts(workspace):
        assert say("wrong.most", "de", most=50) == "Höchstens 50."
    assert alice.client.post(MOST + "reset/").status_code == 404


def test_texts_are_found_by_words_place_and_language(workspace, alice):
    assert alice.client.get(HERE + "?place=nowhere").status_code == 200
    found = page(alice, HERE + "?q=absenden&language=de&place=form")
    assert "Noch einmal absenden" in found
    assert "wrong.most" not in found
    assert "No text has these words" in page(alice, HERE + "?own=on")


def test_what_is_typed_is_drawn_with_samples(workspace, alice):
    drawn = alice.client.post(MOST + "look/", {"text": "Bis {most}, <b>{x}</b>"}).content.decode()
    assert "Bis 50, &lt;b&gt;{x}&lt;/b&gt;" in drawn
    assert not OwnText.objects.exists()


def test_a_text_that_the_catalogue_has_not_is_not_there(workspace, alice):
    assert alice.client.get(HERE + "wrong.most/tlh/").status_code == 404
    said = {"key": "no.such", "language": "de", "text": "x"}
    sentence = refusal_of(lambda: actions.set_text(workspace, **said, by=None), [OwnText, AuditEntry])
    assert "There is no text 'no.such'" in sentence


def test_only_admins_change_texts(workspace, carol):
    said = {"key": "form.send", "language": "de", "text": "Los"}
    sentence = refusal_of(lambda: actions.set_text(workspace, **said, by=carol.user), [OwnText, AuditEntry])
    assert "Only these roles" in sentence
    assert carol.client.post(HERE + "form.send/de/", {"text": "Los"}).status_code == 403
    assert not OwnText.objects.exists()
