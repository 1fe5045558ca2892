"""How long somebody else waits for the main database while events drain: a second process writes one row, again and again.

Prints one JSON line for each kind of traffic: visits (a website's), and people (everybody says who they are, as an import would).
`held_*`: how long the drain's own transactions held the write lock, without the second writer; `held_cpu_*`: their processor time,
which a busy machine does not stretch.
Usage: python -m benchmarks.second_writer [--events 30000] [--kind visits|people]
"""

import argparse
import json
import os
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PAUSE_SECONDS = 0.005


def write_again_and_again(database: str) -> None:
    """The second writer: prints the seconds that each small transaction took, until its input ends."""
    connection = sqlite3.connect(database, isolation_level=None, timeout=20)
    connection.execute("PRAGMA synchronous=FULL")
    print("ready", flush=True)
    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN)
    while not poll.poll(1000 * PAUSE_SECONDS):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE workspaces_workspace SET name = name WHERE id = 1")
        connection.execute("COMMIT")
        print(time.perf_counter() - began)


class Waits:
    """A second writer in a process of its own: `stop()` gives the seconds of each of its transactions."""

    def __init__(self, database: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.second_writer", "--write", str(database)]
        self._process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def stop(self) -> list[float]:
        out, _ = self._process.communicate("x")
        return [float(line) for line in out.split()]


class Holds:
    """Of each writing transaction of this thread: its processor seconds, its seconds, and the statement that it began with."""

    def __init__(self) -> None:
        from django.db import connection

        connection.ensure_connection()
        self.each: list[tuple[float, float, str]] = []
        self._began, self._used, self._first = 0.0, 0.0, ""
        connection.connection.set_trace_callback(self._note)

    def _note(self, statement: str) -> None:
        now, used = time.perf_counter(), time.thread_time()
        if statement.startswith("BEGIN"):
            self._began, self._used, self._first = now, used, ""
        elif statement in ("COMMIT", "ROLLBACK"):
            self.each.append((used - self._used, now - self._began, self._first))
        elif not self._first:
            self._first = " ".join(statement.split())[:60]


def fill(data: Path, kind: str, events: int) -> None:
    """Puts so many events into the journal, and as many into the stream before, so that half of the people are known."""
    from benchmarks.drain import PER_ENTRY, Traffic
    from fullfunnel.events import on_tick
    from fullfunnel.events.journal import Journal
    from fullfunnel.workspaces.models import Source, Workspace

    workspace = Workspace.objects.create(name="Bench", slug="bench")
    source = Source.objects.create(workspace=workspace, name="site", kind="web")
    traffic = Traffic(workspace.pk, source.pk, identifying=0.03 if kind == "visits" else 1.0)
    journal = Journal(data / "journal.db")
    journal.append([traffic.entry() for _ in range(events // PER_ENTRY // 2)])
    while on_tick.drain():
        pass
    journal.append([traffic.entry() for _ in range(events // PER_ENTRY)])


def drain_all() -> float:
    """Seconds until nothing waits."""
    from fullfunnel.events import on_tick

    began = time.perf_counter()
    while on_tick.drain():
        pass
    return time.perf_counter() - began


def shares(seconds: list[float], name: str) -> dict[str, Any]:
    """Median, 99th percentile and maximum in milliseconds."""
    ordered = sorted(seconds)
    found = (ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1])
    return {f"{name}_{word}_ms": round(one * 1000, 1) for word, one in zip(("p50", "p99", "max"), found, strict=True)}


def measure(kind: str, events: int, *, is_alone: bool, verbose: bool = False) -> dict[str, Any]:
    """In a data directory of its own: the drain's holds when it is alone, else the second writer's waits."""
    data = Path(tempfile.mkdtemp(prefix="fullfunnel-bench-"))
    os.environ |= {"FULLFUNNEL_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "fullfunnel.config.settings"}
    from fullfunnel.cli.preparing import prepare

    try:
        assert prepare() is None
        fill(data, kind, events)
        if is_alone:
            holds = Holds()
            seconds = drain_all()
            if verbose:
                for used, held, first in sorted(holds.each, reverse=True)[:25]:
                    print(f"{used * 1000:8.1f} ms of {held * 1000:8.1f} ms  {first}", file=sys.stderr)
            on_processor = shares([used for used, _, _ in holds.each], "held_cpu")
            return {"alone_s": round(seconds, 2)} | on_processor | shares([held for _, held, _ in holds.each], "held")
        waits, used = Waits(data / "main.db"), time.process_time()
        seconds = drain_all()
        used = time.process_time() - used
        found = waits.stop()
        return {"beside_s": round(seconds, 2), "beside_cpu_s": round(used, 2), "writes": len(found)} | shares(
            found, "wait"
        )
    finally:
        shutil.rmtree(data, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=30_000)
    parser.add_argument("--kind", choices=["visits", "people"])
    parser.add_argument(
        "--alone", action="store_true", help="measure how long the drain holds the lock, in this process"
    )
    parser.add_argument(
        "--beside", action="store_true", help="measure how long the second writer waits, in this process"
    )
    parser.add_argument("--write", metavar="DATABASE", help="be the second writer")
    given = parser.parse_args()
    if given.write:
        write_again_and_again(given.write)
    elif given.alone or given.beside:
        print(json.dumps(measure(given.kind, given.events, is_alone=given.alone, verbose=True)))
    else:
        # The settings know one data directory a process.
        for kind in [given.kind] if given.kind else ["visits", "people"]:
            result: dict[str, Any] = {"benchmark": "second_writer", "kind": kind, "events": given.events}
            for part in ("--alone", "--beside"):
                command = [sys.executable, "-m", "benchmarks.second_writer", part, "--kind", kind]
                done = subprocess.run([*command, "--events", str(given.events)], check=True, stdout=subprocess.PIPE)
                result |= json.loads(done.stdout)
            print(json.dumps(result))


if __name__ == "__main__":
    main()
