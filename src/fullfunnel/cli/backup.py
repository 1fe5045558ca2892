"""fullfunnel backup: everything that cannot be rebuilt, in one file, while the server runs.

The main database and the list of the lake's files are taken while nothing enters the lake, the journal after that: so
every event that was acknowledged before the start is in the one or the other, and none stands in both.
"""

import argparse
import json
import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from fullfunnel.cli.progress import Progress
from fullfunnel.cli.words import fail
from fullfunnel.core.durable import sync

ABOUT = "backup.json"
MAIN, JOURNAL = "main.db", "journal.db"
FOLDERS = ("events", "keys")

EXAMPLES = """
examples:
  fullfunnel backup /backups/monday.tar.gz
  fullfunnel restore /backups/monday.tar.gz --data-dir /srv/copy

A file of that name is replaced once the new one is whole. It holds personal data and the secret key: only its owner can read it.
Exit status: 0 written; 1 failed; 2 the name will not do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("file", metavar="FILE", help="where to: NAME.tar, or NAME.tar.gz to pack it smaller and slower")
    parser.add_argument("--json", action="store_true", help="print what was copied as JSON")


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    target = Path(args.file).resolve()
    if not target.name.endswith((".tar", ".tar.gz", ".tgz")):
        return fail(f"{args.file}: the name must end in .tar or .tar.gz")
    if not target.parent.is_dir():
        return fail(f"{target.parent} is not a directory")
    about = back_up(Path(settings.DATA_DIR), target)
    if args.json:
        print(json.dumps({"file": str(target), **about}))
    else:
        size = target.stat().st_size / 1_000_000
        print(f"{about['events']:,} events and all workspaces in {target} ({size:,.1f} MB)", file=sys.stderr)
    return 0


def back_up(data: Path, target: Path) -> dict[str, Any]:
    """Writes the backup of a data directory to `target`, which appears when it is whole; what it holds."""
    (data / "tmp").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=data / "tmp") as name:
        copy = Path(name)
        about = collect(data, copy)
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            pack(copy, fresh, compressed=not target.name.endswith(".tar"))
            fresh.replace(target)
            sync(target.parent)
        finally:
            fresh.unlink(missing_ok=True)
    return about


def collect(data: Path, copy: Path) -> dict[str, Any]:
    """A consistent copy of `data` in the directory `copy`; the lake's files, which never change, are only linked."""
    from fullfunnel import __version__
    from fullfunnel.core import clock
    from fullfunnel.core.directory import FORMAT
    from fullfunnel.events.store import open_store

    store = open_store()
    began = clock.now()
    # Careful: the store's right to change also stops keys from moving out of the database into files under our hands.
    with store.changing():
        copy_database(data / MAIN, copy / MAIN)
        files = listed_files(copy / MAIN)
        keys = [f"keys/{path.name}" for path in (data / "keys").glob("*.keys")]
        for relative in [*(path for path, _ in files), *keys]:
            link_or_copy(data / relative, copy / relative)
    if (data / JOURNAL).exists():
        copy_database(data / JOURNAL, copy / JOURNAL)
    if (data / "secret_key").exists():
        shutil.copy2(data / "secret_key", copy / "secret_key")
    (copy / "format").write_text(f"{FORMAT}\n", encoding="utf-8")
    about = {
        "made_at": began.isoformat(),
        "version": __version__,
        "format": FORMAT,
        "events": sum(events for _, events in files),
        "files": len(files),
    }
    (copy / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    return about


def copy_database(source: Path, target: Path) -> None:
    """SQLite's own backup, in one step: a single moment of the database, while others go on writing to it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source, timeout=60)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


def listed_files(main: Path) -> list[tuple[str, int]]:
    """(path, events) of each file in the copied manifest; files that no longer count are taken off it."""
    with closing(sqlite3.connect(main)) as connection, connection:
        connection.execute("DELETE FROM events_lakefile WHERE superseded_at IS NOT NULL")
        return [
            (str(path), int(n))
            for path, n in connection.execute("SELECT path, events FROM events_lakefile ORDER BY id")
        ]


def link_or_copy(source: Path, target: Path) -> None:
    """A hard link keeps the content although the original may be removed; where links cannot be had, a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def pack(copy: Path, target: Path, *, compressed: bool) -> None:
    """One file, readable by its owner only (it holds personal data and the secret key), on disk when this returns."""
    members = sorted(path for path in copy.rglob("*") if path.is_file())
    progress, done = Progress("files", len(members)), 0
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        mode = "w|gz" if compressed else "w|"
        with tarfile.open(fileobj=file, mode=mode, format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
            # What it is stands first, so that a restore can say no before it reads the rest.
            for path in sorted(members, key=lambda path: path.name != ABOUT):
                tar.add(path, arcname=str(path.relative_to(copy)), recursive=False)
                done += 1
                progress.update(done, done)
        file.flush()
        os.fsync(file.fileno())


def members_of(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The members of a backup; ValueError for one that no backup of ours has."""
    plain = {ABOUT, MAIN, JOURNAL, "format", "secret_key"}
    for member in tar:
        parts = Path(member.name).parts
        inside = len(parts) in (2, 3) and parts[0] in FOLDERS and ".." not in parts
        if not member.isfile() or not (member.name in plain or inside):
            raise ValueError(f"it holds {member.name!r}, which no backup of fullfunnel has")
        yield member
