"""Settings, sources and keys: what is shown once, what stays, what each change leaves in the audit trail."""

import re
from typing import Any

import pytest

from fullfunnel.core import clock
from fullfunnel.workspaces import actions
from fullfunnel.workspaces.keys import digest, key_of
from fullfunnel.workspaces.models import ApiKey, AuditEntry, Source, Workspace, WriteKey
from fullfunnel.workspaces.on_event import on_events
from tests.kit.cast import Member

HERE = "/w/halden/settings/"


def shown(response: Any) -> str:
    found = re.search(r'id="secret" class="wrap">([^<]+)<', response.content.decode())
    return found.group(1) if found else ""


def test_an_api_key_is_shown_once_and_kept_as_its_hash(alice, workspace):
    key = shown(alice.client.post(HERE + "keys/", {"name": "report", "scopes": ["ask"]}))
    assert key.startswith("ffa_")
    assert (key_of(f"Bearer {key}", "ask").workspace, key_of(f"Bearer {key}", "export")[0]) == (workspace, 403)
    assert key not in alice.client.get(HERE + "keys/").content.decode()
    kept = ApiKey.objects.get()
    assert (kept.digest, key in str(vars(kept)), kept.created_by) == (digest(key), False, alice.user)
    assert key not in str(list(AuditEntry.objects.values()))


def test_a_revoked_api_key_is_refused_at_once(alice):
    key = shown(alice.client.post(HERE + "keys/", {"name": "report", "scopes": ["ask", "export"]}))
    alice.client.post(f"{HERE}keys/{ApiKey.objects.get().pk}/revoke/")
    assert key_of(f"Bearer {key}", "ask")[0] == 401
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["create_api_key", "revoke_api_key"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": "x"}, "what the key may do"),
        ({"scopes": ["ask"]}, "needs a name"),
        ({"name": "x", "scopes": ["all"]}, "Select a valid choice"),
    ],
)
def test_a_wrong_key_form_makes_no_key_and_loses_nothing_typed(alice, form, told):
    response = alice.client.post(HERE + "keys/", form)
    assert (response.status_code, ApiKey.objects.count()) == (422, 0)
    assert told in response.content.decode()
    assert "name" not in form or 'value="x"' in response.content.decode()


def test_a_source_shows_its_write_key_once_with_snippets_that_hold_it(alice):
    page = alice.client.post(HERE + "sources/", {"name": "www", "kind": "web"})
    key = shown(page)
    assert key.startswith("ffw_")
    assert page.content.decode().count(key) == 7
    source = Source.objects.get()
    again = alice.client.get(f"{HERE}sources/{source.pk}/").content.decode()
    assert key not in again
    assert "ffw_YOUR_WRITE_KEY" in again
    assert WriteKey.objects.get(digest=digest(key)).source == source


def test_a_key_is_changed_without_a_gap(alice, website):
    first = shown(alice.client.post(f"{HERE}sources/{website.pk}/rotate/"))
    second = shown(alice.client.post(f"{HERE}sources/{website.pk}/rotate/"))
    live = WriteKey.objects.filter(source=website, revoked_at=None)
    assert {key.digest for key in live} == {digest(first), digest(second)}
    old = live.get(digest=digest(first))
    alice.client.post(f"{HERE}sources/{website.pk}/keys/{old.pk}/revoke/")
    assert [key.digest for key in live.all()] == [digest(second)]


def test_a_file_source_has_no_key(alice):
    page = alice.client.post(HERE + "sources/", {"name": "old shop", "kind": "file"})
    assert (shown(page), WriteKey.objects.count()) == ("", 0)
    assert b"fullfunnel import events FILE --workspace halden" in page.content


class Arrived:
    def __init__(self, source: Source, at: int) -> None:
        self.workspace_id, self.source_id, self.received_at = source.workspace_id, source.pk, at


def test_a_source_says_when_something_last_arrived(alice, website, server):
    status = f"{HERE}sources/{website.pk}/status/"
    assert b"Nothing has arrived yet" in alice.client.get(status).content
    now = clock.now_us()
    on_events([Arrived(website, now), Arrived(website, now - 5)], live=True)
    on_events([Arrived(website, now - 9)], live=False)
    website.refresh_from_db()
    server.refresh_from_db()
    assert (website.last_arrival_at, server.last_arrival_at) == (clock.from_us(now), None)
    # 286 ends htmx's asking.
    assert alice.client.get(status).status_code == 286


def test_settings_are_kept_and_audited_with_old_and_new(alice, workspace):
    form = {"name": "Halden AG", "timezone": "Europe/Zurich", "currency": "chf"}
    assert alice.client.post(HERE + "workspace/", form).status_code == 302
    workspace.refresh_from_db()
    now = (workspace.name, workspace.timezone, workspace.currency, workspace.slug)
    assert now == ("Halden AG", "Europe/Zurich", "CHF", "halden")
    assert AuditEntry.objects.get().detail == {
        "name": ["Halden", "Halden AG"],
        "timezone": ["Europe/Berlin", "Europe/Zurich"],
        "currency": ["EUR", "CHF"],
    }
    alice.client.post(HERE + "workspace/", form)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": " "}, "needs a name"),
        ({"timezone": "Mars"}, "Select a valid choice"),
        ({"currency": "E1"}, "three capital letters"),
    ],
)
def test_wrong_settings_change_nothing(alice, workspace, wrong, told):
    form = {"name": "Halden", "timezone": "Europe/Berlin", "currency": "EUR"} | wrong
    response = alice.client.post(HERE + "workspace/", form)
    assert (response.status_code, AuditEntry.objects.count()) == (422, 0)
    assert told in response.content.decode()


def test_how_you_sell_is_asked_on_the_way_in_until_it_is_answered(alice, bob, workspace):
    Workspace.objects.update(sells="")
    assert alice.client.get("/")["Location"] == "/w/halden/how-you-sell/"
    assert bob.client.get("/")["Location"] == "/w/halden/inbox/"
    assert alice.client.post("/w/halden/how-you-sell/", {"sells": "magic"}).status_code == 422
    assert alice.client.post("/w/halden/how-you-sell/", {"sells": "online"})["Location"] == "/w/halden/"
    assert alice.client.get("/")["Location"] == "/w/halden/"
    workspace.refresh_from_db()
    assert (workspace.sells, AuditEntry.objects.get().detail) == ("online", {"sells": ["", "online"]})


def test_a_user_without_a_workspace_is_told_so(db, data_dir):
    page = Member("dora@halden.example", "Dora").client.get("/")
    assert b"not a member of any workspace" in page.content


def test_slugs_are_made_from_names_and_never_clash(alice):
    names = ["Müller & Söhne", "Müller & Söhne", "Halden", "東京", "x" * 300]
    made = [actions.create_workspace(name, owner=alice.user, by=None) for name in names[:4]]
    assert [workspace.slug for workspace in made] == ["muller-sohne", "muller-sohne-2", "halden-2", "workspace"]
    assert (
        actions.create_workspace(names[4], owner=alice.user, by=None).sentence == "A name has at most 200 characters."
    )


def test_times_are_shown_in_the_workspaces_zone(alice):
    from datetime import UTC, datetime

    with clock.frozen(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)):
        alice.client.post("/w/halden/how-you-sell/", {"sells": "online"})
    assert b"2 Jul 2026, 00:30 CEST" in alice.client.get(HERE + "audit/").content
