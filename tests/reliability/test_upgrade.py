"""A data directory of the version before reactions had names is served by one that brings a reaction of each kind."""

import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from fullfunnel.config.wiring import ON_EVENT
from tests.fixtures import make_data_directory
from tests.reliability.mirrors import NAMES

pytestmark = pytest.mark.deep(quick=True)

FIXTURE = Path(make_data_directory.__file__).with_name("before_named_reactions.tar.gz")
# What the fixture holds: the newest batch that was stored, and how far each of its reactions had come.
NEWEST, TOLD = 52, {"arrivals": 51, "catalogue": 51, "last-seen": 49}
SPAN = 2**20
# In an order in which each is reached: files are merged once only.
KILLS = [
    "portion-filled:1", "merged:1", "superseded:1", "stored:1", "removed:1", "portion-filled:2", "portion-told:1",
    "portion-filled:2", "portion-told:2", "reacted:1", "portion-filled:1", "frozen:1",
]  # fmt: skip


def rows(data: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / "main.db")) as database:
        return database.execute(query, values).fetchall()


class Upgraded:
    """A directory with the programs of the next version."""

    def __init__(self, data: Path, process: "subprocess.Popen[str]") -> None:
        self.data, self._process = data, process
        assert self._answer() == "prepared"

    def do(self, line: str) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def cursors(self) -> dict[str, tuple[int, int | None]]:
        found = rows(self.data, "SELECT reaction, batch, fills_to FROM events_cursor")
        return {name: (batch, fills_to) for name, batch, fills_to in found}

    def statuses(self, reaction: str) -> dict[str, str]:
        """What the reaction says became of each deal."""
        return dict(rows(self.data, "SELECT deal, status FROM mirror WHERE reaction = ?", reaction))

    def told(self, reaction: str) -> list[tuple[str, int, str]]:
        """(deal, batch, event id) of all that the reaction was told, deal by deal in the order of telling."""
        found = rows(self.data, "SELECT deal, trail FROM mirror WHERE reaction = ? ORDER BY deal", reaction)
        words = [(deal, *word.split(":")) for deal, trail in found for word in trail.split()]
        return [(deal, int(batch), event_id) for deal, batch, event_id in words]

    def stored(self, *, after: int = 0) -> list[tuple[str, int, str]]:
        """The same of what the lake holds, from the batches after one."""
        import duckdb

        listed = rows(self.data, "SELECT path FROM events_lakefile WHERE superseded_at IS NULL")
        with duckdb.connect() as connection:
            found = connection.execute(
                f"SELECT deal_id, seq // {SPAN} AS batch, event_id FROM read_parquet(?) "
                "WHERE list_contains(?, name) AND batch > ?",
                [[str(self.data / path) for (path,) in listed], list(NAMES), after],
            )
            return sorted(found.fetchall())

    def seen(self) -> set[tuple[Any, ...]]:
        """When the person of each identity was first and last seen."""
        query = (
            "SELECT i.workspace_id, i.kind, i.value, p.first_seen_at, p.last_seen_at FROM people_identity AS i "
            "JOIN people_person AS p ON p.id = i.person_id"
        )
        return set(rows(self.data, query))


@contextmanager
def upgraded(data: Path) -> Iterator[Upgraded]:
    environment = os.environ | {"FULLFUNNEL_DATA_DIR": str(data)}
    command = [sys.executable, "-m", "tests.reliability.upgrader"]
    with subprocess.Popen(
        command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield Upgraded(data, process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.deep(quick=True)
def test_an_upgraded_directory_goes_on_and_a_filled_reaction_equals_one_told_live(tmp_path, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.reliability.mirrors.settings")
    monkeypatch.setenv("FULLFUNNEL_CRASH_AT", "")
    old, live = tmp_path / "old", tmp_path / "live"
    with tarfile.open(FIXTURE) as tar:
        tar.extractall(old, filter="data")
    # The same days with all reactions there from the first day on.
    make_data_directory.make(live)
    with upgraded(old) as filled, upgraded(live) as told:
        assert filled.cursors() == {name: (batch, None) for name, batch in TOLD.items()}
        for number, arrow in enumerate(KILLS):
            filled.do(f"send {number}")
            assert filled.do(f"work {arrow}") == -signal.SIGKILL, arrow
            if number == 0:
                assert filled.cursors()["filled"] == (NEWEST, (NEWEST + 1) * SPAN - 1)
            told.do(f"send {number}")
            assert told.do("work") == 0
        assert (filled.do("work"), told.do("work")) == (0, 0)

        [(newest,)] = rows(old, "SELECT max(id) FROM events_batch WHERE state = 'stored'")
        # Those of today's program are new to the old directory too.
        names = {*TOLD, "fresh", "filled", *(name for name, _, _ in ON_EVENT)}
        assert filled.cursors() == dict.fromkeys(names, (newest, None))
        assert filled.statuses("filled") == told.statuses("filled")
        assert set(filled.statuses("filled").values()) == set(NAMES)
        # Each event once, batch after batch.
        assert sorted(filled.told("filled")) == filled.stored()
        assert sorted(told.told("filled")) == told.stored()
        assert {(deal, event_id) for deal, _, event_id in filled.stored()} == {(d, e) for d, _, e in told.stored()}
        assert [one[:2] for one in filled.told("filled")] == [one[:2] for one in filled.stored()]
        assert sorted(filled.told("fresh")) == filled.stored(after=NEWEST)
        assert filled.seen() == told.seen()
        # What was read of the past is told as such; what came since is live where the other's was.
        live_of = "SELECT sum(live) FROM mirror WHERE reaction = ?"
        assert rows(old, live_of, "filled") == rows(old, live_of, "fresh")
        assert rows(live, live_of, "filled")[0][0] > rows(old, live_of, "filled")[0][0] > 40
