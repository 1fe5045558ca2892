"""Collect everything that cannot be rebuilt, while the server runs.

The main database and the list of the lake's files are taken while nothing enters the lake, the journal after that: so
every event that was acknowledged before the start is in the one or the other, and none stands in both.
"""

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from fullfunnel import __version__
from fullfunnel.core import clock
from fullfunnel.core.directory import FORMAT
from fullfunnel.core.durable import sync, write_new
from fullfunnel.core.files import kept_digests, path_of
from fullfunnel.core.lease import Lease
from fullfunnel.events.backups.about import ABOUT, JOURNAL, MAIN, About
from fullfunnel.events.duplicates import SEPARATE_SINCE
from fullfunnel.events.failpoints import reached
from fullfunnel.events.store import open_store

PREFIX = "backup-"


class NoRoomError(OSError):
    """A copy would leave too little of the disk free."""


@contextmanager
def only_one(data: Path, *, wait: float = 0.0) -> Iterator[bool]:
    """Hold the right to make a backup; yield False where another has it after `wait` seconds.

    Remove what a kill left: it may hold somebody erased.
    """
    lease = Lease(data / "backup.lock")
    taken = lease.take_soon(wait)
    try:
        if taken:
            for left in (data / "tmp").glob(f"{PREFIX}*"):
                shutil.rmtree(left, ignore_errors=True)
        yield taken
    finally:
        lease.release()


@contextmanager
def scratch(data: Path) -> Iterator[Path]:
    """Yield a directory on the disk of the data. The caller holds `only_one`."""
    (data / "tmp").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=data / "tmp") as name:
        yield Path(name)


def collect(data: Path, copy: Path, *, before: Path | None = None, room: "Room | None" = None) -> About:
    """Copy one moment of `data` into the directory `copy`, and wait for the disk. NoRoomError, OSError, sqlite3.Error.

    Files that never change are linked, on another disk to those of `before`, the copy before.
    """
    began = clock.now()
    room = room or Room(copy, 0.0)
    with scratch(data) as links:
        # Careful: the store's right to change also stops keys from moving out of the database into files under our hands.
        with open_store().changing():
            copy_database(data / MAIN, copy / MAIN, room)
            files = listed_files(copy / MAIN)
            kept = [path for path, _ in files] + names_of_keys(data)
            for relative in kept:
                link_or_copy(data / relative, links / relative)
        # After the rows that name them. One that is gone by now has lost its row.
        for digest in kept_digests(data):
            relative = str(path_of(data, digest).relative_to(data))
            with suppress(FileNotFoundError):
                link_or_copy(data / relative, links / relative)
                kept.append(relative)
        reached("backup-linked")
        if (data / JOURNAL).exists():
            copy_database(data / JOURNAL, copy / JOURNAL, room)
        for relative in kept:
            place(links / relative, copy / relative, before / relative if before else None, room)
    if (data / "secret_key").exists():
        write_new(copy / "secret_key", (data / "secret_key").read_bytes())
    write_new(copy / "format", f"{FORMAT}\n".encode())
    reached("backup-copied")
    about = About(
        made_at=began.isoformat(),
        version=__version__,
        format=FORMAT,
        events=sum(events for _, events in files),
        files=len(files),
        members=1 + sum(path.is_file() for path in copy.rglob("*")),
    )
    write_new(copy / ABOUT, about.as_json())
    for folder in (copy, *(path for path in copy.rglob("*") if path.is_dir())):
        sync(folder)
    return about


def names_of_keys(data: Path) -> list[str]:
    """Return the files below keys/."""
    names = [f"keys/{path.name}" for path in sorted((data / "keys").glob("*.keys"))]
    since = f"keys/{SEPARATE_SINCE}"
    return [*names, since] if (data / since).exists() else names


def copy_database(source: Path, target: Path, room: "Room") -> None:
    """Copy a single moment of a database, in one step, while others write to it."""
    room.need(source.stat().st_size)
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(fd)
    with closing(sqlite3.connect(source, timeout=60)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)
    sync(target)


def listed_files(main: Path) -> list[tuple[str, int]]:
    """Take files that no longer count off a copied manifest; return (path, events) of the others."""
    with closing(sqlite3.connect(main)) as connection, connection:
        connection.execute("DELETE FROM events_lakefile WHERE superseded_at IS NOT NULL")
        rows = connection.execute("SELECT path, events FROM events_lakefile ORDER BY id").fetchall()
    return [(str(path), int(n)) for path, n in rows]


def link_or_copy(source: Path, target: Path) -> None:
    """Link a file, so that it may be removed; where links cannot be had, copy it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def place(source: Path, target: Path, before: Path | None, room: "Room") -> None:
    """Link a file into a copy: itself, or the same file of the copy before; else copy it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for there in (source, before):
        if there is not None and _is_same(there, source):
            try:
                os.link(there, target)
            except OSError:
                continue
            return
    room.need(source.stat().st_size)
    shutil.copy2(source, target)
    target.chmod(0o600)
    sync(target)


def _is_same(there: Path, source: Path) -> bool:
    try:
        one, other = there.stat(), source.stat()
    except FileNotFoundError:
        return False
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


class Room:
    """The disk of a folder, of which the share `leave` is to stay free."""

    def __init__(self, folder: Path, leave: float) -> None:
        self.folder = folder
        self.leave = leave

    def need(self, size: int) -> None:
        """NoRoomError where `size` bytes more would leave too little."""
        disk = shutil.disk_usage(self.folder if self.folder.exists() else self.folder.parent)
        if not self.leave or disk.free - size >= self.leave * disk.total:
            return
        said = f"{100 * disk.free // disk.total} % of the disk of {self.folder} is free"
        more = f", {size / 1_000_000:,.0f} MB are needed" if size else ""
        raise NoRoomError(errno.ENOSPC, f"{said}{more}, and a backup leaves {round(100 * self.leave)} %")
