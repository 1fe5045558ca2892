"""The journeys index against a plain reading of the same events, in every state that base and delta can be in."""

import random
import shutil
from collections import defaultdict
from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
from django.db import transaction

from fullfunnel.events import on_tick
from fullfunnel.events.event import ACTORS, Event
from fullfunnel.events.store import building, index, open_store, portions, reading
from fullfunnel.events.store.journeys import Units
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
MINUTE = 60_000_000
START = 1_767_268_800_000_000
Row = tuple[int, int, int, str, str, str | None]


@pytest.fixture
def workspace(data_dir):
    open_store().prepare()
    index.forget_cached()
    return Workspace.objects.create(name="Halden", slug="halden")


def make(workspace: Workspace, batch: int, seed: int, count: int = 60) -> list[Event]:
    chance = random.Random(seed * 1_000 + batch)
    return [
        Event(
            workspace_id=workspace.pk,
            event_id=f"{batch}-{position}",
            seq=batch * SEQ_SPAN + position,
            identity_id=chance.randrange(1, 9),
            session_id=chance.choice([None, None, None, "s1", "s2"]),
            actor=chance.choice(["person", "person", "us", "system"]),
            source_id=1,
            name=chance.choice(["page_viewed", "form_submitted", "deal_won", f"rare {batch}"]),
            occurred_at=START + chance.randrange(0, 4_000) * MINUTE,
            received_at=START,
            path=chance.choice([None, "/", "/pricing", f"/{batch}"]),
            revenue=chance.choice([None, "10", "12.50"]),
            properties=chance.choice([{}, {"plan": "pro"}, {"plan": ""}, {"plan": "free", "other": "x"}]),
        )
        for position in range(count)
    ]


def append(batch: int, events: Sequence[Event]) -> None:
    publish = open_store().append(batch, events)
    with transaction.atomic():
        publish()


def everybody(several: bool) -> Units:
    identities = np.arange(1, 9)
    return Units(identities, identities // 3 + 100 if several else identities * 7, f"v{several}")


def read(workspace: Workspace, units: Units) -> dict[int, list[Row]]:
    """unit -> [(time, seq, session, name, actor, path)]"""
    found: dict[int, list[Row]] = {}
    for part in open_store().journeys(workspace.pk, ["path"], units=units):
        for number, unit in enumerate(part.units.tolist()):
            rows = range(int(part.offsets[number]), int(part.offsets[number + 1]))
            path = part.columns["path"]
            found[unit] = [
                (
                    int(part.time[row]),
                    int(part.seq[row]),
                    int(part.session[row]),
                    part.names[part.name[row]],
                    ACTORS[part.actor[row]],
                    None if path.codes[row] < 0 else path.values[path.codes[row]],
                )
                for row in rows
            ]
    return found


def plainly(events: Sequence[Event], units: Units) -> dict[int, list[Row]]:
    """The same by the shortest way, with sessions as (identity or name, number)."""
    unit_of = dict(zip(units.identities.tolist(), units.units.tolist(), strict=True))
    sessions: dict[int, object] = {}
    latest: dict[int, tuple[int, int, int]] = {}
    for event in sorted(events, key=lambda e: (e.identity_id, e.occurred_at, e.seq)):
        sessions[event.seq] = None
        if event.session_id:
            sessions[event.seq] = event.session_id
        elif event.actor == "person":
            start, last, number = latest.get(event.identity_id, (0, -(10**18), 0))
            if event.occurred_at - last > 30 * MINUTE or event.occurred_at - start > 1_440 * MINUTE:
                start, number = event.occurred_at, number + 1
            latest[event.identity_id] = (start, event.occurred_at, number)
            sessions[event.seq] = (event.identity_id, number)
    found = defaultdict(list)
    for event in sorted(events, key=lambda e: (e.occurred_at, e.seq)):
        if event.identity_id in unit_of:
            row = (event.occurred_at, event.seq, sessions[event.seq], event.name, event.actor, event.path)
            found[unit_of[event.identity_id]].append(row)
    return found


def assert_same(found: dict[int, list[Row]], expected: dict[int, list[Row]]) -> None:
    assert found.keys() == expected.keys()
    for unit, rows in expected.items():
        assert [row[:2] + row[3:] for row in found[unit]] == [row[:2] + row[3:] for row in rows]
        # The numbers are free; which events share one is not.
        pairs = {(mine[2], theirs[2]) for mine, theirs in zip(found[unit], rows, strict=True)}
        assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
        assert all((a == -1) == (b is None) for a, b in pairs)


@pytest.mark.parametrize("several", [False, True], ids=["one identity each", "several identities"])
@pytest.mark.parametrize("seed", range(6))
def test_base_and_delta_give_what_a_plain_reading_gives(workspace, seed, several, monkeypatch):
    monkeypatch.setattr(building, "MIN_BASE_EVENTS", 150)
    units, events = everybody(several), []
    for batch in range(1, 13):
        fresh = make(workspace, batch, seed)
        append(batch, fresh)
        events += fresh
        if batch in (1, 2, 3, 5, 6, 12):
            assert_same(read(workspace, units), plainly(events, units))
        if batch == 8:
            on_tick.compact()
    index.forget_cached()
    assert_same(read(workspace, units), plainly(events, units))


def test_an_index_that_was_deleted_is_built_again(workspace, data_dir):
    events = make(workspace, 1, 1)
    append(1, events)
    read(workspace, everybody(True))
    shutil.rmtree(data_dir / "index")
    index.forget_cached()
    assert_same(read(workspace, everybody(True)), plainly(events, everybody(True)))


def test_identities_that_belong_to_nobody_are_left_out(workspace):
    events = make(workspace, 1, 1)
    append(1, events)
    units = Units(np.array([2, 5]), np.array([20, 50]), "two")
    assert_same(read(workspace, units), plainly(events, units))
    nobody = Units(np.empty(0, np.int64), np.empty(0, np.int64), "none")
    assert read(workspace, nobody) == {}


def test_workspaces_do_not_see_each_other(workspace):
    other = Workspace.objects.create(name="Other", slug="other")
    mine, theirs = make(workspace, 1, 1), make(other, 1, 2)
    theirs = [Event(**{f: getattr(e, f) for f in e.__struct_fields__} | {"seq": e.seq + 1_000}) for e in theirs]
    append(1, [*mine, *theirs])
    assert_same(read(workspace, everybody(False)), plainly(mine, everybody(False)))
    assert_same(read(other, everybody(False)), plainly(theirs, everybody(False)))


def test_an_erasure_is_seen_at_once(workspace):
    events = [*make(workspace, 1, 1), *make(workspace, 2, 1)]
    append(1, events[:60])
    read(workspace, everybody(True))
    append(2, events[60:])
    open_store().erase([3, 4])
    left = [event for event in events if event.identity_id not in (3, 4)]
    assert_same(read(workspace, everybody(True)), plainly(left, everybody(True)))


def test_money_reads_as_a_number_without_useless_noughts(workspace):
    append(1, make(workspace, 1, 1))
    [part] = open_store().journeys(workspace.pk, ["revenue", "plan", "nothing"], units=everybody(False))
    assert sorted(part.columns["revenue"].values) == ["10", "12.5"]
    assert sorted(part.columns["plan"].values) == ["free", "pro"]
    assert (part.columns["nothing"].values, set(part.columns["nothing"].codes.tolist())) == ([], {-1})


def test_beyond_the_most_names_the_rarest_are_called_other(workspace, monkeypatch):
    monkeypatch.setattr(reading, "MAX_NAMES", 3)
    events = make(workspace, 1, 1)
    append(1, events)
    append(2, make(workspace, 2, 1))
    names = {row[3] for rows in read(workspace, everybody(True)).values() for row in rows}
    assert names == {"page_viewed", "form_submitted", "deal_won", "(other)"}


def test_journeys_come_in_chunks_of_whole_units(workspace, monkeypatch):
    monkeypatch.setattr(portions, "PORTION", 20)
    events = make(workspace, 1, 1)
    append(1, events)
    parts = list(open_store().journeys(workspace.pk, ["path"], units=everybody(False)))
    assert len(parts) > 3
    assert sum(len(part.time) for part in parts) == 60
    assert_same(read(workspace, everybody(False)), plainly(events, everybody(False)))


def test_a_property_that_no_event_has_leaves_nothing_on_the_disk(workspace):
    """Names are free to whoever may ask: each kept as a column would fill the disk, and slow every publication."""
    append(1, make(workspace, 1, seed=3))
    append(2, make(workspace, 2, seed=3))
    units = everybody(False)
    found = open_store().index(workspace.pk, units=units)
    base, delta = found.column("made up 1")
    assert base.values == delta.values == []
    assert set(base.codes.tolist()) == {-1}
    assert len(base.codes) == len(found.parts[0].time)
    assert len(delta.codes) == len(found.parts[1].time)
    folder = next((open_store().data / "index" / str(workspace.pk)).glob("*.*/"))
    there = sorted(path.name for path in folder.iterdir())
    for number in range(2, 9):
        found.column(f"made up {number}")
    assert sorted(path.name for path in folder.iterdir()) == there
    assert not [name for name in there if name.startswith("column-")]


def test_a_property_that_comes_later_is_found_though_it_was_asked_for_before(workspace):
    append(1, make(workspace, 1, seed=3))
    units = everybody(False)
    assert open_store().index(workspace.pk, units=units).column("late")[0].values == []
    events = make(workspace, 2, seed=3)
    append(2, [msgspec.structs.replace(event, properties={"late": "yes"}) for event in events])
    base, delta = open_store().index(workspace.pk, units=units).column("late")
    assert base.values == delta.values == ["yes"]
    assert (base.codes >= 0).sum() + (delta.codes >= 0).sum() == len(events)
