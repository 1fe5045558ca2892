"""Backup while clients send, restore into an empty directory (R17 quick), and what a restored copy may do."""

import base64
import json
import sqlite3
import tarfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fullfunnel.cli.restore import check
from fullfunnel.core.directory import FORMAT, may_send
from fullfunnel.events.backups.about import About
from tests.kit.server import Server, fullfunnel, running, until

pytestmark = pytest.mark.serves


class Client:
    """Sends batches until it is told to stop; `acked` are the ids that the server has answered for."""

    def __init__(self, server: Server, write_key: str) -> None:
        self.server = server
        token = base64.b64encode(f"{write_key}:".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
        self.acked: list[str] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            ids = [f"event-{number + n}" for n in range(20)]
            calls = [{"type": "track", "event": "seen", "userId": f"u{n % 7}", "messageId": ids[n]} for n in range(20)]
            status, _ = self.server.request("POST", "/v1/batch", json.dumps({"batch": calls}).encode(), self.headers)
            if status == 200:
                self.acked += ids
            number += 20

    def __enter__(self) -> "Client":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


def finding(directory: Path, name: str) -> dict[str, Any]:
    done = fullfunnel("doctor", "--json", "--data-dir", str(directory))
    return {found["name"]: found for found in json.loads(done.stdout)}[name]


def exported_ids(server: Server, tmp_path: Path) -> Counter[str]:
    path = tmp_path / f"out-{time.monotonic_ns()}.jsonl"
    assert server.command("export", "events", str(path), "--workspace", "halden").returncode == 0
    return Counter(json.loads(line)["id"] for line in path.read_text().splitlines())


def drained_ids(directory: Path, tmp_path: Path) -> Counter[str]:
    """The ids of all events of a restored copy, once its server has worked off the journal."""
    with running(directory) as copy:
        until(lambda: "everything that arrived" in finding(directory, "journal")["found"])
        return exported_ids(copy, tmp_path)


@pytest.mark.deep
def test_a_backup_taken_while_clients_send_has_all_that_was_acknowledged_before(tmp_path):
    with running(tmp_path / "data") as server:
        keys = server.create_workspace()
        with Client(server, keys["write_key"]) as client:
            for run in range(2):
                until(lambda: len(client.acked) >= 1_000 * (run + 1))  # noqa: B023
                before = list(client.acked)
                done = server.command("backup", str(tmp_path / f"{run}.tar"), "--json")
                assert done.returncode == 0, done.stderr
                assert len(client.acked) > len(before) > 0
                directory = tmp_path / f"copy{run}"
                restored = fullfunnel("restore", str(tmp_path / f"{run}.tar"), "--data-dir", str(directory))
                assert restored.returncode == 0, restored.stderr
                found = drained_ids(directory, tmp_path)
                assert set(before) <= set(found)
                assert set(found) <= set(client.acked) | {f"event-{n}" for n in range(len(client.acked) + 40)}
                assert set(found.values()) == {1}


def test_a_restored_copy_sends_nothing_until_it_is_confirmed(tmp_path):
    data, copy = tmp_path / "data", tmp_path / "copy"
    server = Server(data)
    server.create_workspace()
    assert server.command("backup", str(tmp_path / "b.tar.gz")).returncode == 0
    assert may_send(data)
    assert fullfunnel("restore", str(tmp_path / "b.tar.gz"), "--data-dir", str(copy)).returncode == 0
    assert not may_send(copy)
    assert finding(copy, "sending") == {
        "name": "sending", "is_well": False, "found": "this is a restored copy; it sends nothing yet",
        "mend": "when the original no longer runs: fullfunnel restore --confirm",
    }  # fmt: skip
    with running(copy) as restored:
        until(lambda: "it sends nothing until" in restored.log.read_text())
    assert fullfunnel("restore", "--confirm", "--data-dir", str(copy)).returncode == 0
    assert may_send(copy)
    assert finding(copy, "sending")["is_well"] is True


def test_a_backup_is_for_its_owner_only_and_says_first_what_it_is(tmp_path):
    server = Server(tmp_path / "data")
    server.create_workspace()
    server.command("backup", str(tmp_path / "b.tar"))
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    with tarfile.open(tmp_path / "b.tar") as tar:
        names = tar.getnames()
        content = tar.extractfile("backup.json")
        assert content is not None
        about = json.load(content)
    assert names[0] == "backup.json"
    assert {"main.db", "secret_key", "format"} <= set(names)
    assert (about["format"], about["events"]) == (FORMAT, 0)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".b")] == []


def test_nothing_is_restored_into_a_directory_that_holds_something(tmp_path):
    server = Server(tmp_path / "data")
    server.create_workspace()
    server.command("backup", str(tmp_path / "b.tar"))
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_text("mine")
    done = fullfunnel("restore", str(tmp_path / "b.tar"), "--data-dir", str(full))
    assert done.returncode == 1
    assert done.stderr == f"fullfunnel: {tmp_path}/b.tar was not restored: {full} is not empty\n"
    assert [path.name for path in full.iterdir()] == ["mine"]


@pytest.mark.parametrize("harm", ["cut", "foreign", "escape", "newer", "missing"])
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(harm, tmp_path):
    server = Server(tmp_path / "data")
    server.create_workspace()
    whole, bad = tmp_path / "b.tar", tmp_path / "bad.tar"
    server.command("backup", str(whole))
    if harm == "cut":
        bad.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    elif harm == "foreign":
        (tmp_path / "x").write_text("x")
        with tarfile.open(bad, "w") as tar:
            tar.add(tmp_path / "x", arcname="x")
    else:
        _rewritten(whole, bad, harm)
    done = fullfunnel("restore", str(bad), "--data-dir", str(tmp_path / "copy"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"fullfunnel: {bad} was not restored: ")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "copy").exists()
    assert not (tmp_path / "copy.restoring").exists()
    assert not (tmp_path / "outside").exists()


def _rewritten(whole: Path, bad: Path, harm: str) -> None:
    """The backup again, with one thing changed."""
    scratch = bad.with_suffix(".d")
    with tarfile.open(whole) as tar:
        tar.extractall(scratch, filter="data")
    about = json.loads((scratch / "backup.json").read_text())
    if harm == "newer":
        about["format"] = FORMAT + 1
    (scratch / "backup.json").write_text(json.dumps(about))
    if harm == "missing":
        (scratch / "main.db").unlink()
    with tarfile.open(bad, "w") as tar:
        tar.add(scratch / "backup.json", arcname="backup.json")
        for path in sorted(scratch.iterdir()):
            if path.name != "backup.json":
                tar.add(path, arcname=path.name)
        if harm == "escape":
            tar.add(scratch / "format", arcname="events/../../outside")


@pytest.mark.parametrize("path", ["/etc/passwd", "events/../main.db", "events/2026-11/../../secret_key", "secret_key"])
def test_a_manifest_that_names_a_file_outside_the_lake_is_refused(tmp_path, path):
    with closing(sqlite3.connect(tmp_path / "main.db")) as connection:
        connection.execute("CREATE TABLE events_lakefile (path TEXT, bytes INTEGER)")
        connection.execute("INSERT INTO events_lakefile VALUES (?, 1)", (path,))
        connection.commit()
    with pytest.raises(ValueError, match="no file of the lake"):
        check(tmp_path, About("2026-11-30T12:00:00+00:00", "0", 1, events=1, files=1))
