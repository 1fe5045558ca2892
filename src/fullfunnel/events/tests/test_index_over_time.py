"""The journeys index while events arrive, some of them late: whatever was published and merged meanwhile, it equals a new one."""

import random
import shutil
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import msgspec
import numpy as np
import pytest

from fullfunnel.core import clock
from fullfunnel.events import on_tick
from fullfunnel.events.event import Event
from fullfunnel.events.store import building, coding, folders, index, open_store, publishing, state
from fullfunnel.events.store.journeys import Index, Units
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.tests.test_index import MINUTE, START, append, assert_same, everybody, plainly, read
from fullfunnel.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(data_dir, monkeypatch):
    open_store().prepare()
    index.forget_cached()
    publishing._published.clear()
    monkeypatch.setattr(publishing, "PAUSE_SECONDS", 0.0)
    # What the worker would do in a process of its own is done by `merge` here.
    monkeypatch.setattr(publishing, "build_aside", lambda store, workspace_id: None)
    return Workspace.objects.create(name="Halden", slug="halden")


def arriving(workspace: Workspace, batch: int, chance: random.Random, late: float) -> list[Event]:
    """Events of ten minutes, a batch after the other; some of them happened hours before."""

    def moment() -> int:
        now = START + batch * 10 * MINUTE + chance.randrange(0, 10) * MINUTE
        return now - chance.randrange(0, 600) * MINUTE if chance.random() < late else now

    return [
        Event(
            workspace_id=workspace.pk,
            event_id=f"{batch}-{position}",
            seq=batch * SEQ_SPAN + position,
            identity_id=chance.randrange(1, 30),
            session_id=chance.choice([None, None, None, None, "s1"]),
            actor=chance.choice(["person", "person", "person", "us"]),
            source_id=1,
            name=chance.choice(["page_viewed", "form_submitted", f"rare {batch % 7}"]),
            occurred_at=moment(),
            received_at=START,
            path=chance.choice([None, "/", f"/{batch}"]),
        )
        for position in range(chance.randrange(1, 40))
    ]


def units_now(batch: int) -> Units:
    """Identities join and move as time passes."""
    known = np.arange(1, min(30, 4 + 2 * batch))
    return Units(known, np.where(known % 5 == batch // 6, 1_000, 2_000 + known), f"{batch // 6}.{len(known)}")


def everything(found: Index) -> dict[int, list[Any]]:
    """unit -> its events; each of them as text, with the session's own number."""
    path = found.column("path")
    told: dict[int, list[Any]] = {}
    for u, unit in enumerate(found.units.tolist()):
        rows = []
        for s in range(int(found.first[u]), int(found.first[u + 1])):
            part, codes = found.parts[found.part[s]], path[found.part[s]]
            for row in range(int(found.low[s]), int(found.high[s])):
                place = int(codes.codes[row])
                said = (found.names[part.name[row]], int(part.actor[row]), int(part.session[row]))
                rows.append((int(part.time[row]), int(part.seq[row]), *said, codes.values[place] if place >= 0 else ""))
        told[unit] = sorted(rows)
    return told


def assert_no_overlap(found: Index, identities: int) -> None:
    """A unit's slices each lie in order, and there are at most two an identity."""
    for s in range(len(found.low)):
        part, rows = found.parts[found.part[s]], slice(int(found.low[s]), int(found.high[s]))
        pairs = list(zip(part.time[rows].tolist(), part.seq[rows].tolist(), strict=True))
        assert pairs == sorted(pairs)
    assert len(found.low) <= 2 * identities


@pytest.mark.parametrize("late", [0.0, 0.03, 0.3])
@pytest.mark.parametrize("seed", range(2))
def test_whatever_happened_meanwhile_the_index_equals_a_new_one(workspace, data_dir, seed, late):
    chance, events = random.Random(f"{seed} {late}"), []
    for batch in range(1, 26):
        fresh = arriving(workspace, batch, chance, late)
        append(batch, fresh)
        events += fresh
        happens = chance.random()
        if happens < 0.5:
            on_tick.publish()
        if happens < 0.1:
            building.merge(open_store(), workspace.pk)
        if 0.4 < happens < 0.6:
            index.forget_cached()
        if happens > 0.3:
            units = units_now(batch)
            found = open_store().index(workspace.pk, units=units)
            assert_no_overlap(found, len(units.identities))
            assert_same(read(workspace, units), plainly(events, units))
    units = units_now(25)
    grown = everything(open_store().index(workspace.pk, units=units))
    assert on_disk(data_dir, workspace) != []
    shutil.rmtree(data_dir / "index")
    index.forget_cached()
    assert everything(open_store().index(workspace.pk, units=units)) == grown


def on_disk(data_dir: Any, workspace: Workspace) -> list[str]:
    home = folders.home(data_dir, workspace.pk)
    return sorted(path.parent.relative_to(home).as_posix() for path in home.rglob("about-2.json"))


def test_the_worker_publishes_what_arrived_beside_the_base_and_keeps_the_latest_two(workspace, data_dir):
    chance = random.Random(1)
    for batch in range(1, 6):
        append(batch, arriving(workspace, batch, chance, 0.1))
        if batch == 1:
            on_tick.publish()
            assert on_disk(data_dir, workspace) == []
            read(workspace, everybody(False))
        on_tick.publish()
    assert on_disk(data_dir, workspace) == ["0.1", "0.1/delta.4", "0.1/delta.5"]
    before = [path.stat().st_mtime_ns for path in data_dir.rglob("delta.5/about-2.json")]
    on_tick.publish()
    assert [path.stat().st_mtime_ns for path in data_dir.rglob("delta.5/about-2.json")] == before


def published(workspace, seed, batches):
    """The events of batches that came one by one, were asked for and published."""
    chance, events = random.Random(seed), []
    for batch in range(1, batches + 1):
        fresh = arriving(workspace, batch, chance, 0.2)
        append(batch, fresh)
        events += fresh
        read(workspace, units_now(1))
        on_tick.publish()
    return events


def test_a_merged_base_takes_the_place_of_the_old_one_when_nobody_reads_it(workspace, data_dir):
    chance, units = random.Random(2), units_now(1)
    append(1, arriving(workspace, 1, chance, 0.0))
    held = open_store().index(workspace.pk, units=units)
    append(2, arriving(workspace, 2, chance, 0.3))
    on_tick.publish()
    assert building.merge(open_store(), workspace.pk)
    assert not building.merge(open_store(), workspace.pk)
    publishing._published.clear()
    on_tick.publish()
    on_tick.publish()
    assert on_disk(data_dir, workspace) == ["0.1", "0.1/delta.2", "0.2", "0.2/delta.2"]
    assert [len(codes.codes) for codes in held.column("path")] == [len(part.time) for part in held.parts]
    del held
    on_tick.publish()
    on_tick.publish()
    assert on_disk(data_dir, workspace) == ["0.2", "0.2/delta.2"]


def test_columns_that_were_asked_for_are_published_and_merged_without_reading_the_lake(workspace, monkeypatch):
    events = published(workspace, 3, batches=4)
    building.merge(open_store(), workspace.pk)
    index.forget_cached()
    monkeypatch.setattr(coding, "values_of", None)
    monkeypatch.setattr(state, "read_fresh", None)
    assert_same(read(workspace, units_now(1)), plainly(events, units_now(1)))


def test_what_was_published_before_the_machine_started_again_is_not_believed(workspace, monkeypatch):
    events = published(workspace, 4, batches=2)
    for path in open_store().data.rglob("delta.2/time.npy"):
        path.write_bytes(b"\0" * path.stat().st_size)
    monkeypatch.setattr(folders, "_boot", lambda: "another")
    index.forget_cached()
    assert_same(read(workspace, units_now(1)), plainly(events, units_now(1)))


def test_a_merge_stops_when_somebody_is_erased(workspace, data_dir):
    chance = random.Random(5)
    for batch in (1, 2):
        append(batch, arriving(workspace, batch, chance, 0.2))
        read(workspace, units_now(1))
        on_tick.publish()

    def erased(done: int, total: int) -> None:
        from fullfunnel.events.models import Extent

        Extent.objects.filter(pk=workspace.pk).update(erasures=1)

    with pytest.raises(building.Moved):
        building.merge(open_store(), workspace.pk, erased)
    assert on_disk(data_dir, workspace) == ["0.1", "0.1/delta.1", "0.1/delta.2"]


def test_a_reader_sees_the_last_publication_while_it_is_new_and_the_delta_long(workspace, monkeypatch):
    monkeypatch.setattr(state, "SMALL_DELTA_EVENTS", 0)
    chance, events = random.Random(6), []
    for batch in (1, 2, 3):
        fresh = arriving(workspace, batch, chance, 0.0)
        append(batch, fresh)
        events += fresh
        read(workspace, units_now(1))
        if batch == 2:
            on_tick.publish()
    until = [event for event in events if event.seq < 3 * SEQ_SPAN]
    assert_same(read(workspace, units_now(1)), plainly(until, units_now(1)))
    monkeypatch.setattr(state, "MAX_AGE_US", 0)
    assert_same(read(workspace, units_now(1)), plainly(events, units_now(1)))


def test_an_erasure_leaves_nothing_of_the_erased_in_base_delta_or_columns(workspace, data_dir):
    chance, events, units = random.Random(7), [], units_now(25)
    for batch in (1, 2, 3):
        fresh = [
            msgspec.structs.replace(event, path="canary-4711") if event.identity_id == 2 else event
            for event in arriving(workspace, batch, chance, 0.3)
        ]
        append(batch, fresh)
        events += fresh
        read(workspace, units)
        on_tick.publish()
    assert any(b"canary-4711" in path.read_bytes() for path in data_dir.glob("index/**/*.json"))
    assert any(event.identity_id == 2 for event in events)
    open_store().erase([2])
    assert list((data_dir / "index").glob("*/*")) == []
    left = [event for event in events if event.identity_id != 2]
    assert_same(read(workspace, units), plainly(left, units))
    on_tick.publish()
    assert [path for path in data_dir.rglob("*") if path.is_file() and b"canary-4711" in path.read_bytes()] == []


def test_a_base_that_is_put_there_just_now_is_published_like_any_other(workspace, data_dir, monkeypatch):
    chance, units = random.Random(7), units_now(25)
    append(1, arriving(workspace, 1, chance, 0.3))
    read(workspace, units)
    append(2, arriving(workspace, 2, chance, 0.3))

    def current(store, workspace_id, **how):
        building.build(store, workspace_id)
        return state.current(store, workspace_id, **how)

    monkeypatch.setattr(publishing, "current", current)
    on_tick.publish()
    # What is older goes at the next look, when who saw it has ended.
    on_tick.publish()
    home = folders.home(open_store().data, workspace.pk)
    assert sorted(path.name for path in home.iterdir()) == ["0.2"]
    assert [path.name for path in folders.deltas(home / "0.2")] == ["delta.2"]


def test_of_a_workspace_only_the_newest_base_is_remembered(workspace):
    chance, units = random.Random(8), everybody(False)
    append(1, arriving(workspace, 1, chance, 0.0))
    read(workspace, units)
    append(2, arriving(workspace, 2, chance, 0.0))
    on_tick.publish()
    building.merge(open_store(), workspace.pk)
    publishing._published.clear()
    on_tick.publish()
    read(workspace, units)
    assert [base.name for base, _ in index._orders.values()] == ["0.2"]
    assert [version[0].name for version, _ in index._listings.values()] == ["0.2"]


def test_what_is_published_is_dated_before_anybody_looked_what_there_is(workspace, data_dir, monkeypatch):
    chance, look, moment = random.Random(9), publishing.current, clock.now()
    append(1, arriving(workspace, 1, chance, 0.0))
    read(workspace, everybody(False))
    append(2, arriving(workspace, 2, chance, 0.0))
    with clock.frozen(moment), ExitStack() as later:

        def look_for_a_second(*given, **more):
            later.enter_context(clock.frozen(moment + timedelta(seconds=1)))
            return look(*given, **more)

        monkeypatch.setattr(publishing, "current", look_for_a_second)
        on_tick.publish()
    [published] = folders.deltas(folders.bases(data_dir, workspace.pk, 0)[0])
    assert folders.load_delta(published).at == clock.to_us(moment)
