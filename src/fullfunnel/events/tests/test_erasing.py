"""Erasure while others read and write: it holds nobody up, and what it says is gone is gone."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.db import connections, transaction

from fullfunnel.events.event import Event
from fullfunnel.events.models import LakeFile
from fullfunnel.events.store import leases, open_store, upkeep
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.tests.stream import NOON, stored
from fullfunnel.workspaces.models import Workspace

CANARY = "canary-4711"


@pytest.fixture
def halden(transactional_db, data_dir):
    workspace = Workspace.objects.create(name="Halden", slug="halden")
    open_store().prepare()
    append(workspace, 1, identity=1)
    append(workspace, 2, identity=2)
    return workspace


def append(workspace, batch, *, identity):
    event = Event(
        workspace_id=workspace.pk,
        event_id=f"of {identity} in {batch}",
        seq=batch * SEQ_SPAN,
        identity_id=identity,
        source_id=1,
        name="page_viewed",
        occurred_at=NOON + batch,
        received_at=NOON,
        properties={"note": CANARY} if identity == 1 else {},
    )
    publish = open_store().append(batch, [event])
    with transaction.atomic():
        publish()


def holding(data_dir):
    return [path for path in data_dir.glob("events/**/*") if path.is_file() and CANARY.encode() in path.read_bytes()]


class Erasing(threading.Thread):
    def run(self):
        try:
            self.erased = open_store().erase([1])
        finally:
            connections.close_all()

    def start_until_rewritten(self):
        self.start()
        last = time.monotonic() + 300
        while not LakeFile.objects.exclude(superseded_at=None).exists():
            assert time.monotonic() < last
            time.sleep(0.01)
        # The lock is let go of right after that.
        with open_store().changing():
            pass


@pytest.fixture
def erasing(monkeypatch):
    """An erasure that waits for its readers as long as they need."""
    monkeypatch.setattr(upkeep, "MAX_READER_SECONDS", 60.0)
    return Erasing()


def test_others_add_events_while_an_erasure_waits_for_readers(halden, data_dir, erasing):
    with leases.reading(data_dir / "leases"):
        erasing.start_until_rewritten()
        with open_store().changing(wait=False) as is_ours:
            assert is_ours
            append(halden, 3, identity=2)
        assert erasing.is_alive()
        assert stored(halden) == ["of 2 in 2", "of 2 in 3"]
    erasing.join(60)
    assert (erasing.erased, holding(data_dir)) == (1, [])
    assert stored(halden) == ["of 2 in 2", "of 2 in 3"]


def test_who_begins_to_read_later_does_not_keep_the_old_files(halden, data_dir, erasing):
    with leases.reading(data_dir / "leases"):
        erasing.start_until_rewritten()
        release = leases.take(data_dir / "leases")
    try:
        erasing.join(60)
        assert (erasing.erased, holding(data_dir)) == (1, [])
    finally:
        release()


def test_repeated_it_waits_for_the_same_readers_only(halden, data_dir, monkeypatch):
    monkeypatch.setattr(upkeep, "MAX_READER_SECONDS", 0.1)
    release = leases.take(data_dir / "leases")
    with pytest.raises(TimeoutError):
        open_store().erase([1])
    later = leases.take(data_dir / "leases")
    try:
        with pytest.raises(TimeoutError):
            open_store().erase([1])
        assert holding(data_dir) != []
        release()
        assert open_store().erase([1]) == 1
        assert holding(data_dir) == []
    finally:
        later()


def test_what_was_merged_while_somebody_is_erased_holds_nothing_of_them(halden, data_dir, erasing, monkeypatch):
    for batch in range(3, 10):
        append(halden, batch, identity=1 if batch == 5 else 2)

    def erase(arrow):
        if arrow == "merged" and threading.current_thread() is not erasing:
            erasing.start_until_rewritten()
            # The first file and the one that is merged now; the erasure waits for us.
            assert (len(holding(data_dir)), erasing.is_alive()) == (3, True)

    monkeypatch.setattr(upkeep, "reached", erase)
    assert not upkeep.merge_some(open_store())
    erasing.join(60)
    assert (erasing.erased, holding(data_dir)) == (2, [])
    assert stored(halden) == [f"of 2 in {batch}" for batch in (2, 3, 4, 6, 7, 8, 9)]


def test_what_comes_while_an_erasure_writes_is_added_at_once_and_erased_too(halden, data_dir, monkeypatch):
    came = []

    def come(arrow):
        if arrow == "merged" and not came:
            with open_store().changing(wait=False) as is_ours:
                assert is_ours
                came.extend((append(halden, 3, identity=2), append(halden, 4, identity=1)))

    monkeypatch.setattr(upkeep, "reached", come)
    assert open_store().erase([1]) == 2
    assert (stored(halden), holding(data_dir)) == (["of 2 in 2", "of 2 in 3"], [])


def test_what_is_merged_while_an_erasure_writes_is_erased_in_what_it_was_merged_into(halden, data_dir, monkeypatch):
    for batch in range(3, 10):
        append(halden, batch, identity=1 if batch == 5 else 2)
    merged = []

    def merge(arrow):
        if arrow == "merged" and not merged:
            merged.append("now")
            merged.append(upkeep.merge_some(open_store()))

    monkeypatch.setattr(upkeep, "reached", merge)
    assert open_store().erase([1]) == 2
    assert merged == ["now", True]
    assert (stored(halden), holding(data_dir)) == ([f"of 2 in {batch}" for batch in (2, 3, 4, 6, 7, 8, 9)], [])
    assert len(list(data_dir.glob("events/*/*"))) == 1


def test_what_was_written_for_an_erasure_and_swept_away_is_written_again(halden, data_dir, monkeypatch):
    arrows = []

    def sweep(arrow):
        arrows.append(arrow)
        if arrows == ["merged"]:
            upkeep.sweep(open_store())

    monkeypatch.setattr(upkeep, "reached", sweep)
    assert open_store().erase([1]) == 1
    assert arrows[:2] == ["merged", "merged"]
    assert (stored(halden), holding(data_dir)) == (["of 2 in 2"], [])


DIES = """
import sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from fullfunnel.events.store import open_store, upkeep
upkeep.merge_some(open_store())
open_store().erase([1])
"""


def die(at):
    name = str(connections["default"].settings_dict["NAME"])
    further = {"DJANGO_SETTINGS_MODULE": "fullfunnel.config.settings", "FULLFUNNEL_CRASH_AT": at}
    assert subprocess.run([sys.executable, "-c", DIES, name], env=os.environ | further).returncode == -9


def test_what_a_merge_that_was_killed_left_goes_with_an_erasure(halden, data_dir):
    for batch in range(3, 10):
        append(halden, batch, identity=2)
    die(at="merged")
    assert len(holding(data_dir)) == 2
    assert (open_store().erase([1]), holding(data_dir)) == (1, [])


def test_killed_before_it_removed_the_files_any_process_may_finish_it(halden, data_dir):
    die(at="rewritten")
    assert stored(halden) == ["of 2 in 2"]
    assert holding(data_dir) != []
    assert open_store().erase([1]) == 0
    assert holding(data_dir) == []
    assert stored(halden) == ["of 2 in 2"]
