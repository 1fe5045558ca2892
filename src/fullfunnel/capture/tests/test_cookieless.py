"""Visitors without a cookie, from the real endpoint to a person of the stream: one in a day, nobody on the next."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from fullfunnel.capture import visitors
from fullfunnel.capture.on_tick import forget_salts
from fullfunnel.core import clock
from tests.kit.writes import recorded_writes

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36"
)


@pytest.fixture
def visit(capture, web_key):
    """Sends a page view, cookieless: the arrival's anonymous id and user. `peer` and `agent` say who it is."""

    def send(at=NOON, peer="203.0.113.9", agent=CHROME, key=web_key, **item):
        item = {"type": "page", "properties": {"path": "/"}} | item
        # Not clock.frozen: the application runs in a context of its own.
        with time_machine.travel(at):
            told = capture.send(
                "/v1/batch", {"batch": [item], "cookieless": True}, key=key, peer=peer, user_agent=agent
            )
        assert told.status == 200, told.body
        [arrival] = capture.arrivals()
        return arrival.anonymous, arrival.user

    return send


def salts(folder):
    return sorted(path.name for path in folder.glob("salt.*"))


def test_two_visits_of_a_day_are_one_visitor_and_the_next_day_is_another(visit):
    first, _ = visit()
    assert len(first) == 32
    assert visit(NOON + timedelta(hours=11, minutes=59))[0] == first
    assert visit(NOON + timedelta(hours=12))[0] != first


def test_the_salt_is_on_disk_before_an_id_is_made_with_it(tmp_path, monkeypatch):
    done = recorded_writes(monkeypatch)
    with clock.frozen(NOON):
        visitors.day_id(tmp_path, 1, "203.0.113.7", "x")
    assert done == ["sync file", "link salt.2026-11-22", "sync directory"]


def test_a_salt_that_a_power_cut_emptied_is_made_anew(tmp_path):
    (tmp_path / "salt.2026-11-22").write_bytes(b"")
    with clock.frozen(NOON):
        first = visitors.day_id(tmp_path, 1, "203.0.113.7", "x")
        assert visitors.day_id(tmp_path, 1, "203.0.113.7", "x") == first
    assert len((tmp_path / "salt.2026-11-22").read_bytes()) == visitors.SALT_BYTES


@pytest.mark.parametrize("other", [{"peer": "203.0.113.10"}, {"agent": CHROME + " Edg/149"}])
def test_another_address_or_browser_is_another_visitor(visit, other):
    assert visit()[0] != visit(**other)[0]


def test_an_ipv6_visitor_is_one_over_the_addresses_of_the_household(visit):
    assert visit(peer="2001:db8:1:2::3")[0] == visit(peer="2001:db8:1:2:ffff::9")[0] != visit(peer="2001:db8:1:3::3")[0]


def test_the_same_visitor_is_another_at_another_source(visit, workspace):
    from fullfunnel.capture.tests.conftest import key_of

    assert visit()[0] != visit(key=key_of(workspace, "web"))[0]


def test_who_says_a_name_is_that_and_never_tied_to_the_days_id(visit):
    assert visit(type="identify", userId="ada") == (None, "ada")
    assert visit(type="identify", traits={"email": "ada@h.example"}) == (None, None)
    assert visit(anonymousId="kept-by-the-site") == ("kept-by-the-site", None)


def test_neither_address_nor_name_stands_in_the_journal(capture, web_key):
    capture.send("/v1/page", {"cookieless": True}, key=web_key, peer="203.0.113.9", user_agent=CHROME)
    [entry] = capture.entries()
    assert (entry.ip, entry.user_agent) == ("", CHROME)


def test_a_server_cannot_have_a_visitor_made_of_its_own_address(capture, server_key):
    told = capture.send("/v1/page", {"cookieless": True}, key=server_key)
    assert (told.status, told.json["refused"][0]["field"]) == (400, "userId")
    assert capture.arrivals() == []


@pytest.mark.parametrize("said", [False, "true", 1, None, {}])
def test_only_true_is_cookieless(capture, web_key, said):
    assert capture.send("/v1/page", {"cookieless": said}, key=web_key).status == 400


def test_a_salt_that_is_just_being_made_is_never_emptied(tmp_path, monkeypatch):
    """Midnight: the worker clears up while the first request of the day makes the salt."""
    link = os.link

    def cleared_before(fresh, path):
        if not cleared:
            cleared.append(fresh)
            visitors.forget_salts(tmp_path)
        link(fresh, path)

    cleared = []
    monkeypatch.setattr(os, "link", cleared_before)
    first = visitors.day_id(tmp_path, 1, "203.0.113.7", "x")
    assert len(cleared) == 1
    [name] = salts(tmp_path)
    assert (tmp_path / name).read_bytes() != bytes(visitors.SALT_BYTES)
    assert visitors.day_id(tmp_path, 1, "203.0.113.7", "x") == first
    # What a crash left beside it is the same file, or one that no id was made with.
    link(tmp_path / name, tmp_path / "salt.fresh.1.ab")
    visitors.forget_salts(tmp_path)
    assert (salts(tmp_path), visitors.day_id(tmp_path, 1, "203.0.113.7", "x")) == ([name], first)


def test_the_salt_is_its_owners_alone_and_gone_after_the_day(visit, tmp_path):
    visit()
    assert salts(tmp_path) == ["salt.2026-11-22"]
    assert (tmp_path / "salt.2026-11-22").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "salt.2026-11-22").read_bytes()
    assert len(before) == 32
    with clock.frozen(NOON + timedelta(hours=11)):
        forget_salts()
    assert (tmp_path / "salt.2026-11-22").read_bytes() == before
    visit(NOON + timedelta(days=1))
    with clock.frozen(NOON + timedelta(days=1)):
        forget_salts()
    assert salts(tmp_path) == ["salt.2026-11-23"]
    assert (tmp_path / "salt.2026-11-23").read_bytes() != before
    # Also without a visitor.
    with clock.frozen(NOON + timedelta(days=3)):
        forget_salts()
    assert salts(tmp_path) == []


SAYS_ID = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import django
django.setup()
from fullfunnel.capture.visitors import day_id
from fullfunnel.core import clock

with clock.frozen(datetime(2026, 11, 22, 12, tzinfo=UTC)):
    print(day_id(Path(sys.argv[1]), 7, "203.0.113.9", "A"))
"""


def test_the_same_id_comes_from_every_process(tmp_path):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "fullfunnel.config.settings"}
    said = [
        subprocess.Popen([sys.executable, "-c", SAYS_ID, str(tmp_path)], env=environment, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    ids = {one.communicate()[0].decode().strip() for one in said}
    assert len(ids) == 1
    assert len(ids.pop()) == 32
    assert salts(tmp_path) == ["salt.2026-11-22"]


def test_bots_are_told_from_people_as_ever(capture, web_key, workspace, settings, tmp_path):
    from fullfunnel.events import on_tick
    from fullfunnel.events.drain import close_drain
    from fullfunnel.people.models import Person

    body = {"batch": [{"type": "page", "messageId": "b1"}], "cookieless": True}
    capture.send("/v1/batch", body, key=web_key, user_agent="Googlebot/2.1 (+http://www.google.com/bot.html)")
    capture.send("/v1/batch", json.loads(json.dumps(body).replace("b1", "b2")), key=web_key, user_agent=CHROME)
    capture.send("/v1/batch", json.loads(json.dumps(body).replace("b1", "b3")), key=web_key, user_agent=CHROME)
    while on_tick.drain():
        pass
    assert Person.objects.filter(workspace=workspace).count() == 1
    close_drain(tmp_path)
