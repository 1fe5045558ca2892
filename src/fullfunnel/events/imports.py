"""Import rows of a file through the journal, chunk by chunk, so that a kill loses nothing."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Max, Sum

from fullfunnel.core import clock
from fullfunnel.core.worker import STREAM, Tick, call, lease
from fullfunnel.events.event import Arrival
from fullfunnel.events.journal import Entry, Journal
from fullfunnel.events.mapping import row_hash
from fullfunnel.events.models import Batch

CHUNK_ROWS = 1_000
CHUNK_BYTES = 4 * 1024 * 1024
# More than this is never waiting: what clients send meanwhile must not stand behind a whole file.
MAX_WAITING_BATCHES = 20
MAX_WAIT_SECONDS = 120.0
_encode = msgspec.json.Encoder().encode


@dataclass
class Report:
    """rows: read; written: to the stream; new, known: what the stream did not have and had."""

    rows: int = 0
    written: int = 0
    refused: int = 0
    new: int = 0
    known: int = 0
    is_drained: bool = True


@dataclass
class Occurrences:
    """Number equal rows: the n-th with this hash. On disk beyond 200 MB."""

    _seen: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect("", isolation_level=None))

    def __post_init__(self) -> None:
        self._seen.execute("PRAGMA cache_size=-200000")
        self._seen.execute("CREATE TABLE seen (hash BLOB PRIMARY KEY, n INTEGER) WITHOUT ROWID")
        self._seen.execute("BEGIN")

    def count(self, digest: bytes) -> int:
        """Return how many times this hash has come, this time included."""
        upsert = "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n"
        return int(self._seen.execute(upsert, (digest,)).fetchone()[0])


class Import:
    """One file on its way into a source of a workspace."""

    def __init__(self, workspace_id: int, source_id: int, drain: Callable[[], bool]) -> None:
        self.workspace_id = workspace_id
        self.source_id = source_id
        self._tick = Tick("drain", 0.05, drain)
        self.journal = Journal(settings.DATA_DIR / "journal.db")
        self.first = self.journal.last_id()
        self.report = Report()
        self._occurrences = Occurrences()
        self._chunk: list[bytes] = []
        self._size = 0

    def take(
        self,
        rows: Iterable[tuple[int, Mapping[str, Any] | str]],
        read: Callable[[Mapping[str, Any]], Arrival | str],
        on_refused: Callable[[int, str, Any], None],
        on_progress: Callable[[Report], None] = lambda report: None,
    ) -> Report:
        """Import all rows; return when the stream has them. Bad rows go to `on_refused(line, reason, row)`.

        After a kill run it again: a row always has the same id.
        """
        for line, row in rows:
            self.report.rows += 1
            found = row if isinstance(row, str) else read(row)
            if isinstance(found, str):
                self.report.refused += 1
                on_refused(line, found, row)
            else:
                self._add(found)
                on_progress(self.report)
        self._write()
        self.report.is_drained = self._wait(0)
        self._count()
        on_progress(self.report)
        return self.report

    def _add(self, arrival: Arrival) -> None:
        if not arrival.id:
            digest = row_hash(arrival)
            arrival.id = f"{digest.hex()}.{self._occurrences.count(digest)}"
        encoded = _encode(arrival)
        self._chunk.append(encoded)
        self._size += len(encoded)
        if len(self._chunk) >= CHUNK_ROWS or self._size >= CHUNK_BYTES:
            self._write()
            self._wait(MAX_WAITING_BATCHES)

    def _write(self) -> None:
        if not self._chunk:
            return
        entry = Entry(
            received_at=clock.now_us(),
            workspace_id=self.workspace_id,
            source_id=self.source_id,
            source_kind="file",
            items=b"[" + b",".join(self._chunk) + b"]",
            count=len(self._chunk),
            forever=True,
        )
        self.journal.append([entry])
        self.report.written += len(self._chunk)
        self._chunk, self._size = [], 0

    def _wait(self, most: int) -> bool:
        """Wait until at most `most` entries wait, and drain when no worker does. False: nothing moved for
        MAX_WAIT_SECONDS.
        """
        last = self.journal.last_id()
        stream = lease(settings.DATA_DIR, STREAM)
        stored, moved_at = drained_to(), time.monotonic()
        while last - stored > most:
            # Without a running server we do the worker's part ourselves.
            if not stream.is_held() and self._tick.due <= time.monotonic():
                call(self._tick)
            else:
                time.sleep(0.05)
            before, stored = stored, drained_to()
            if stored != before:
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > MAX_WAIT_SECONDS:
                return False
        return True

    def _count(self) -> None:
        """Count what came. Careful: exact only when nobody else sent anything meanwhile."""
        batches = Batch.objects.filter(journal_to__gt=self.first, state=Batch.State.STORED)
        known = batches.aggregate(n=Sum("duplicates"))["n"] or 0
        self.report.known = min(int(known), self.report.written)
        self.report.new = self.report.written - self.report.known


def drained_to() -> int:
    """The last journal row that is in the lake."""
    return int(Batch.objects.filter(state=Batch.State.STORED).aggregate(last=Max("journal_to"))["last"] or 0)
