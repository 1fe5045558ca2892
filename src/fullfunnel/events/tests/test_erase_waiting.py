"""Taking somebody out of what waits, while the drain is at it."""

import msgspec
import pytest

from fullfunnel.events.erasure import erase_waiting, replace_items
from fullfunnel.events.event import Arrival
from fullfunnel.events.journal import Journal
from fullfunnel.events.models import Outbox
from fullfunnel.events.record import record_event
from fullfunnel.events.tests.stream import arrival, put
from fullfunnel.events.waiting import ERASED
from fullfunnel.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(data_dir):
    return Workspace.objects.create(name="x", slug="x")


def forget_ada(workspace):
    return erase_waiting(workspace.pk, ["ada-7341"], lambda item: item.user == "ada-7341")


def test_what_was_emptied_meanwhile_is_not_put_back(workspace, data_dir):
    mine, theirs = arrival(1, who="ada-7341"), arrival(2, who="ben")
    put(data_dir, workspace, mine, theirs)
    record_event(workspace.pk, mine)
    journal, waiting = Journal(data_dir / "journal.db"), Outbox.objects.get()
    row = journal.last_id()
    assert forget_ada(workspace) == 2
    # The drain has read both before, and takes a device out of them.
    left = {f"{row}:0": mine, f"{row}:1": msgspec.structs.replace(theirs, anonymous=None), f"o{waiting.pk}:0": mine}
    assert replace_items(journal, left)
    [(_, entry)] = journal.read(row, row)
    first, second = msgspec.json.decode(entry.items, type=list[Arrival])
    assert (first.kind, second.user) == (ERASED, "ben")
    assert b"7341" not in bytes(Outbox.objects.get().arrival)


def test_the_drains_change_and_an_erasure_of_one_entry_both_stand(workspace, data_dir):
    put(data_dir, workspace, arrival(1, who="ada-7341"), arrival(2, who="ben", anonymous="shared"))
    journal = Journal(data_dir / "journal.db")
    row = journal.last_id()
    assert replace_items(journal, {f"{row}:1": arrival(2, who="ben")})
    assert forget_ada(workspace) == 1
    [(_, entry)] = journal.read(row, row)
    assert b"7341" not in entry.items
    assert b"shared" not in entry.items
    assert b"ben" in entry.items
