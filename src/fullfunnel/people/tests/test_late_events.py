"""What arrives about somebody after they were forgotten leaves nothing, in the journal neither."""

import msgspec
import pytest

from fullfunnel.core import clock
from fullfunnel.events.event import Arrival
from fullfunnel.events.journal import Journal
from fullfunnel.events.models import Refusal
from fullfunnel.events.store import open_store
from fullfunnel.people import actions
from fullfunnel.people.models import Identity
from tests.kit.cast import drain, send


def arrival(number, **more):
    return Arrival(kind="event", name="form_submitted", at=clock.now_us(), id=f"late-{number}", **more)


@pytest.fixture
def forgotten(ada, ben, website):
    """Ada, whom we were asked to forget; Ben stays."""
    ada.identifies("ada-1", email="ada@halden.example")
    send(website, [arrival(0, user="ada-1", identifiers=[("ga_client_id", "ada-ga")])])
    ben.visits("/pricing")
    actions.forget_person(ada.person, by=None)
    drain()


def journal_holding(data_dir, word):
    return [path.name for path in data_dir.glob("journal.db*") if word.encode() in path.read_bytes()]


def entries(data_dir):
    journal = Journal(data_dir / "journal.db")
    found = [entry for _, entry in journal.read(0, 2**62)]
    journal.close()
    return found


def test_a_late_event_is_emptied_in_the_journal_and_its_neighbours_stay(forgotten, workspace, website, data_dir):
    canary = {"message": "canary-4711"}
    send(
        website,
        [
            arrival(1, anonymous="ben-browser", properties={"message": "from Ben"}),
            arrival(2, user="ada-1", properties=canary),
            arrival(3, anonymous="ada-browser", properties=canary),
        ],
    )
    assert journal_holding(data_dir, "canary-4711") != []
    drain()
    assert journal_holding(data_dir, "canary-4711") == []
    assert journal_holding(data_dir, "from Ben") != []
    last = entries(data_dir)[-1]
    assert (last.count, last.ip, last.user_agent != "") == (3, "203.0.113.7", True)
    rows = open_store().ask(
        lambda d: "SELECT event_id FROM events WHERE workspace_id = ? AND name = 'form_submitted'", [workspace.pk]
    )
    assert [row["event_id"] for row in rows] == ["late-1"]
    assert "canary" not in str(list(Refusal.objects.values_list("item", "reason")))


def test_what_somebody_else_did_stays_without_the_device_they_shared(forgotten, workspace, website, data_dir):
    alias = Arrival(kind="alias", name="identities_aliased", at=clock.now_us(), id="late-2", user="ben-1")
    clicked = arrival(1, user="ben-1", properties={"message": "from Ben"}, identifiers=[("ga_client_id", "ben-ga")])
    both = [*clicked.identifiers, ("ga_client_id", "ada-ga")]
    too_late = msgspec.structs.replace(arrival(3, user="ben-1"), at=2**62)
    send(
        website,
        [
            msgspec.structs.replace(clicked, anonymous="ada-browser", identifiers=both),
            msgspec.structs.replace(alias, previous="ada-1"),
            msgspec.structs.replace(too_late, anonymous="ada-browser"),
        ],
    )
    drain()
    assert [journal_holding(data_dir, word) for word in ("ada-browser", "ada-ga", "ada-1")] == [[], [], []]
    last = entries(data_dir)[-1]
    assert msgspec.json.decode(last.items, type=list[Arrival]) == [clicked, alias, too_late]
    assert last.ip == "203.0.113.7"
    assert ("late-3" in Refusal.objects.get().item, "ada" in Refusal.objects.get().item) == (True, False)
    ben = Identity.objects.get(kind="user_id", value="ben-1").person
    assert set(ben.identities.values_list("value", flat=True)) == {"ben-1", "ben-ga"}


def test_an_alias_that_waits_is_emptied_with_the_name_it_gives(ada, ben, website, data_dir):
    ada.identifies("ada-1")
    ben.visits("/pricing")
    send(website, [Arrival(kind="alias", name="x", at=clock.now_us(), id="a", user="new-1", previous="ada-1")])
    actions.forget_person(ada.person, by=None)
    assert journal_holding(data_dir, "ada-1") == []


def test_where_all_items_were_theirs_nothing_of_the_sender_is_left(forgotten, website, data_dir):
    send(website, [arrival(1, user="ada-1", properties={"message": "canary-4711"})])
    drain()
    last = entries(data_dir)[-1]
    assert (last.ip, last.user_agent, last.count) == ("", "", 1)
    assert journal_holding(data_dir, "canary-4711") == []
    # What is read again says nothing.
    drain()
    assert Refusal.objects.filter(item__contains="canary").count() == 0
