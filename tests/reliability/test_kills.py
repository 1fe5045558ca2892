"""R1: kill -9 at any moment loses nothing that was acknowledged and doubles nothing (quick: 40 kills, and each arrow)."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fullfunnel.events import failpoints
from fullfunnel.events.journal import Entry, Journal
from tests.kit.server import Server, fullfunnel
from tests.reliability.clients import Client, assert_nothing_lost_nothing_doubled, stored, wait_until_drained

pytestmark = pytest.mark.deep

KILLS = int(os.environ.get("FULLFUNNEL_KILLS", "40"))
# These are passed once a run only.
SELDOM = {"keys-written:2", "merged:2", "superseded:2"}
IN_DRAIN = ["frozen", "resolved", "written", "renamed", "appended", "closing", "stored", "reacted"]


@pytest.mark.serves
def test_kill_9_of_the_whole_tree_at_random_moments_loses_nothing_and_doubles_nothing(tmp_path):
    seed = int(os.environ.get("FULLFUNNEL_SEED", time.time_ns() % 1_000_000))
    print(f"FULLFUNNEL_SEED={seed}")
    server, stop = Server(tmp_path / "data"), threading.Event()
    key = server.create_workspace()["write_key"]
    clients = [Client(server.port, key, f"client{n}", stop) for n in range(4)]
    for client in clients:
        client.start()
    try:
        starts = _kill_again_and_again(server, clients, random.Random(seed))
        server.environment["FULLFUNNEL_CRASH_AT"] = ""
        server.start()
        stop.set()
        for client in clients:
            client.join(30)
        wait_until_drained(server.directory)
        count = assert_nothing_lost_nothing_doubled(server.directory, clients)
    finally:
        stop.set()
        if server.process is not None and server.process.poll() is None:
            server.kill()
    p95 = sorted(starts)[int(len(starts) * 0.95)]
    print(f"R1 quick: {KILLS} kills, {count} acknowledged, 0 lost, 0 doubled, first 2xx p95 {p95:.1f} s (bar: 5 s)")
    assert count > 20 * KILLS
    assert all(client.repeated for client in clients)


def _kill_again_and_again(server: Server, clients: list[Client], chance: random.Random) -> list[float]:
    """Seconds from each start to the first acknowledgement."""
    starts = []
    for kill in range(KILLS):
        # Every other time the worker dies by itself too, at an arrow of the drain, again and again.
        arrow = f"{chance.choice(IN_DRAIN)}:{chance.randint(1, 3)}" if kill % 2 else ""
        server.environment["FULLFUNNEL_CRASH_AT"] = arrow
        before = sum(len(client.acknowledged) for client in clients)
        began = time.monotonic()
        server.start(wait=False)
        while sum(len(client.acknowledged) for client in clients) == before:
            assert time.monotonic() - began < 300, server.log.read_text()[-2_000:]
            time.sleep(0.01)
        starts.append(time.monotonic() - began)
        time.sleep(chance.uniform(0.0, 1.2))
        server.kill()
    return starts


def test_a_drain_killed_at_any_arrow_is_finished_by_the_next(tmp_path):
    environment = os.environ | {"FULLFUNNEL_DATA_DIR": str(tmp_path)}
    made = fullfunnel("create-workspace", "Halden", "--owner", "a@halden.example", "--json", environment=environment)
    assert made.returncode == 0, made.stderr
    command = [sys.executable, str(Path(__file__).with_name("drainer.py"))]
    expected: set[str] = set()
    with subprocess.Popen(
        command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as drainer:
        for arrow in failpoints.NAMES:
            # The second time of an arrow is inside a later batch, with an earlier one already in the lake.
            for attempt in (f"{arrow}:1", f"{arrow}:2"):
                expected |= _fill(tmp_path)
                status = _drain(drainer, attempt)
                assert status == -signal.SIGKILL or attempt in SELDOM, attempt
            assert _drain(drainer, "") == 0, arrow
            held = stored(tmp_path)
            assert (arrow, expected - held.keys(), held.keys() - expected) == (arrow, set(), set())
            assert (arrow, set(held.values())) == (arrow, {1})
        assert drainer.stdin is not None
        drainer.stdin.close()
    files = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "events").glob("*/*")}
    database = sqlite3.connect(tmp_path / "main.db")
    listed = {path for (path,) in database.execute("SELECT path FROM events_lakefile WHERE superseded_at IS NULL")}
    database.close()
    assert listed <= files


def _fill(directory: Path) -> set[str]:
    """Ten batches' worth of entries: each is larger than what is drained at once."""
    journal = Journal(directory / "journal.db")
    first = journal.last_id()
    ids = {f"{first}-{row}-{n}" for row in range(10) for n in range(3)}
    for row in range(10):
        items = ",".join(
            f'{{"name": "pressed", "at": 1767268800000000, "id": "{first}-{row}-{n}", "anonymous": "a{n}"}}'
            for n in range(3)
        )
        # The first item again, in the same batch and in the next.
        again = f'{{"name": "pressed", "at": 1767268800000000, "id": "{first}-{row}-0", "anonymous": "a0"}}'
        journal.append(
            [
                Entry(
                    received_at=1767268800000000,
                    workspace_id=1,
                    source_id=1,
                    source_kind="server",
                    items=f"[{items},{again}]".encode(),
                    count=20_000,
                )
            ]
        )
    journal.close()
    return ids


def _drain(drainer: "subprocess.Popen[str]", arrow: str) -> int:
    """The exit status of a process that drains everything, unless it is killed at the arrow."""
    assert drainer.stdin is not None
    assert drainer.stdout is not None
    drainer.stdin.write(arrow + "\n")
    drainer.stdin.flush()
    return int(drainer.stdout.readline())
