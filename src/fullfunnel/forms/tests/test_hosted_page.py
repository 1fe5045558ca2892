"""The page that a customer sees: its headers, its language, its look, and what its script tells."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.events.store import open_store
from fullfunnel.forms import actions
from fullfunnel.forms.models import Form, Submission
from fullfunnel.forms.tests.kit import LENA, Browser, content_of, published
from fullfunnel.people.models import LISTED, Person
from fullfunnel.workspaces.actions import set_brand, set_text
from tests.kit.cast import drain


@pytest.fixture
def form(workspace):
    return published(workspace)


def csp(answer):
    return dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";") if part.strip()
    )


def test_the_page_is_framed_nowhere_and_a_frame_only_on_listed_sites(workspace, form):
    sites = ["https://www.halden.example"]
    actions.change_form(form, name=form.name, hands_over=True, origins=sites, by=None)
    client = Browser(form).client
    page, frame = client.get(f"/f/{form.public_id}/"), client.get(f"/f/{form.public_id}/?embed=1")
    assert csp(page)["frame-ancestors"] == "'none'"
    assert csp(frame)["frame-ancestors"] == "https://www.halden.example"
    assert "X-Frame-Options" not in frame.headers
    assert frame.headers["X-Robots-Tag"] == "noindex"
    actions.change_form(form, name=form.name, hands_over=True, origins=[], by=None)
    assert csp(client.get(f"/f/{form.public_id}/?embed=1"))["frame-ancestors"] == "'none'"


def test_the_preview_is_framed_by_its_own_site(form, carol):
    preview = carol.client.get(f"/w/halden/forms/{form.public_id}/preview/")
    assert csp(preview)["frame-ancestors"] == "'self'"
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "data-preview" in preview.content.decode()


@pytest.mark.parametrize(
    ("of_page", "of_browser", "of_workspace", "shown"),
    [("de", "en", "en", "de"), ("", "de-AT", "en", "de"), ("", "fr", "de", "de"), ("", "", "en", "en")],
)
def test_the_language_is_the_pages_else_the_browsers_else_the_workspaces(
    workspace, form, of_page, of_browser, of_workspace, shown
):
    brand = {"colour": "#0b6b5b", "privacy_url": "https://halden.example/privacy", "imprint_url": ""}
    set_brand(workspace, language=of_workspace, by=None, **brand)
    actions.change_words(form, words={"language": of_page}, by=None)
    actions.publish_form(form, by=None)
    page = Browser(form).opens("", **{"Accept-Language": of_browser})
    assert f'<html lang="{shown}">' in page
    assert ("Datenschutz" in page, "Privacy" in page) == (shown == "de", shown == "en")


def test_the_language_of_a_known_person_goes_before_the_browsers(form, ada):
    actions.change_words(form, words={"language": ""}, by=None)
    actions.publish_form(form, by=None)
    ada.visits("/")
    ada.identifies("ada-1", language="de")
    page = Browser(form).opens(f"?ff.anon={ada.anonymous}", **{"Accept-Language": "en"})
    assert '<html lang="de">' in page
    assert '<html lang="en">' in Browser(form).opens("?ff.anon=nobody", **{"Accept-Language": "en"})


def test_the_page_has_the_firms_name_colours_and_links_and_neither_cookie_nor_inline_style(workspace, form):
    links = {"privacy_url": "https://halden.example/privacy", "imprint_url": "https://halden.example/imprint"}
    set_brand(workspace, language="en", colour="#0b6b5b", by=None, **links)
    answer = Browser(form).client.get(f"/f/{form.public_id}/")
    page = answer.content.decode()
    assert ("Halden" in page, links["imprint_url"] in page, "style=" in page, "fullfunnel" in page) == (
        True, True, False, False,
    )  # fmt: skip
    assert answer.cookies == {}
    colours = Browser(form).client.get(f"/f/{form.public_id}/colours.css")
    day, night = colours.content.decode().splitlines()
    assert day == ":root{--brand:#0b6b5b;--on:#ffffff;--ink:#0b6b5b;--soft:#e7f0ef;}"
    assert night == "@media (prefers-color-scheme: dark){.hosted{--ink:#57998e;--soft:#122829;}}"
    assert colours.headers["Content-Type"] == "text/css; charset=utf-8"


def test_after_sending_one_goes_on_to_the_firms_page_and_a_frame_says_where_to(form):
    actions.change_words(form, words={"redirect_url": "https://halden.example/thanks"}, by=None)
    actions.publish_form(form, by=None)
    actions.change_form(form, name=form.name, hands_over=True, origins=["https://halden.example"], by=None)
    browser = Browser(form)
    browser.opens()
    answer = browser.sends(LENA)
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://halden.example/thanks")
    page = browser.client.get(browser.address)
    assert csp(page)["form-action"] == "'self' https://halden.example"
    browser.opens("?embed=1")
    framed = browser.sends(LENA | {"f.email": "b@klinik.example"}, path=browser.address + "?embed=1")
    assert 'data-goes="https://halden.example/thanks"' in framed.content.decode()


def test_a_hidden_field_takes_its_value_from_the_address(workspace):
    form = published(workspace, "empty", "hidden")
    browser = Browser(form)
    browser.opens("?hidden=pro")
    browser.sends({"f.name": "Lena", "f.email": "lena@klinik.example"})
    assert Submission.objects.get().answers["hidden"] == "pro"


def told(browser, step, field="", after=1.0):
    with clock.frozen(clock.now() + timedelta(seconds=after)):
        said = {name: value for name, value in browser.carried.items() if name.startswith("ff.")}
        answer = browser.client.post(browser.address + "seen/", said | {"step": step, "field": field})
    drain()
    return answer


def form_events():
    rows = open_store().ask(lambda d: "SELECT * FROM events ORDER BY seq")
    return [(row["name"], dict(row["properties"]).get("field")) for row in rows if row["name"].startswith("form_")]


def test_the_script_tells_how_far_somebody_came_once_each(form):
    browser = Browser(form)
    browser.opens("?ff.url=https%3A%2F%2Fhalden.example%2Fdemo")
    for step in ("viewed", "viewed", "started", "abandoned", "abandoned"):
        assert told(browser, step, "email").status_code == 204
    assert form_events() == [("form_viewed", None), ("form_started", None), ("form_field_abandoned", "email")]


def test_what_the_script_told_is_not_told_again_with_the_submission_and_is_the_persons(form):
    browser = Browser(form)
    browser.opens()
    told(browser, "viewed")
    told(browser, "started")
    browser.sends(LENA | {"ff.counted": "1"})
    assert [name for name, _ in form_events()] == ["form_viewed", "form_started", "form_submitted"]
    assert Person.objects.filter(LISTED).count() == 1


@pytest.mark.parametrize("said", [{"ff.nonce": "x"}, {"step": "won"}, {"ff.nonce": ""}])
def test_what_the_script_did_not_say_tells_nothing(form, said):
    browser = Browser(form)
    browser.opens()
    answer = browser.client.post(browser.address + "seen/", browser.carried | {"step": "viewed"} | said)
    drain()
    assert (answer.status_code, form_events()) == (204, [])


def test_the_script_of_the_embed_may_be_loaded_by_any_site(form):
    answer = Browser(form).client.get("/f/embed.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_what_brings_you_here_is_asked_once_there_is_something_to_choose(workspace):
    form = published(workspace, "demo")
    actions.change_field(form, field=replace(content_of(form).field("pains"), required=True), by=None)
    actions.publish_form(form, by=None)
    browser = Browser(form)
    assert "What brings you here?" not in browser.opens()
    assert browser.sends({"f.name": "Lena", "f.email": "lena@klinik.example", "f.consent": "1"}).status_code == 200
    assert "pains" not in Submission.objects.get().answers
    actions.set_pain_points(workspace, labels=["Shifts are planned by hand"], by=None)
    assert "Shifts are planned by hand" in browser.opens()


def test_a_name_from_right_to_left_is_typed_so(form):
    typed = re.findall(r'<(?:input|textarea) [^>]*dir="auto"[^>]*>', Browser(form).opens())
    names = [re.findall(' name="([^"]+)"', each)[0] for each in typed]
    assert names == ["f.name", "f.message"]


def test_a_draft_is_previewed_in_the_firms_colours_before_it_is_published(workspace):
    set_brand(workspace, language="en", colour="#0b6b5b", privacy_url="", imprint_url="", by=None)
    draft = actions.create_form(workspace, name="Draft", starter="contact", by=None)
    client = Browser(draft).client
    assert "--brand:#0b6b5b" in client.get(f"/f/{draft.public_id}/colours.css").content.decode()
    assert client.get(f"/f/{draft.public_id}/").status_code == 404


def test_the_page_says_the_workspaces_own_texts_and_those_of_a_form_that_was_taken_down(workspace, form, alice):
    for key, text in (("form.gone.title", "Nicht mehr da"), ("wrong.required", "Bitte!")):
        set_text(workspace, key=key, language="de", text=text, by=alice.user)
    visitor, german = Browser(form), {"Accept-Language": "de"}
    visitor.opens("?lang=de", **german)
    assert "Bitte!" in visitor.sends(LENA | {"f.name": ""}).content.decode()
    Form.objects.update(closed_at=clock.now())
    gone = visitor.client.get(visitor.address, headers=german)
    assert (gone.status_code, "Nicht mehr da" in gone.content.decode()) == (404, True)
