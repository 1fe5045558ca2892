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

    def await_rewritten(self):
        last = time.monotonic() + 10
        while not LakeFile.objects.exclude(superseded_at=None).exists():
            assert time.monotonic() < last
            time.sleep(0.01)
        # The lock is let go of right after that.
        with open_store().changing():
            pass


def test_others_add_events_while_an_erasure_waits_for_readers(halden, data_dir, monkeypatch):
    monkeypatch.setattr(upkeep, "LONGEST_READER", 30.0)
    erasing = Erasing()
    with leases.reading(data_dir / "leases"):
        erasing.start()
        erasing.await_rewritten()
        with open_store().changing(wait=False) as is_ours:
            assert is_ours
            append(halden, 3, identity=2)
        assert erasing.is_alive()
        assert stored(halden) == ["of 2 in 2", "of 2 in 3"]
    erasing.join(30)
    assert (erasing.erased, holding(data_dir)) == (1, [])
    assert stored(halden) == ["of 2 in 2", "of 2 in 3"]


def test_who_begins_to_read_later_does_not_keep_the_old_files(halden, data_dir, monkeypatch):
    monkeypatch.setattr(upkeep, "LONGEST_READER", 30.0)
    erasing = Erasing()
    with leases.reading(data_dir / "leases"):
        erasing.start()
        erasing.await_rewritten()
        release = leases.take(data_dir / "leases")
    try:
        erasing.join(30)
        assert (erasing.erased, holding(data_dir)) == (1, [])
    finally:
        release()


def test_repeated_it_waits_for_the_same_readers_only(halden, data_dir, monkeypatch):
    monkeypatch.setattr(upkeep, "LONGEST_READER", 0.1)
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


DIES = """
import sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from fullfunnel.events.store import open_store
open_store().erase([1])
"""


def test_killed_before_it_removed_the_files_any_process_may_finish_it(halden, data_dir):
    name = str(connections["default"].settings_dict["NAME"])
    further = {"DJANGO_SETTINGS_MODULE": "fullfunnel.config.settings", "FULLFUNNEL_CRASH_AT": "rewritten"}
    died = subprocess.run([sys.executable, "-c", DIES, name], env=os.environ | further)
    assert died.returncode == -9
    assert stored(halden) == ["of 2 in 2"]
    assert holding(data_dir) != []
    assert open_store().erase([1]) == 0
    assert holding(data_dir) == []
    assert stored(halden) == ["of 2 in 2"]
