"""A nightly backup that is killed at any arrow leaves whole backups only, and the next tick makes it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fullfunnel.cli.restore import restore
from fullfunnel.events import failpoints
from tests.kit.server import Server

pytestmark = [pytest.mark.deep(quick=True), pytest.mark.serves]
FIRST = datetime(2026, 11, 3, 3, 30, tzinfo=UTC)
Tick = Callable[..., int]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A directory with a workspace of long ago and a few events."""
    server = Server(tmp_path / "data")
    server.create_workspace()
    (tmp_path / "in.csv").write_text("person,event,time\n" + "".join(f"p{n},x,2025-01-01\n" for n in range(50)))
    assert server.command("import", "events", str(tmp_path / "in.csv"), "--workspace", "halden").returncode == 0
    with closing(sqlite3.connect(server.directory / "main.db")) as main, main:
        main.execute("UPDATE workspaces_workspace SET created_at = '2026-11-01 12:00:00'")
    return server.directory


@pytest.fixture
def tick(data: Path) -> Iterator[Tick]:
    """`tick(night, "arrow")`: the exit status of a process that makes the backup of that night."""
    command = [sys.executable, str(Path(__file__).with_name("night_watch.py"))]
    environment = os.environ | {"FULLFUNNEL_DATA_DIR": str(data)}
    with subprocess.Popen(command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as watch:
        assert watch.stdin is not None
        assert watch.stdout is not None

        def run(night: int, arrow: str = "") -> int:
            assert watch.stdin is not None
            assert watch.stdout is not None
            watch.stdin.write(f"{(FIRST + timedelta(days=night)).isoformat()} {arrow}\n")
            watch.stdin.flush()
            return int(watch.stdout.readline())

        yield run
        watch.stdin.close()


def named(data: Path) -> list[Path]:
    folder = data / "backups"
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []


def assert_whole(data: Path) -> None:
    for backup in (named(data)[0], named(data)[-1]):
        assert restore(backup, data.with_name("copy")).events == 50
        shutil.rmtree(data.with_name("copy"))


@pytest.mark.parametrize("arrow", failpoints.OF_BACKUP)
def test_killed_at_an_arrow_it_is_made_by_the_next_tick(arrow, data, tick):
    for night in range(7):
        assert tick(night) == 0
    assert len(named(data)) == 7
    for night in range(7, 10):
        assert tick(night, arrow) == -signal.SIGKILL
        assert 6 <= len(named(data)) <= 8
        assert_whole(data)
    assert tick(9) == 0
    assert len(named(data)) == 7
    assert named(data)[-1].name == "2026-11-12T033000Z"
    assert_whole(data)
    assert [path.name for path in (data / "backups").iterdir() if path.name.startswith(".")] == []
    assert list((data / "tmp").glob("backup-*")) == []
