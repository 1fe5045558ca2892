import shutil
import subprocess
import sys
import threading
import time

import pytest
from django.db import transaction
from django.db.models import Sum

from fullfunnel.events import on_tick
from fullfunnel.events.erasure import erase_waiting
from fullfunnel.events.event import Event
from fullfunnel.events.models import Extent, LakeFile, Outbox
from fullfunnel.events.record import record_event
from fullfunnel.events.store import files, index, leases, open_store, upkeep
from fullfunnel.events.store.journeys import Units
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.tests import stream
from fullfunnel.events.tests.stream import NOON, arrival, drain, put, stored
from fullfunnel.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
HERE = "fullfunnel.events.tests.stream."


@pytest.fixture
def workspace(data_dir, settings):
    settings.INTAKE, settings.ON_EVENT = [HERE + "name_them"], []
    open_store().prepare()
    return Workspace.objects.create(name="Halden", slug="halden")


def event(workspace: Workspace, batch: int, position: int = 0, **more) -> Event:
    plain = {
        "workspace_id": workspace.pk,
        "event_id": f"{batch}-{position}",
        "seq": batch * SEQ_SPAN + position,
        "identity_id": 1,
        "source_id": 1,
        "name": "page_viewed",
        "occurred_at": NOON + batch,
        "received_at": NOON,
    }
    return Event(**(plain | more))


def append(batch: int, *events: Event) -> None:
    publish = open_store().append(batch, events)
    with transaction.atomic():
        publish()


def on_disk(data_dir) -> list[str]:
    return sorted(str(path.relative_to(data_dir)) for path in (data_dir / "events").glob("*/*"))


def test_a_batch_appended_twice_is_there_once(workspace):
    for _ in range(2):
        append(7, event(workspace, 7))
    assert stored(workspace) == ["7-0"]
    assert LakeFile.objects.count() == 1


def test_a_file_without_its_manifest_row_is_not_seen_and_swept_away_at_the_next_start(workspace, data_dir):
    open_store().append(7, [event(workspace, 7)])
    assert (on_disk(data_dir), stored(workspace)) == (["events/2026-01/7.parquet"], [])
    open_store().prepare()
    assert on_disk(data_dir) == []


def test_an_answer_names_no_other_file_of_the_machine(workspace):
    import duckdb

    with pytest.raises(duckdb.PermissionException):
        open_store().ask(lambda d: "SELECT * FROM read_text('/etc/passwd')")


def test_a_question_that_nobody_waits_for_is_stopped(workspace):
    slow = "SELECT count(*) AS n FROM range(10000000) a, range(100000) b WHERE a.range + b.range = 3"
    with pytest.raises(TimeoutError, match="was stopped"):
        open_store().ask(lambda d: slow, is_over=lambda: True)
    assert open_store().ask(lambda d: "SELECT 1 AS one") == [{"one": 1}]


def test_an_answer_leaves_no_thread_behind_that_holds_the_cursor(workspace):
    for _ in range(50):
        open_store().ask(lambda d: "SELECT 1 AS one", is_over=lambda: False)
        assert [thread for thread in threading.enumerate() if thread.name == "cancelling"] == []


def test_units_are_a_table_beside_the_events(workspace):
    import numpy as np

    append(1, event(workspace, 1), event(workspace, 1, 1, identity_id=2), event(workspace, 1, 2, identity_id=3))
    units = Units(np.array([1, 2]), np.array([9, 9]), "1")
    sql = (
        "SELECT unit_id, count(*) AS n FROM events JOIN units USING (identity_id) "
        "WHERE workspace_id = ? GROUP BY unit_id"
    )
    assert open_store().ask(lambda d: sql, [workspace.pk], units=units) == [{"unit_id": 9, "n": 2}]


def test_an_empty_lake_answers_with_nothing(workspace):
    assert stored(workspace) == []
    assert (open_store().version(workspace.pk), open_store().latest_at(workspace.pk)) == ("0.0", None)


@pytest.mark.parametrize(
    ("sizes", "merge"),
    [
        ([], None),
        ([10] * 7, None),
        ([10] * 8, (0, 8)),
        ([900_000, *[10] * 8, 900_000], (1, 9)),
        ([10, 10, 600_000, *[10] * 8], (3, 11)),
        ([10_000] * 8, (0, 8)),
        ([400_000] * 8, (0, 2)),
        ([900_000] * 50, None),
    ],
)
def test_neighbours_of_one_size_are_merged_when_there_are_many(sizes, merge):
    assert upkeep.next_merge(sizes) == merge


def test_merging_changes_no_answer_and_no_version(workspace, data_dir):
    for batch in range(1, 21):
        append(batch, event(workspace, batch, occurred_at=NOON - batch), event(workspace, batch, 1))
    before = (stored(workspace), open_store().version(workspace.pk))
    while on_tick.compact():
        pass
    assert (stored(workspace), open_store().version(workspace.pk)) == before
    assert LakeFile.objects.count() == len(on_disk(data_dir)) < 8
    assert LakeFile.objects.aggregate(n=Sum("events"))["n"] == 40
    assert [e.event_id for e in open_store().read_batch(3)] == ["3-0", "3-1"]
    append(3, event(workspace, 3))
    assert stored(workspace) == before[0]


def at(monkeypatch, module, arrow, act):
    """Does something when a merge has come so far."""
    monkeypatch.setattr(module, "reached", lambda name: act() if name == arrow else None)


def test_others_add_events_while_files_are_merged(workspace, monkeypatch):
    for batch in range(1, 9):
        append(batch, event(workspace, batch))

    def add() -> None:
        with open_store().changing(wait=False) as is_ours:
            assert is_ours
            append(9, event(workspace, 9))

    at(monkeypatch, upkeep, "merged", add)
    assert on_tick.compact()
    assert stored(workspace) == [f"{batch}-0" for batch in range(1, 10)]
    assert list(LakeFile.objects.filter(superseded_at=None).values_list("events", flat=True)) == [1, 8]


@pytest.mark.parametrize(("module", "arrow"), [(files, "written"), (upkeep, "merged")])
def test_a_merge_whose_file_is_swept_away_is_done_later(workspace, data_dir, monkeypatch, module, arrow):
    for batch in range(1, 9):
        append(batch, event(workspace, batch))
    with monkeypatch.context() as patch:
        at(patch, module, arrow, lambda: upkeep.sweep(open_store()))
        assert not on_tick.compact()
    assert (len(stored(workspace)), len(on_disk(data_dir))) == (8, 8)
    assert on_tick.compact()
    assert (len(stored(workspace)), len(on_disk(data_dir))) == (8, 1)


def test_a_file_stays_while_somebody_who_knows_it_reads(workspace, data_dir):
    for batch in range(1, 9):
        append(batch, event(workspace, batch))
    store = open_store()
    with store.files() as known:
        on_tick.compact()
        on_tick.compact()
        assert set(known) <= {str(data_dir / path) for path in on_disk(data_dir)}
        # Somebody who comes later knows the merged file only, and holds nothing back.
        with store.files() as later:
            assert len(later) == 1
    on_tick.compact()
    assert len(on_disk(data_dir)) == 1


def test_a_lease_ends_with_its_process(tmp_path):
    code = (
        "import sys, os; sys.path.insert(0, sys.argv[2]); from pathlib import Path\n"
        "from fullfunnel.events.store import leases\n"
        "with leases.reading(Path(sys.argv[1])): print('in', flush=True); import time; time.sleep(60)"
    )
    source = str(upkeep.Path(upkeep.__file__).parents[3])
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path), source], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"in\n"
    since = time.monotonic_ns()
    assert not leases.wait_for_readers(tmp_path, since, seconds=0.1)
    child.kill()
    child.wait()
    child.stdout.close()
    assert leases.wait_for_readers(tmp_path, since, seconds=60)
    assert list(tmp_path.iterdir()) == []


def test_erasure_takes_every_event_of_the_identities_and_no_other(workspace, data_dir):
    for batch in range(1, 4):
        append(
            batch,
            event(workspace, batch, 0, properties={"note": "canary-4711"}),
            event(workspace, batch, 1, identity_id=2, occurred_at=NOON + 10**15),
        )
    version = open_store().version(workspace.pk)
    assert open_store().erase([1]) == 3
    assert stored(workspace) == ["1-1", "2-1", "3-1"]
    assert open_store().version(workspace.pk) != version
    assert open_store().erase([1]) == 0
    assert len(on_disk(data_dir)) == 3
    assert open_store().erase([2]) == 3
    assert (stored(workspace), on_disk(data_dir), open_store().latest_at(workspace.pk)) == ([], [], None)


def test_erasure_waits_for_those_who_read_and_the_file_goes_when_they_end(workspace, monkeypatch):
    append(1, event(workspace, 1))
    monkeypatch.setattr(upkeep, "MAX_READER_SECONDS", 0.2)
    with leases.reading(open_store().data / "leases"), pytest.raises(TimeoutError, match="somebody still reads"):
        open_store().erase([1])
    assert stored(workspace) == []
    on_tick.compact()
    assert on_disk(open_store().data) == []


def test_nothing_of_an_erased_person_is_left_in_any_file(workspace, data_dir):
    canary = "canary-4711"
    put(
        data_dir, workspace, arrival(1, who="ada", properties={"note": canary}), arrival(2, who="ben"), ip="203.0.113.9"
    )
    record_event(workspace.pk, arrival(3, who="ada", properties={"note": canary}))
    drain()
    list(open_store().journeys(workspace.pk, ["note"], units=_everybody()))
    put(
        data_dir, workspace, arrival(4, who="ada", properties={"note": canary}), refused=b'[["bad", "ada canary-4711"]]'
    )
    assert erase_waiting(workspace.pk, ["ada", canary], lambda item: item.user == "ada") == 4
    assert open_store().erase([stream.IDENTITIES["ada"]]) == 2
    drain()
    assert stored(workspace) == ["id-2"]
    assert Outbox.objects.count() == 1
    left = [path.name for path in data_dir.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()]
    assert left == []


def _everybody() -> Units:
    import numpy as np

    return Units(np.array([11, 12, 13]), np.array([1, 2, 3]), "all")


def test_what_is_derived_from_the_lake_is_made_again_when_it_is_lost(workspace, data_dir):
    put(data_dir, workspace, arrival(1), arrival(2, who="ben"))
    drain()
    before = (stored(workspace), open_store().version(workspace.pk), open_store().latest_at(workspace.pk))
    [part] = open_store().journeys(workspace.pk, [], units=_everybody())
    Extent.objects.all().delete()
    shutil.rmtree(data_dir / "index")
    index.forget_cached()
    open_store().prepare()
    assert (stored(workspace), open_store().version(workspace.pk), open_store().latest_at(workspace.pk)) == before
    [again] = open_store().journeys(workspace.pk, [], units=_everybody())
    assert (again.units.tolist(), again.time.tolist()) == (part.units.tolist(), part.time.tolist())
