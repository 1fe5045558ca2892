"""A form in several languages: a stranger sees the one they read, where all of it is there."""

import pytest

from fullfunnel.forms.actions import (
    add_field,
    change_words,
    create_form,
    publish_form,
    set_pain_points,
    translate_form,
)
from fullfunnel.forms.models import Form, Submission
from fullfunnel.forms.tests.kit import LENA, Browser, content_of, published
from fullfunnel.forms.translations import missing_in

GERMAN = {"Accept-Language": "de-AT,de;q=0.9"}


def opened(form: Form, query: str = "", **headers: str) -> str:
    return Browser(form).opens(query, **headers)


def test_a_starter_speaks_to_each_visitor_in_their_language(workspace):
    form = published(workspace, "demo")
    german, english = opened(form, **GERMAN), opened(form)
    assert '<html lang="de">' in german
    assert "Dienstliche E-Mail" in german
    assert "Suchmaschine" in german
    assert "Demo anfragen" in german
    assert '<html lang="en">' in english
    assert "Work e-mail" in english


def test_who_reads_another_language_chooses_it_and_keeps_the_campaign(workspace):
    form = published(workspace)
    page = opened(form, "?utm_source=fair", **GERMAN)
    assert 'href="?utm_source=fair&amp;ff.lang=en"' in page
    assert '<html lang="en">' in opened(form, "?utm_source=fair&ff.lang=en", **GERMAN)


def test_a_form_that_keeps_to_one_language_offers_no_other(workspace):
    form = published(workspace)
    change_words(form, words={"language": "en"}, by=None)
    publish_form(form, by=None)
    page = opened(form, **GERMAN)
    assert '<html lang="en">' in page
    assert "ff.lang=" not in page


def test_a_language_in_which_something_is_missing_is_shown_to_nobody(workspace):
    form = create_form(workspace, name="Half", starter="contact", by=None)
    change_words(form, words={"thanks": "We call you."}, by=None)
    publish_form(form, by=None)
    assert missing_in(content_of(form), "de") == ["thanks"]
    assert "Write to us" in opened(form, **GERMAN)
    translate_form(form, language="de", texts={"thanks": "Wir rufen Sie an."}, by=None)
    publish_form(form, by=None)
    assert "Schreiben Sie uns" in opened(form, **GERMAN)


def test_a_choice_is_one_answer_in_every_language(workspace):
    form = published(workspace, "contact", "heard")
    browser = Browser(form)
    page = browser.opens(**GERMAN)
    assert 'value="Search engine"' in page
    assert "<span>Suchmaschine</span>" in page
    browser.sends(LENA | {"f.heard": "Search engine"})
    assert Submission.objects.get().answers["heard"] == "Search engine"


def test_a_consent_is_kept_in_the_words_that_stood_there(workspace):
    browser = Browser(published(workspace))
    browser.opens(**GERMAN)
    answer = browser.sends(LENA)
    assert "Vielen Dank" in answer.content.decode()
    (consent,) = Submission.objects.get().consents
    assert consent["text"].startswith("Meine Anfrage darf beantwortet")
    assert (consent["given"], consent["version"]) == (True, 1)


def test_other_words_of_a_consent_in_any_language_are_a_new_version_of_it(workspace):
    form = published(workspace)
    translate_form(form, language="de", texts={"f.consent.label": "Ja, gern."}, by=None)
    publish_form(form, by=None)
    assert content_of(form).field("consent").text_version == 2
    change_words(form, words={"lead": "We answer."}, by=None)
    publish_form(form, by=None)
    assert content_of(form).field("consent").text_version == 2


def test_pain_points_have_their_words_in_each_language(workspace):
    set_pain_points(workspace, labels=["Night shifts"], translations={"de": ["Nachtdienste"]}, by=None)
    form = published(workspace, "demo")
    assert "<span>Nachtdienste</span>" in opened(form, **GERMAN)
    assert "<span>Night shifts</span>" in opened(form)


def test_a_list_of_pain_points_that_is_shorter_in_another_language_is_refused(workspace):
    set_pain_points(workspace, labels=["Night shifts", "Costs"], by=None)
    refused = set_pain_points(workspace, labels=["Night shifts", "Costs"], translations={"de": ["Kosten"]}, by=None)
    assert (refused.field, refused.sentence) == ("labels_de", "Write 2 lines, in the order of the list.")
    assert [pain.translations for pain in workspace_pains(workspace)] == [{}, {}]


def workspace_pains(workspace):
    from fullfunnel.forms.models import PainPoint

    return PainPoint.objects.filter(workspace=workspace).order_by("position")


@pytest.mark.parametrize(
    ("language", "path", "text", "field"),
    [
        ("en", "title", "x", "language"),
        ("tlh", "title", "x", "language"),
        ("de", "f.nothing.label", "x", "f.nothing.label"),
        ("de", "title", "x" * 121, "title"),
    ],
)
def test_what_cannot_be_translated_is_refused_and_nothing_changes(workspace, language, path, text, field):
    form = create_form(workspace, name="Contact", starter="contact", by=None)
    before = content_of(form)
    assert translate_form(form, language=language, texts={path: text}, by=None).field == field
    assert content_of(form) == before


def test_a_field_that_goes_takes_its_translations_with_it_and_a_new_one_brings_its_own(workspace, alice):
    form = create_form(workspace, name="Contact", starter="contact", by=None)
    add_field(form, kind="heard", after="", by=None)
    assert missing_in(content_of(form), "de") == []
    url = f"/w/halden/forms/{form.public_id}/"
    alice.client.post(f"{url}fields/heard/remove/")
    assert not [path for path in content_of(form).translations["de"] if path.startswith("f.heard.")]


def test_the_builder_says_what_is_missing_and_keeps_what_is_typed(workspace, alice):
    form = create_form(workspace, name="Contact", starter="contact", by=None)
    alice.client.post(f"/w/halden/forms/{form.public_id}/fields/name/", {"label": "Name", "help": "First and last"})
    here = f"/w/halden/forms/{form.public_id}/"
    page = alice.client.get(f"{here}?field=name&lang=de").content.decode()
    assert "1 of 9 missing" in page
    assert "not translated yet" in page
    texts = {"key": "name", "label": "Ihr Name", "help": "Vor- und Nachname"}
    assert alice.client.post(f"{here}translate/?lang=de", texts)["Location"] == f"{here}?field=name&lang=de"
    assert missing_in(content_of(form), "de") == []
    assert "Ihr Name" in alice.client.get(f"{here}preview/?lang=de").content.decode()
    assert "Ihr Name" not in alice.client.get(f"{here}preview/").content.decode()
