"""`fullfunnel doctor` finds what is wrong, says how to mend it, and changes nothing."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.kit.server import Server, fullfunnel, running, until

pytestmark = pytest.mark.serves


def wrong(directory: Path, *words: str) -> dict[str, str]:
    """What is not well: name -> what was found. The exit status must agree."""
    done = fullfunnel("doctor", "--json", "--data-dir", str(directory), *words)
    found = {one["name"]: one["found"] for one in json.loads(done.stdout) if not one["is_well"]}
    assert done.returncode == (1 if found else 0), done.stderr
    assert all(one["mend"] for one in json.loads(done.stdout) if not one["is_well"])
    return found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a workspace and a few events in the lake."""
    directory = tmp_path_factory.mktemp("doctor") / "data"
    server = Server(directory)
    server.create_workspace()
    file = directory.parent / "events.csv"
    file.write_text("person,event,time\n" + "a,x,2025-01-01\n" * 5)
    assert server.command("import", "events", str(file), "--workspace", "halden").returncode == 0
    return directory


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    """A copy of it to harm."""
    import shutil

    return Path(shutil.copytree(filled, tmp_path / "data"))


def test_a_directory_in_order_is_well_whether_it_is_served_or_not(data):
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.suffix in (".parquet", ".db")}
    assert wrong(data) == {}
    assert {path: path.stat().st_mtime_ns for path in before} == before
    with running(data) as server:
        assert wrong(data, "--port", str(server.port)) == {}


@pytest.mark.parametrize(
    ("name", "lane", "seconds"), [("worker.alive", "stream", 70), ("upkeep.alive", "upkeep", 1900)]
)
def test_a_lane_that_gives_no_sign_is_found(data, name, lane, seconds):
    with running(data) as server:
        until(lambda: "late" not in (server.health() or {}).values())
        [worker] = [pid for pid, command in server.pids().items() if command.endswith("config.worker worker")]
        os.kill(worker, signal.SIGSTOP)
        until(lambda: is_stopped(worker))
        for file in ("serve.lock", name):
            os.utime(data / file, (time.time() - seconds,) * 2)
        health = server.health()
        assert health is not None
        assert [part for part, state in health.items() if state == "late" and part != "worker"] == [lane]
        found = wrong(data, "--port", str(server.port))
        assert list(found) == ["server"]
        assert re.fullmatch(
            rf"the server runs, but lanes of ticks gave no sign of life: {lane} for [\d,]+ s", found["server"]
        )
        # The clock was turned back: what the file says is still to come.
        for file in ("serve.lock", name):
            os.utime(data / file, (time.time() + 2 * seconds,) * 2)
        assert server.health() == health
        assert wrong(data, "--port", str(server.port)).keys() == {"clock", "server"}


def is_stopped(pid: int) -> bool:
    threads = subprocess.run(["ps", "-L", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return all(state.startswith("T") for state in threads.stdout.split())


def test_a_directory_that_is_not_there_is_said_and_not_made(tmp_path):
    assert wrong(tmp_path / "none") == {"directory": f"{tmp_path}/none is not there"}
    assert not (tmp_path / "none").exists()


def _newer(data: Path) -> None:
    (data / "format").write_text("99\n")


def _readable_by_all(data: Path) -> None:
    (data / "secret_key").chmod(0o644)


def _missing_file(data: Path) -> None:
    next(data.glob("events/*/*.parquet")).unlink()


def _cut_file(data: Path) -> None:
    file = next(data.glob("events/*/*.parquet"))
    file.write_bytes(file.read_bytes()[:-10])


def _harmed_contents(data: Path) -> None:
    file = next(data.glob("events/*/*.parquet"))
    file.write_bytes(b"x" * file.stat().st_size)


def _harmed_database(data: Path) -> None:
    file = data / "main.db"
    content = bytearray(file.read_bytes())
    for at in range(4096, len(content), 4096):
        content[at : at + 64] = b"\xff" * 64
    for name in ("main.db-wal", "main.db-shm"):
        (data / name).unlink(missing_ok=True)
    file.write_bytes(content)


def _restored(data: Path) -> None:
    (data / "restored").write_text("{}")


def _from_the_future(data: Path) -> None:
    os.utime(data / "format", (4e9, 4e9))


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        (_newer, "directory"),
        (_readable_by_all, "permissions"),
        (_missing_file, "lake"),
        (_cut_file, "lake"),
        (_harmed_contents, "lake's contents"),
        (_harmed_database, "databases"),
        (_restored, "sending"),
        (_from_the_future, "clock"),
    ],
)
def test_each_harm_is_found(harm, name, data):
    harm(data)
    assert name in wrong(data)


def test_what_waits_in_the_journal_without_a_worker_is_found(data):
    import msgspec

    from fullfunnel.events.journal import Entry, Journal

    journal = Journal(data / "journal.db")
    entry = Entry(
        received_at=1_700_000_000_000_000, workspace_id=1, source_id=1, source_kind="web", items=msgspec.json.encode([]), count=0
    )  # fmt: skip
    journal.append([entry])
    journal.close()
    assert wrong(data)["journal"] == "1 requests wait, the oldest since 2023-11-14 22:13:20Z"


def test_a_port_that_somebody_else_has_is_found(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert list(wrong(data, "--port", port)) == ["port"]


def test_the_findings_are_readable_without_json(data):
    done: Any = fullfunnel("doctor", "--data-dir", str(data))
    assert done.returncode == 0
    assert "ok     lake: 5 events in 1 files, as the manifest says\n" in done.stdout
    (data / "restored").write_text("{}")
    done = fullfunnel("doctor", "--data-dir", str(data))
    assert "WRONG  sending: this is a restored copy; it sends nothing yet\n       -> when the original" in done.stdout
