"""An upgrade is done or not done, wherever it is killed, and whatever a migration meets."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fullfunnel.core.directory import FORMAT, MIGRATIONS
from fullfunnel.core.lease import Lease
from tests.reliability.test_upgrade import FIXTURE, rows

# This many steps, spread evenly, and all around the COMMIT; or all.
QUICK, ALL = 3, 10_000


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old"
    unpack(path)
    return path


def unpack(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    with tarfile.open(FIXTURE) as tar:
        tar.extractall(path, filter="data")


def run(data: Path, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`fullfunnel …` on the directory; the settings are the program's unless named."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "FULLFUNNEL_"))}
    kept |= {"FULLFUNNEL_DATA_DIR": str(data)} | environment
    # Any command opens the directory first; this one ends soon.
    arguments = command or ("import", "mappings", "--workspace", "halden")
    return subprocess.run([sys.executable, "-m", "fullfunnel", *arguments], env=kept, capture_output=True, text=True)


NEXT = {"DJANGO_SETTINGS_MODULE": "tests.reliability.nextroom.settings"}


def content(data: Path) -> tuple[str, list[str]]:
    """The format and all of main.db, as SQL."""
    with closing(sqlite3.connect(data / "main.db")) as database:
        return (data / "format").read_text(), list(database.iterdump())


def shape(data: Path) -> tuple[Any, ...]:
    """The format, the tables, how many rows each has, the migrations that are applied, and what SQLite finds wrong."""
    with closing(sqlite3.connect(data / "main.db")) as database:
        tables = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        names = [
            name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        counts = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        applied = database.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
        wrong = (
            database.execute("PRAGMA integrity_check").fetchall()
            + database.execute("PRAGMA foreign_key_check").fetchall()
        )
        return (data / "format").read_text(), tables, counts, applied, wrong


class Upgrades:
    """The directory of the older version, upgraded again and again, and killed."""

    def __init__(self, data: Path) -> None:
        self.data = data
        environment = os.environ | {
            "FULLFUNNEL_DATA_DIR": str(data),
            "DJANGO_SETTINGS_MODULE": "fullfunnel.config.settings",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.killed_upgrade"],
            env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._answer() == "ready"

    def prepare(self, kill_at: int = 0) -> tuple[int, int, int]:
        """(exit status, steps taken, the step that was the last COMMIT)."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{kill_at}\n")
        self.process.stdin.flush()
        status, steps, commit = self._answer().split()
        return int(status), int(steps), int(commit)

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture
def upgrades(old: Path) -> Iterator[Upgrades]:
    found = Upgrades(old)
    yield found
    assert found.process.stdin is not None
    found.process.stdin.close()
    found.process.wait()
    assert found.process.stdout is not None
    found.process.stdout.close()


@pytest.mark.parametrize(
    "kills", [pytest.param(QUICK, marks=pytest.mark.deep(quick=True)), pytest.param(ALL, marks=pytest.mark.deep)]
)
def test_an_upgrade_killed_anywhere_is_done_or_not_done_and_completes_when_opened_again(upgrades, old, tmp_path, kills):
    before = shape(old)
    status, steps, commit = upgrades.prepare()
    assert (status, (old / "format").read_text()) == (0, f"{FORMAT}\n")
    complete = shape(old)
    assert complete[4] == [("ok",)]
    assert len(complete[3]) == MIGRATIONS > len(before[3])
    assert steps > 100

    around = range(commit - 2, steps + 1)
    places = sorted({*range(1, steps, max(1, steps // kills)), *around})
    seen = set()
    for place in places:
        unpack(old)
        assert upgrades.prepare(place)[0] == -signal.SIGKILL, place
        # Looked at beside, so that the program itself recovers what was left.
        copy = tmp_path / "copy"
        shutil.copytree(old, copy)
        found = shape(copy)
        shutil.rmtree(copy)
        assert found[1:] in (before[1:], complete[1:]), place
        assert found[0] == before[0] or found == complete, place
        seen.add(found == before)
        assert upgrades.prepare()[0] == 0, place
        assert shape(old) == complete, place
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("how", "part"),
    [
        ("raises", "nextroom.0001_initial failed with ValueError, which is a fault of this program: report it"),
        pytest.param("orphan", "nextroom.0001_initial failed with IntegrityError", marks=pytest.mark.deep(quick=True)),
        pytest.param("full", "the server's disk is full", marks=pytest.mark.deep(quick=True)),
    ],
)
def test_a_migration_that_fails_leaves_the_directory_as_it_was_and_says_what_to_do(old, how, part):
    before = content(old)
    done = run(old, **NEXT, FULLFUNNEL_TEST_MIGRATION=how)
    assert done.returncode == 1
    said = done.stderr.splitlines()[-1]
    assert said.startswith(
        f"fullfunnel: {old} was not upgraded and is as it was, so the program that you had before still runs on it: "
    )
    assert part in said
    assert "ada@example.com" not in done.stderr
    assert content(old) == before
    # Whoever mends it goes on from there.
    assert run(old, **NEXT).returncode == 0
    assert rows(old, "SELECT DISTINCT name FROM workspaces_user") == [("changed",)]


def test_the_tables_of_a_newer_program_are_refused_and_left_alone(old):
    assert run(old, **NEXT).returncode == 0
    before = content(old)
    for command in ((), ("serve", "--port", "1")):
        done = run(old, *command)
        assert (done.returncode, done.stderr) == (
            1,
            f"fullfunnel: {old} holds tables of a newer fullfunnel (nextroom.0001_initial): "
            "start the newer program, or restore a backup from before the upgrade\n",
        )
    assert content(old) == before


def test_tables_are_not_changed_under_a_server_that_runs(old):
    before = content(old)
    with Lease(old / "serve.lock"):
        done = run(old)
    assert (done.returncode, content(old)) == (1, before)
    assert (
        done.stderr
        == f"fullfunnel: the tables in {old} are of an older fullfunnel, whose server still runs: stop it, then do this again\n"
    )
    assert run(old).returncode == 0
    with Lease(old / "serve.lock"):
        assert run(old).returncode == 0


def test_a_program_that_writes_meanwhile_is_waited_for_and_then_named(old):
    before = content(old)
    with closing(sqlite3.connect(old / "main.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        done = run(old, **NEXT)
    assert (done.returncode, content(old)) == (1, before)
    assert done.stderr.endswith(" another program (an import, perhaps) writes to main.db: end it, then do this again\n")
