from decimal import Decimal

import msgspec
import pytest

from fullfunnel.core import clock
from fullfunnel.events import drain as drain_module
from fullfunnel.events import on_tick
from fullfunnel.events.event import Arrival
from fullfunnel.events.journal import Journal
from fullfunnel.events.models import Batch, Cursor, KeyBlock, LakeFile, Outbox, Refusal
from fullfunnel.events.reactions import telling
from fullfunnel.events.record import record_event
from fullfunnel.events.store import open_store
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.tests import stream
from fullfunnel.events.tests.stream import NOON, arrival, drain, put, stored
from fullfunnel.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
HERE = "fullfunnel.events.tests.stream."


@pytest.fixture
def workspace(data_dir, settings):
    settings.INTAKE = [HERE + "name_them"]
    settings.ON_EVENT = [("react", HERE + "react", "now")]
    stream.told.clear()
    stream.is_failing = False
    telling._again_at.clear()
    return Workspace.objects.create(name="Halden", slug="halden")


def test_what_arrived_stands_in_the_lake_with_all_it_said(workspace, data_dir):
    said = arrival(
        1,
        actor="us",
        session="s1",
        deal="d9",
        properties={"plan": "pro", "revenue": "12.5", "currency": "EUR", "empty": ""},
    )
    put(data_dir, workspace, said)
    drain()
    batch = Batch.objects.get()
    [event] = open_store().read_batch(batch.pk)
    assert event.seq == batch.pk * SEQ_SPAN
    assert (event.event_id, event.name, event.actor, event.session_id, event.deal_id) == (
        "id-1",
        "page_viewed",
        "us",
        "s1",
        "d9",
    )
    assert (event.identity_id, event.source_id, event.occurred_at) == (11, 5, NOON)
    assert (event.revenue, event.currency, event.properties) == ("12.5000", "EUR", {"plan": "pro", "empty": ""})
    assert stored(workspace, "revenue") == [Decimal("12.5000")]
    assert (batch.state, batch.events, batch.duplicates) == ("stored", 1, 0)


def test_the_order_of_arrival_is_the_order_of_seq_and_the_outbox_comes_last(workspace, data_dir):
    record_event(workspace.pk, arrival("o"))
    put(data_dir, workspace, arrival(1), arrival(2))
    put(data_dir, workspace, arrival(3))
    drain()
    assert stored(workspace) == ["id-1", "id-2", "id-3", "id-o"]
    assert stored(workspace, "seq") == [Batch.objects.get().pk * SEQ_SPAN + i for i in range(4)]


def test_an_id_counts_once_in_a_batch_in_later_batches_and_per_workspace(workspace, data_dir):
    other = Workspace.objects.create(name="Other", slug="other")
    put(data_dir, workspace, arrival(1), arrival(2), arrival(1))
    drain()
    put(data_dir, workspace, arrival(2), arrival(3))
    put(data_dir, other, arrival(1))
    drain()
    assert stored(workspace) == ["id-1", "id-2", "id-3"]
    assert stored(other) == ["id-1"]
    assert list(Batch.objects.order_by("pk").values_list("events", "duplicates")) == [(2, 1), (2, 1)]


def test_an_id_is_remembered_after_its_key_moved_into_a_file_and_live_ones_for_30_days(workspace, data_dir):
    monday = clock.from_us(NOON)
    with clock.frozen(monday):
        put(data_dir, workspace, arrival("live"))
        put(data_dir, workspace, arrival("import"), forever=True)
        drain()
        assert drain_module.drain_of(data_dir).memory.roll(all_of_them=True)
    assert KeyBlock.objects.count() == 0
    for days, known in ((30, ["id-live", "id-import"]), (31, ["id-live", "id-import", "id-live"])):
        with clock.frozen(clock.from_us(NOON + days * 86_400_000_000)):
            on_tick.compact()
            put(data_dir, workspace, arrival("live"), arrival("import"))
            drain()
            assert stored(workspace) == known


def test_a_batch_cut_short_after_the_append_is_repeated_with_the_same_numbers(workspace, data_dir, monkeypatch):
    put(data_dir, workspace, arrival(1), arrival(2))
    plain = drain_module.duplicates.remember
    monkeypatch.setattr(drain_module.duplicates, "remember", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        on_tick.drain()
    assert (stored(workspace), LakeFile.objects.count(), KeyBlock.objects.count()) == ([], 0, 0)
    monkeypatch.setattr(drain_module.duplicates, "remember", plain)
    put(data_dir, workspace, arrival(3))
    drain()
    first = Batch.objects.order_by("pk")[0].pk * SEQ_SPAN
    assert stored(workspace) == ["id-1", "id-2", "id-3"]
    assert stored(workspace, "seq")[:2] == [first, first + 1]


def test_a_poisonous_item_fails_alone_and_is_kept_whole(workspace, data_dir, settings):
    settings.INTAKE = [HERE + "name_them", HERE + "fail_on_poison"]
    poison = arrival(2, name="poison", properties={"text": "y" * 5_000})
    put(data_dir, workspace, arrival(1), poison, *(arrival(n) for n in range(3, 10)))
    drain()
    assert stored(workspace) == ["id-1", *(f"id-{n}" for n in range(3, 10))]
    assert set(stored(workspace, "properties['touched']")) == {"x"}
    refusal = Refusal.objects.get()
    assert refusal.reason == "fullfunnel failed on this item (ValueError); it is kept whole, to be sent again"
    assert msgspec.json.decode(refusal.item, type=Arrival).properties["text"] == "y" * 5_000
    assert refusal.journal_key == "1:1"


def test_an_item_that_was_put_aside_is_taken_when_it_is_sent_again(workspace, data_dir, settings):
    settings.INTAKE = [HERE + "name_them", HERE + "fail_on_poison"]
    put(data_dir, workspace, arrival(1, name="poison"))
    drain()
    settings.INTAKE = [HERE + "name_them"]
    put(data_dir, workspace, arrival(1, name="poison"))
    drain()
    assert stored(workspace) == ["id-1"]


def test_trouble_of_the_machine_stops_the_batch_and_loses_nothing(workspace, data_dir, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    put(data_dir, workspace, arrival(1))
    with monkeypatch.context() as patch:
        patch.setattr(stream, "name_them", full)
        with pytest.raises(OSError, match="No space"):
            on_tick.drain()
    assert (Refusal.objects.count(), stored(workspace)) == (0, [])
    drain()
    assert stored(workspace) == ["id-1"]


def test_what_was_refused_or_dropped_is_listed_once_with_its_reason(workspace, data_dir, monkeypatch):
    put(data_dir, workspace, arrival(1), arrival(2, who="bot"), refused=b'[["no name", "{\\"a\\":1}"]]')
    plain = open_store().append
    with monkeypatch.context() as patch:
        patch.setattr(open_store(), "append", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            on_tick.drain()
    assert open_store().append == plain
    drain()
    assert list(Refusal.objects.order_by("journal_key").values_list("journal_key", "reason", "source_id")) == [
        ("1:1", "sent by a robot", 5),
        ("1:r0", "no name", 5),
    ]
    assert stored(workspace) == ["id-1"]


def test_a_row_that_cannot_be_read_is_refused_item_by_item(workspace, data_dir):
    put(data_dir, workspace, items=b'[{"name": "ok", "at": 1, "id": "a"}, {"name": 5}]', count=2)
    put(data_dir, workspace, items=b"{not json", count=1)
    drain()
    assert stored(workspace) == ["a"]
    assert sorted(Refusal.objects.values_list("journal_key", "item")) == [
        ("1:1", '{"name": 5}'),
        ("2:all", "{not json"),
    ]


def test_a_time_outside_the_calendar_is_refused_and_the_rest_goes_on(workspace, data_dir):
    put(data_dir, workspace, arrival(1, at=2**62), arrival(2, at=-62_135_596_800_000_000), arrival(3))
    drain()
    assert stored(workspace) == ["id-2", "id-3"]
    assert Refusal.objects.get().reason == f"the time {2**62} is outside the years 1 to 9999"


def test_odd_texts_are_stored_as_they_are(workspace, data_dir):
    odd = {
        "nul": "a\x00b",
        "quote": "'; DROP TABLE events; --",
        "emoji": "😀",
        "line": "a\nb",
        "long": "z" * 300_000,
        "": "no name",
    }
    put(data_dir, workspace, arrival(1, properties=odd))
    drain()
    [event] = open_store().read_batch(Batch.objects.get().pk)
    assert event.properties == odd


def test_an_item_that_no_store_could_take_fails_alone(workspace, data_dir):
    put(data_dir, workspace, arrival(1), arrival(2, properties={"text": "z" * 9_000_000}), arrival(3, name="ok"))
    drain()
    assert stored(workspace) == ["id-1", "id-3"]
    [reason] = Refusal.objects.values_list("reason", flat=True)
    assert reason.startswith("fullfunnel failed on this item (it has 9,000,")


def test_a_step_may_add_drafts_and_they_are_numbered_and_counted_once(workspace, data_dir, settings):
    settings.INTAKE = [HERE + "name_them", HERE + "add_one"]
    put(data_dir, workspace, arrival(1, name="lead"), arrival(2))
    drain()
    put(data_dir, workspace, arrival(1, name="lead"), arrival("1+", name="lead_opened"))
    drain()
    assert stored(workspace) == ["id-1", "id-2", "id-1+"]
    assert stored(workspace, "seq") == [Batch.objects.order_by("pk")[0].pk * SEQ_SPAN + i for i in range(3)]


def test_each_reaction_is_told_every_batch_once_in_order(workspace, data_dir):
    for number in range(3):
        put(data_dir, workspace, arrival(number))
        drain()
    assert [ids for ids, _ in stream.told] == [["id-0"], ["id-1"], ["id-2"]]
    assert Cursor.objects.get().batch == Batch.objects.order_by("-pk")[0].pk


def test_a_reaction_that_fails_does_not_stop_the_stream_and_is_told_later(workspace, data_dir):
    stream.is_failing = True
    for number in range(2):
        put(data_dir, workspace, arrival(number))
        drain()
    assert (stored(workspace), stream.told) == (["id-0", "id-1"], [])
    stream.is_failing = False
    with clock.frozen(clock.from_us(clock.now_us() + 10_000_000)):
        drain()
    assert [ids for ids, _ in stream.told] == [["id-0"], ["id-1"]]


def test_journal_rows_die_a_day_after_the_manifest_holds_them(workspace, data_dir):
    put(data_dir, workspace, arrival(1))
    record_event(workspace.pk, arrival(2))
    drain()
    put(data_dir, workspace, arrival(3))
    journal = Journal(data_dir / "journal.db")
    on_tick.forget_journal()
    assert (len(journal.read(0, 9)), Outbox.objects.count()) == (2, 1)
    with clock.frozen(clock.from_us(clock.now_us() + 86_401_000_000)):
        on_tick.forget_journal()
        assert ([row_id for row_id, _ in journal.read(0, 9)], Outbox.objects.count()) == ([2], 0)
        drain()
    assert stored(workspace) == ["id-1", "id-2", "id-3"]


def test_a_journal_restored_from_an_older_copy_goes_on_above_the_batches_of_the_past(workspace, data_dir):
    Batch.objects.create(journal_from=1, journal_to=500, state=Batch.State.STORED, stored_at=clock.now())
    on_tick.drain()
    put(data_dir, workspace, arrival(1))
    drain()
    assert [row_id for row_id, _ in Journal(data_dir / "journal.db").read(0, 999)] == [501]
    assert stored(workspace) == ["id-1"]


def test_the_worker_drains_again_at_once_only_what_a_batch_did_not_take(workspace, data_dir, monkeypatch):
    monkeypatch.setattr(drain_module, "MOST_ITEMS", 2)
    assert not on_tick.drain_what_came()
    for number in range(3):
        put(data_dir, workspace, arrival(number))
    assert [on_tick.drain_what_came() for _ in range(2)] == [True, False]
    for number in range(3, 6):
        record_event(workspace.pk, arrival(number))
    assert [on_tick.drain_what_came() for _ in range(2)] == [True, False]
    # What comes while the batch is on its way.
    step = stream.name_them
    monkeypatch.setattr(stream, "name_them", lambda drafts: put(data_dir, workspace, arrival(9)) or step(drafts))
    put(data_dir, workspace, arrival(8))
    assert not on_tick.drain_what_came()
    monkeypatch.undo()
    assert [on_tick.drain(), on_tick.drain()] == [True, False]
    assert stored(workspace) == [f"id-{number}" for number in (0, 1, 2, 3, 4, 5, 8, 9)]


def test_items_of_a_workspace_that_is_gone_are_left_out(workspace, data_dir):
    gone = Workspace.objects.create(name="Gone", slug="gone")
    put(data_dir, gone, arrival(1), refused=b'[["no name", "x"]]')
    put(data_dir, workspace, arrival(2))
    gone.delete()
    drain()
    assert (stored(workspace), Refusal.objects.count()) == (["id-2"], 0)
