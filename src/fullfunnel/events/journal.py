"""The durable inbox: a SQLite file that holds what arrived before anybody is told so.

Ids only grow, and there is one writer at a time: who sees row n sees every row below it. So a batch of the drain
is a range of ids (docs/adr/0030).
"""

import asyncio
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec

SCHEMA = """
CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT, received_at INTEGER NOT NULL, workspace_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL, source_kind TEXT NOT NULL, ip TEXT NOT NULL, user_agent TEXT NOT NULL,
    items BLOB NOT NULL, count INTEGER NOT NULL, refused BLOB, forever INTEGER NOT NULL
)"""
COLUMNS = "received_at, workspace_id, source_id, source_kind, ip, user_agent, items, count, refused, forever"
INSERT = f"INSERT INTO journal ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
MAX_WAITING_BYTES = 64 * 1024 * 1024


class JournalBusy(Exception):
    """Too much waits for the disk: answer 503 with Retry-After. Nothing was kept."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One request's items.

    received_at: µs; items: msgspec JSON of list[Arrival]; count: of items; refused: JSON list of [reason, item],
    or None; forever: remember ids for ever (imports), not for 30 days.
    """

    received_at: int
    workspace_id: int
    source_id: int
    source_kind: str
    ip: str = ""
    user_agent: str = ""
    items: bytes
    count: int
    refused: bytes | None = None
    forever: bool = False


class Journal:
    """The file, made when missing. Safe for threads and processes. sqlite3.Error: the disk did not take it."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._local = threading.local()
        self._owned = threading.Lock()

    def append(self, entries: Sequence[Entry]) -> list[int]:
        """Write all entries or none; return their ids."""
        rows = [msgspec.structs.astuple(entry) for entry in entries]
        with self.writing() as connection:
            return [int(connection.execute(INSERT, row).lastrowid or 0) for row in rows]

    def read(self, first: int, last: int) -> list[tuple[int, Entry]]:
        """Return the entries first to last, both included, with their ids."""
        rows = self._connection().execute(
            f"SELECT id, {COLUMNS} FROM journal WHERE id BETWEEN ? AND ? ORDER BY id", (first, last)
        )
        return [(row[0], _entry(row[1:])) for row in rows]

    def next_range(self, after: int, *, most_items: int, most_bytes: int) -> tuple[int, int]:
        """Return (last id, items) of the rows above `after` that make a batch; (after, 0) when nothing waits.

        At least one row, so that a large one blocks nothing.
        """
        last, items, size = after, 0, 0
        rows = self._connection().execute(
            "SELECT id, count, length(items) FROM journal WHERE id > ? ORDER BY id", (after,)
        )
        for row_id, count, length in rows:
            if last != after and (items + count > most_items or size + length > most_bytes):
                break
            last, items, size = row_id, items + count, size + length
        rows.close()
        return last, items

    def last_id(self) -> int:
        """The highest id ever given; 0 before the first."""
        row = self._connection().execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
        return int(row[0]) if row else 0

    def skip_to(self, last: int) -> None:
        """From now on gives ids above `last` only."""
        if self.last_id() < last:
            with self.writing() as connection:
                connection.execute("DELETE FROM sqlite_sequence WHERE name = 'journal'")
                connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('journal', ?)", (last,))

    def forget(self, last: int, *, most: int) -> bool:
        """Delete up to `most` rows up to `last`; return whether more are left. Small steps: writers wait."""
        ids = f"SELECT id FROM journal WHERE id <= ? ORDER BY id LIMIT {most:d}"
        with self.writing() as connection:
            deleted = connection.execute(f"DELETE FROM journal WHERE id IN ({ids})", (last,)).rowcount
        return deleted == most

    def ids_of(self, workspace_id: int) -> list[int]:
        """The ids of a workspace's entries, in order."""
        rows = self._connection().execute("SELECT id FROM journal WHERE workspace_id = ? ORDER BY id", (workspace_id,))
        return [row_id for (row_id,) in rows]

    def change(self, row_id: int, how: Callable[[Entry], Entry]) -> None:
        """Replace an entry by what `how` makes of it, in one transaction, and overwrite its bytes. For erasure."""
        assignments = ", ".join(f"{name} = ?" for name in COLUMNS.split(", "))
        with self.writing() as connection:
            for row in connection.execute(f"SELECT {COLUMNS} FROM journal WHERE id = ?", (row_id,)).fetchall():
                values = msgspec.structs.astuple(how(_entry(row)))
                connection.execute(f"UPDATE journal SET {assignments} WHERE id = ?", (*values, row_id))

    def empty_log(self) -> bool:
        """Truncate the write-ahead log; return False when a reader was in the way."""
        busy, _, _ = self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold one durable transaction. Writers queue at a file lock, as waiting for SQLite is unfair."""
        connection = self._connection()
        with self._owned, (self.path.parent / f"{self.path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # Careful: after a failed fsync nothing of this connection can be trusted; the next write opens a new one.
                self.close()
                raise

    def close(self) -> None:
        """Close this thread's connection; the next use opens one. An open transaction is undone."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()

    def _connection(self) -> sqlite3.Connection:
        if getattr(self._local, "connection", None) is None or self._local.process != os.getpid():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=20)
            connection.execute("PRAGMA journal_mode=WAL")
            # FULL: the commit returns after fsync. What was acknowledged survives a power cut.
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute(SCHEMA)
            self._local.connection, self._local.process = connection, os.getpid()
        found: sqlite3.Connection = self._local.connection
        return found


def _entry(row: tuple[object, ...]) -> Entry:
    return msgspec.convert(dict(zip(Entry.__struct_fields__, row, strict=True)), Entry, strict=False)


class GroupCommit:
    """Commit the entries of many requests with one fsync.

    While one commit runs the next group gathers.
    """

    def __init__(self, journal: Journal, *, most_waiting_bytes: int = MAX_WAITING_BYTES) -> None:
        self._journal = journal
        self._most = most_waiting_bytes
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._bytes = 0
        self._running: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    async def put(self, entry: Entry) -> None:
        """Return when the entry is on disk. JournalBusy: too much waits."""
        size = len(entry.items) + len(entry.refused or b"")
        if self._bytes and self._bytes + size > self._most:
            raise JournalBusy("too much is waiting for the disk")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, done))
        self._bytes += size
        if self._running is None:
            self._running = asyncio.ensure_future(self._commit_all())
        await done

    async def _commit_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await loop.run_in_executor(self._thread, self._journal.append, [entry for entry, _ in group])
            except BaseException as error:
                _settle(group, error)
            else:
                _settle(group, None)
            self._bytes -= sum(len(entry.items) + len(entry.refused or b"") for entry, _ in group)
        self._running = None


def _settle(group: list[tuple[Entry, asyncio.Future[None]]], error: BaseException | None) -> None:
    for _, done in group:
        if done.done():  # the client went away
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
