"""A user's account: how numbers and times are written, single letters, and pages pinned to the side bar."""

import re

import pytest

from fullfunnel.workspaces import actions
from fullfunnel.workspaces.models import Sells
from tests.kit.refusals import refusal_of

ACCOUNT = "/w/halden/settings/account/"


def saved(member, **given):
    return member.client.post(f"{ACCOUNT}preferences/", {"locale": "en-GB", "timezone": ""} | given)


@pytest.mark.django_db
def test_what_is_chosen_is_kept_and_pages_follow_it(alice, bob, workspace):
    told = saved(alice, locale="de-DE", timezone="America/New_York", has_letters="on")
    assert told.headers["Location"] == ACCOUNT
    alice.user.refresh_from_db()
    assert (alice.user.locale, alice.user.timezone, alice.user.has_letters) == ("de-DE", "America/New_York", True)
    assert 'data-locale="de-DE"' in alice.client.get(ACCOUNT).content.decode()
    assert 'data-locale="en-GB"' in bob.client.get(ACCOUNT).content.decode()
    actions.set_how_you_sell(workspace, to=Sells.ONLINE, by=alice.user)
    trail = alice.client.get("/w/halden/settings/audit/").content.decode()
    assert re.search(r"\d\d:\d\d E[SD]T", trail)


@pytest.mark.django_db
def test_the_theme_is_the_users_in_every_browser(alice, bob):
    assert 'data-own-theme=""' in alice.client.get(ACCOUNT).content.decode()
    assert alice.client.post("/w/halden/theme/", {"theme": "dark"}).status_code == 204
    assert 'data-own-theme="dark"' in alice.client.get("/w/halden/people/").content.decode()
    assert 'data-own-theme=""' in bob.client.get(ACCOUNT).content.decode()
    told = alice.client.post("/w/halden/theme/", {"theme": "pink"})
    assert (told.status_code, told.content) == (422, b"'pink' is not one of light, dark, system.")
    alice.user.refresh_from_db()
    assert alice.user.theme == "dark"
    assert actions.choose_theme(alice.user, to="light", by=bob.user).sentence == "Everybody sets their own."


@pytest.mark.django_db
def test_letters_are_switched_off_on_every_page(alice):
    assert 'data-letters="off"' not in alice.client.get(ACCOUNT).content.decode()
    saved(alice)
    assert 'data-letters="off"' in alice.client.get("/w/halden/settings/members/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"locale": "xx"}, {"timezone": "Mars/Olympus"}])
def test_what_is_no_choice_is_refused_beside_its_field(alice, wrong):
    told = saved(alice, **wrong)
    assert told.status_code == 422
    assert b"is not one of the available choices" in told.content
    alice.user.refresh_from_db()
    assert (alice.user.locale, alice.user.timezone, alice.user.has_letters) == ("", "", True)


@pytest.mark.django_db
def test_nobody_sets_it_for_somebody_else(alice, bob):
    refused = actions.change_preferences(bob.user, locale="de-DE", timezone="", has_letters=False, by=alice.user)
    assert refused.sentence == "Everybody sets their own."
    bob.user.refresh_from_db()
    assert bob.user.locale == ""


@pytest.mark.django_db
def test_a_page_is_pinned_for_its_member_alone_and_taken_away(alice, bob):
    path = "/w/halden/people/?q=acme"
    told = alice.client.post("/w/halden/pins/", {"path": path, "label": "Acme's people"})
    assert told.headers["Location"] == path
    page = alice.client.get(path).content.decode()
    assert re.search(r'<a href="/w/halden/people/\?q=acme" title="Acme&#x27;s people" aria-current="page">', page)
    assert "Unpin this page" in page
    assert "Acme&#x27;s people" not in bob.client.get(path).content.decode()
    alice.client.post("/w/halden/pins/", {"path": path, "unpin": "1"})
    assert alice.user.memberships.get().pins == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "label", "words"),
    [
        ("/w/other/people/", "x", "Only pages of this workspace"),
        ("https://evil.example/", "x", "Only pages of this workspace"),
        ("/w/halden/people/", "  ", "A pinned page needs a name."),
    ],
)
def test_other_pages_and_empty_names_are_refused(alice, path, label, words):
    member = alice.user.memberships.get()
    assert refusal_of(lambda: actions.pin_page(member, path=path, label=label, by=member), []).startswith(words)
    told = alice.client.post("/w/halden/pins/", {"path": path, "label": label})
    assert told.headers["Location"].startswith("/w/halden/")
    assert alice.user.memberships.get().pins == []


@pytest.mark.django_db
def test_a_side_bar_takes_twelve(alice):
    member = alice.user.memberships.get()
    for number in range(12):
        member = actions.pin_page(member, path=f"/w/halden/people/?q={number}", label=f"{number}", by=member)
    refused = actions.pin_page(member, path="/w/halden/deals/", label="Deals", by=member)
    assert refused.sentence == "12 pages are pinned; take one away first."
    assert len(alice.user.memberships.get().pins) == 12
