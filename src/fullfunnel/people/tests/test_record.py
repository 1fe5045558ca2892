"""The door to the stream for rooms above: what an action records about a person."""

import msgspec
import pytest
from django.db import transaction

from fullfunnel.events.event import Arrival
from fullfunnel.events.models import Outbox
from fullfunnel.events.record import Sender
from fullfunnel.people import actions
from fullfunnel.people.models import Company, Identity, Person
from fullfunnel.people.record import record
from fullfunnel.people.tests.world import Stream, person
from fullfunnel.workspaces.models import Membership
from tests.kit.cast import CHROME
from tests.kit.outbox import recorded


@pytest.fixture
def jane(workspace):
    Stream(workspace).identify(kind="server", user="jane", email="jane@example.com", anonymous="janes-phone")
    return person(workspace, "user_id", "jane")


def test_an_event_names_the_person_by_the_highest_identifier_and_the_user_by_a_random_id(workspace, jane, bob):
    acme = Company.objects.create(workspace=workspace, key="acme")
    told = {"amount": 1.5, "stage": {"from": "new", "to": "won"}, "nothing": None, "by": "a name"}
    event_id = record(jane, "deal_won", by=bob.user, company=acme, deal="d-1", properties=told, at=1_000_000)
    assert recorded(workspace) == [
        Arrival(
            name="deal_won", at=1_000_000, id=event_id, actor="us", user="jane", company="acme", deal="d-1",
            properties={"amount": "1.5", "stage.from": "new", "stage.to": "won", "by": bob.user.public_id},
        )
    ]  # fmt: skip
    assert b"bob" not in bytes(Outbox.objects.get().arrival)


@pytest.mark.parametrize(
    ("user", "told", "actor"),
    [(True, False, "us"), (True, True, "us"), (False, True, "person"), (False, False, "system")],
)
def test_who_acted_follows_from_who_said_it(workspace, jane, bob, website, user, told, actor):
    membership = Membership.objects.get(user=bob.user)
    record(jane, "activity_logged", by=membership if user else None, said_by=website if told else None)
    [arrival] = recorded(workspace)
    assert (arrival.actor, arrival.properties) == (actor, {"by": bob.user.public_id} if user else {})
    row = Outbox.objects.get()
    assert (row.source_id, row.source_kind) == ((website.pk, "web") if told else (0, ""))


def test_what_the_request_said_of_its_sender_goes_along(jane, website):
    record(jane, "nps_submitted", by=None, said_by=Sender(website, "203.0.113.9", CHROME))
    row = Outbox.objects.get()
    assert (row.source_kind, row.ip, row.user_agent) == ("web", "203.0.113.9", CHROME)


def test_of_somebody_merged_it_is_about_who_they_are_now(workspace, jane):
    Stream(workspace).identify(kind="server", user="jane-2")
    other = person(workspace, "user_id", "jane-2")
    actions.merge_people(other, loser=jane, by=None)
    Outbox.objects.all().delete()
    record(jane, "activity_logged", by=None)
    assert [arrival.user for arrival in recorded(workspace)] == ["jane"]
    assert Identity.objects.get(value="jane").person == other


def test_of_somebody_erased_nothing_is_recorded(workspace, jane):
    gone = Person.objects.get(pk=jane.pk)
    actions.forget_person(jane, by=None)
    with pytest.raises(Person.DoesNotExist):
        record(gone, "activity_logged", by=None)
    assert recorded(workspace) == []


def test_somebody_who_lost_every_identifier_has_one_again(workspace, db):
    lost = Person.objects.create(workspace=workspace, public_id="lost")
    record(lost, "activity_logged", by=None)
    [arrival] = recorded(workspace)
    assert Identity.objects.get(kind="anonymous_id", value=arrival.anonymous).person == lost


def test_what_an_action_takes_back_is_not_recorded(workspace, jane):
    with transaction.atomic():
        record(jane, "activity_logged", by=None)
        transaction.set_rollback(True)
    assert recorded(workspace) == []


def test_a_row_of_the_outbox_says_only_what_was_said(jane):
    record(jane, "activity_logged", by=None, at=5)
    row = msgspec.json.decode(bytes(Outbox.objects.get().arrival))
    assert row.keys() == {"name", "at", "id", "actor", "user"}
