"""What arrives about somebody after they were forgotten leaves nothing, in the journal neither."""

import pytest

from fullfunnel.core import clock
from fullfunnel.events.event import Arrival
from fullfunnel.events.journal import Journal
from fullfunnel.events.models import Refusal
from fullfunnel.events.store import open_store
from fullfunnel.people import actions
from tests.cast import drain, send


@pytest.fixture
def forgotten(ada, ben):
    """Ada, whom we were asked to forget; Ben stays."""
    ada.identifies("ada-1", email="ada@halden.example")
    ben.visits("/pricing")
    actions.forget_person(ada.person, by=None)
    drain()


def arrival(number, **more):
    return Arrival(kind="event", name="form_submitted", at=clock.now_us(), id=f"late-{number}", **more)


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


def test_where_all_items_were_theirs_nothing_of_the_sender_is_left(forgotten, website, data_dir):
    send(website, [arrival(1, user="ada-1", properties={"message": "canary-4711"})])
    drain()
    last = entries(data_dir)[-1]
    assert (last.ip, last.user_agent, last.count) == ("", "", 1)
    assert journal_holding(data_dir, "canary-4711") == []
    # What is read again says nothing.
    drain()
    assert Refusal.objects.filter(item__contains="canary").count() == 0
