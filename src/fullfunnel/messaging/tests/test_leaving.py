"""Leaving: one click of a mail program, the preference centre, links of merged, erased and long gone people."""

from datetime import timedelta

import pytest
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.messaging.actions import choose_topics, create_topic
from fullfunnel.messaging.links import preferences_token
from fullfunnel.messaging.models import Pause, Suppression
from fullfunnel.messaging.standing import paused_until, standings_of, topics_of
from fullfunnel.people.actions import forget_person, merge_people
from fullfunnel.people.identifiers import EMAIL, digest
from tests.kit.cast import Member
from tests.kit.outbox import recorded

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def webinars(workspace):
    return create_topic(workspace, name="Webinars", by=None)


@pytest.fixture
def reader(known, note, webinars):
    """Ada agreed to both topics."""
    choose_topics(known, keys=[note.key, webinars.key], source="told Bob", by=None)
    return known


@pytest.fixture
def address(reader, note):
    return f"/u/{preferences_token(reader, 'ada@acme.example', note)}/"


def states(person):
    return {each.topic.key: each.state for each in standings_of(person, topics_of(person.workspace))}


def test_one_click_leaves_the_topic_of_the_mail_without_cookie_or_token(address, reader, workspace):
    program = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    for data, kind in (("List-Unsubscribe=One-Click", FORM), ("List-Unsubscribe=One-Click", FORM)):
        answer = program.post(address, data, content_type=kind)
        assert (answer.status_code, answer.headers.get("Location")) == (200, None)
    assert states(reader) == {"monthly-note": "no", "webinars": "yes"}
    assert [event.properties["topic"] for event in recorded(workspace, "unsubscribed")] == ["monthly-note"]


def test_one_click_may_come_as_multipart(address, reader):
    assert Client(enforce_csrf_checks=True).post(address, ONE_CLICK).status_code == 200
    assert states(reader)["monthly-note"] == "no"


def test_opening_the_page_changes_nothing_even_with_the_pair_in_the_address(address, reader):
    for method in ("get", "head"):
        assert getattr(Client(), method)(f"{address}?List-Unsubscribe=One-Click").status_code == 200
    assert states(reader) == {"monthly-note": "yes", "webinars": "yes"}


def test_a_link_of_three_years_ago_still_works(address, reader):
    with clock.frozen(clock.now() + timedelta(days=1_100)):
        assert Client().post(address, ONE_CLICK).status_code == 200
        assert states(reader)["monthly-note"] == "no"


def test_of_a_merged_person_the_one_who_stays_is_unsubscribed(address, reader, ben, note):
    ben.identifies("ben-1", email="ben@acme.example")
    winner = ben.person
    choose_topics(winner, keys=[note.key], source="told Bob", by=None)
    merge_people(winner, loser=reader, by=None)
    Client().post(address, ONE_CLICK)
    assert states(winner)["monthly-note"] == "no"


def test_of_an_erased_person_the_address_stays_suppressed_by_its_hash(address, reader, workspace):
    forget_person(reader, by=None)
    erased = Client().post(address, ONE_CLICK)
    forged = Client().post("/u/nonsense/", ONE_CLICK)
    assert (erased.status_code, erased.content) == (forged.status_code, forged.content)
    row = Suppression.objects.get()
    assert (row.digest, row.reason) == (digest(workspace.pk, (EMAIL, "ada@acme.example")), "unsubscribed")


def test_never_again_takes_back_all_and_may_be_undone(address, reader):
    page = Client().post(f"{address}all").content.decode()
    assert "You get nothing more" in page
    assert states(reader) == {"monthly-note": "no", "webinars": "no"}
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        assert "Saved." in Client().post(address, {"save": "1", "topic": ["webinars"]}).content.decode()
    assert states(reader) == {"monthly-note": "no", "webinars": "yes"}


def test_a_pause_of_thirty_days_is_begun_and_ended(address, reader):
    assert "You hear nothing from us until" in Client().post(address, {"pause": "1"}).content.decode()
    assert paused_until(reader) == Pause.objects.get().until
    assert states(reader)["monthly-note"] == "yes"
    assert "The silence is over" in Client().post(address, {"resume": "1"}).content.decode()
    assert paused_until(reader) is None


def test_the_page_speaks_the_browsers_language(address):
    page = Client(headers={"Accept-Language": "de"}).get(address).content.decode()
    assert "Worüber dürfen wir Ihnen schreiben?" in page
    assert "Monthly note" in page


def test_a_seller_notes_a_no_that_was_told_and_a_viewer_cannot(reader, bob, workspace):
    viewer = Member("eve@halden.example", "Eve").joins(workspace, "viewer")
    path = f"/w/halden/people/{reader.public_id}/topics/leave/"
    assert viewer.client.post(path, {"topic": "monthly-note"}).status_code == 403
    assert states(reader)["monthly-note"] == "yes"
    bob.client.post(path, {"topic": "monthly-note"})
    assert states(reader)["monthly-note"] == "no"
    panel = bob.client.get(f"/w/halden/people/{reader.public_id}/topics/").content.decode()
    assert "told Bob" in panel
