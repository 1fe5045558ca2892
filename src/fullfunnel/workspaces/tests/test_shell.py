"""The shell: what Ctrl-K knows, where each role lands, what stays folded, and errors inside it."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from fullfunnel.workspaces import actions
from fullfunnel.workspaces.models import Role, Sells
from fullfunnel.workspaces.shell import first_page

# What somebody of the trade types, and the pages where they may land: the name of the page's entry or act.
TRADE = {
    "lead nurturing": "Inbox", "tofu": "Funnels", "mofu": "Funnels", "bofu": "Funnels", "cdp": "People",
    "roi": "Attribution", "roas": "Attribution", "cac": "Attribution", "mql": "Inbox", "sql": "Inbox", "sal": "Inbox",
    "sla": "Inbox", "bant": "Inbox", "lead scoring": "Inbox", "pipeline": "Deals", "forecast": "Deals", "win rate": "Deals",
    "churn": "Retention", "ltv": "Retention", "cohort": "Retention", "nps": "Funnels", "advocacy": "Funnels",
    "customer journey": "Funnels", "persona": "People", "abm": "Companies", "lead magnet": "Forms", "inbound": "Forms",
    "utm": "Attribution", "kpi": "Overview", "pixel": "Sources and snippet", "branding": "Look of customers' pages",
}  # fmt: skip


def commands(user, path="/w/halden/settings/account/"):
    page = user.client.get(path).content.decode()
    [told] = re.findall(r'<script id="palette-commands" type="application/json">(.*?)</script>', page)
    return json.loads(told)


@pytest.mark.django_db
def test_the_words_of_the_trade_are_found_and_lead_to_pages_that_answer(alice, workspace):
    actions.set_how_you_sell(workspace, to=Sells.COMPANIES, by=alice.user)
    told = commands(alice)
    found = {word: {each["label"] for each in told if word in each["words"]} for word in TRADE}
    assert {word: page for word, page in TRADE.items() if page not in found[word]} == {}
    addresses = {each["href"].partition("?")[0] for each in told if "href" in each}
    # The home of a workspace without data and the settings' own address lead on.
    leads_on = {"/w/halden/", "/w/halden/settings/"}
    answered = {path: alice.client.get(path).status_code for path in addresses}
    assert answered == {path: 302 if path in leads_on else 200 for path in addresses}


def test_every_page_of_the_menu_has_words_and_words_are_written_in_lower_case():
    words = [word for told in settings.WORDS.values() for word in told]
    words += [word for command in settings.COMMANDS for word in command.words]
    assert [word for word in words if word != word.lower()] == []
    assert set(settings.WORDS) <= {entry[2] for entry in settings.NAV}
    assert all(command.does.startswith(("theme:",)) or command.does in ("keys", "fold", "pin", "unpin") or ":" in command.does
               for command in settings.COMMANDS)  # fmt: skip


@pytest.mark.django_db
def test_what_a_role_may_not_do_is_not_offered(alice, bob):
    assert {"Invite somebody", "New deal", "Dark theme"} <= {each["label"] for each in commands(alice)}
    offered = {each["label"] for each in commands(bob)}
    assert {"New deal", "Your account", "Dark theme"} <= offered
    assert not {"Invite somebody", "API keys", "Style guide"} & offered


@pytest.mark.django_db
def test_a_seller_lands_on_the_inbox_and_has_it_at_the_thumb(alice, bob, workspace):
    assert bob.client.get("/").headers["Location"] == "/w/halden/inbox/"
    assert first_page(alice.user.memberships.get()) == "/w/halden/"
    bar = re.search(r'class="bottombar".*?</nav>', bob.client.get("/w/halden/deals/").content.decode(), re.S)
    assert re.findall(r"<span>([\w ]+)</span>", bar[0]) == ["Inbox", "Deals", "New lead", "Tasks", "More"]
    actions.set_how_you_sell(workspace, to=Sells.ONLINE, by=alice.user)
    assert first_page(bob.user.memberships.get()) == "/w/halden/"


@pytest.mark.django_db
def test_a_group_that_was_folded_comes_folded(alice):
    alice.client.cookies["ff-folded"] = "sales"
    page = alice.client.get("/w/halden/settings/account/").content.decode()
    assert re.search(r'data-fold-group="sales" aria-controls="nav-sales"\s+aria-expanded="false"', page)
    assert '<ul id="nav-sales" class="is-folded">' in page
    assert re.search(r'data-fold-group="analyse" aria-controls="nav-analyse"\s+aria-expanded="true"', page)
    assert '<ul class="is-folded">' not in page


@pytest.mark.django_db
def test_an_error_stands_inside_the_shell_and_says_what_would_be_right(alice, bob):
    lost = bob.client.get("/w/halden/people/nobody/")
    assert lost.status_code == 404
    page = lost.content.decode()
    assert 'class="sidebar"' in page
    assert 'href="/w/halden/people/">To People</a>' in page
    refused = bob.client.get("/w/halden/settings/members/")
    assert refused.status_code == 403
    page = refused.content.decode()
    assert "It is for owners and admins." in page
    assert "You are seller of Halden." in page
    assert "Alice can give you such a role" in page
    assert 'class="sidebar"' in page


@pytest.mark.django_db
def test_a_page_that_breaks_keeps_the_shell_and_one_whose_shell_breaks_is_bare(alice, monkeypatch):
    from fullfunnel.workspaces import shell
    from fullfunnel.workspaces.views import settings as view

    def breaks(*_, **__):
        raise ValueError("ada@halden.example")

    monkeypatch.setattr(view.forms, "ChangePassword", breaks)
    client = Client(raise_request_exception=False)
    client.cookies = alice.client.cookies
    broken = client.get("/w/halden/settings/account/")
    page = broken.content.decode()
    assert broken.status_code == 500
    assert 'class="sidebar"' in page
    assert "500 · workspaces:account · " in page
    assert "ada@" not in page
    monkeypatch.setattr(shell, "nav_items", breaks)
    bare = client.get("/w/halden/settings/account/")
    assert bare.status_code == 500
    assert b"Something broke here" in bare.content
    assert b'class="sidebar"' not in bare.content


@pytest.mark.django_db
def test_strangers_get_errors_that_say_nothing_of_a_workspace(alice):
    page = Client().get("/w/halden/nothing-here/").content.decode()
    assert "There is nothing here" in page
    assert "Halden" not in page
    assert Role.OWNER not in page
