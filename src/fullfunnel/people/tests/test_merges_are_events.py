"""That two people became one, or are two again, stands in the stream: whoever decided it, and once only."""

import pytest

from fullfunnel.events.names import RESERVED
from fullfunnel.people import actions
from fullfunnel.people.import_people import guess, import_rows
from fullfunnel.people.intake import resolve
from fullfunnel.people.models import Merge
from fullfunnel.people.sentences import sentence_of
from fullfunnel.people.tests.world import Stream, person
from tests.kit.outbox import recorded

NOON = 1_767_268_800_000_000


@pytest.fixture
def stream(workspace):
    return Stream(workspace)


@pytest.fixture
def pair(stream, workspace):
    stream.identify(kind="server", user="ada")
    stream.identify(kind="server", user="ben")
    return person(workspace, "user_id", "ada"), person(workspace, "user_id", "ben")


def test_a_merge_by_a_user_is_an_event_about_who_stays(workspace, pair, alice):
    ada, ben = pair
    actions.merge_people(ada, loser=ben, by=alice.user)
    [arrival] = recorded(workspace)
    assert (arrival.name, arrival.user, arrival.actor) == ("people_merged", "ada", "us")
    ids = {"winner": ada.public_id, "loser": ben.public_id}
    assert arrival.properties == {**ids, "cause": "user", "by": alice.user.public_id}
    actions.unmerge_people(Merge.objects.get(), by=alice.user)
    arrival = recorded(workspace)[-1]
    assert (arrival.name, arrival.user, arrival.actor) == ("people_unmerged", "ada", "us")
    assert arrival.properties == {**ids, "by": alice.user.public_id}


def test_a_merge_that_is_refused_is_no_event(workspace, pair):
    ada, _ = pair
    actions.merge_people(ada, loser=ada, by=None)
    assert recorded(workspace) == []


@pytest.mark.parametrize(("kind", "cause"), [("web", "event"), ("server", "server key")])
def test_a_merge_that_the_stream_makes_is_the_systems(stream, workspace, kind, cause):
    stream.identify(kind="server", user="ada")
    stream.page(anonymous="a1")
    ada, visitor = person(workspace, "user_id", "ada"), person(workspace, "anonymous_id", "a1")
    stream.identify(kind=kind, user="ada", anonymous="a1", at=NOON)
    [arrival] = recorded(workspace)
    assert (arrival.name, arrival.user, arrival.actor, arrival.at) == ("people_merged", "ada", "system", NOON)
    assert arrival.properties == {"winner": ada.public_id, "loser": visitor.public_id, "cause": cause}


def test_people_made_in_the_batch_that_merges_them_are_named_too(stream, workspace):
    stream.send(
        stream.arrival(anonymous="a1"),
        stream.arrival("person_identified", user="ada"),
        stream.arrival("person_identified", user="ada", anonymous="a1"),
    )
    merge = Merge.objects.get()
    [arrival] = recorded(workspace)
    assert arrival.properties == {
        "winner": merge.winner.public_id, "loser": merge.loser.public_id, "cause": "event"
    }  # fmt: skip


def test_an_import_that_merges_says_so(stream, workspace):
    stream.identify(kind="server", user="ada")
    stream.identify(kind="web", email="ada@example.com")
    rows = [(1, {"user_id": "ada", "email": "ada@example.com"})]
    import_rows(workspace, rows, guess(["user_id", "email"]))
    assert [arrival.properties["cause"] for arrival in recorded(workspace, "people_merged")] == ["import"]


def test_a_batch_resolved_again_after_a_kill_merges_and_records_nothing_twice(stream, workspace):
    arrivals = [
        stream.arrival(anonymous="a1"),
        stream.arrival("person_identified", user="ada"),
        stream.arrival("person_identified", user="ada", anonymous="a1"),
    ]
    resolve(stream.drafts(arrivals))
    before = recorded(workspace)
    for _ in range(2):
        stream.batch -= 1
        resolve(stream.drafts(arrivals))
    assert recorded(workspace) == before
    assert Merge.objects.count() == 1


def test_no_client_can_say_it():
    assert {"people_merged", "people_unmerged"} <= RESERVED


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("user", "a user decided so"),
        ("server key", "a server said so"),
        ("import", "an imported row named both"),
        ("event", "an event named both"),
    ],
)
def test_the_timeline_says_why(cause, words):
    assert sentence_of("people_merged", {}, {"cause": cause}) == f"Became one with another record: {words}"
    assert sentence_of("people_unmerged", {}, {}) == "Was separated again from a record merged before"
