"""fullfunnel restore: a data directory from a backup. The copy sends nothing to anybody until it is confirmed."""

import argparse
import json
import re
import shutil
import sqlite3
import sys
import tarfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

from fullfunnel.cli.backup import ABOUT, JOURNAL, MAIN, members_of
from fullfunnel.cli.words import fail
from fullfunnel.core import clock
from fullfunnel.core.directory import FORMAT, RESTORED, data_directory, may_send
from fullfunnel.core.durable import sync

EPILOG = """
examples:
  fullfunnel restore /backups/monday.tar.gz --data-dir /srv/copy
  fullfunnel restore --confirm --data-dir /srv/copy

The data directory (--data-dir, $FULLFUNNEL_DATA_DIR or ./data) must be absent or empty.
A restored copy takes events and answers questions, but sends nothing (no mail, no webhook) until you say that the
original no longer runs: fullfunnel restore --confirm
Exit status: 0 done; 1 not restored, and nothing was written; 2 neither a file nor --confirm was given."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="FILE", nargs="?", help="what `fullfunnel backup` wrote")
    parser.add_argument("--confirm", action="store_true", help="let a restored copy send again")


def run(args: argparse.Namespace) -> int:
    data = data_directory()
    if args.confirm and not args.file:
        return confirm(data)
    if not args.file or args.confirm:
        return fail("name a backup to restore, or say --confirm for one that was restored")
    try:
        about = restore(Path(args.file), data)
    except OSError as error:
        where = f" ({error.filename})" if error.filename and error.filename != args.file else ""
        return fail(f"{args.file} was not restored: {(error.strerror or str(error)).lower()}{where}", 1)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        return fail(f"{args.file} was not restored: it is no backup of fullfunnel, or it was cut off ({error})", 1)
    except (ValueError, sqlite3.Error) as error:
        return fail(f"{args.file} was not restored: {error}", 1)
    print(f"{about['events']:,} events as of {about['made_at'][:19]}Z are in {data}", file=sys.stderr)
    print("this copy sends nothing until you say: fullfunnel restore --confirm", file=sys.stderr)
    return 0


def confirm(data: Path) -> int:
    """Takes the marker away: from here on this is the one that sends."""
    if may_send(data):
        print(f"{data} may send already; nothing was to be confirmed", file=sys.stderr)
        return 0
    (data / RESTORED).unlink()
    print(f"{data} may send again", file=sys.stderr)
    return 0


def restore(file: Path, data: Path) -> dict[str, Any]:
    """Makes `data` from a backup: all of it, or nothing; what the backup says about itself. ValueError says what is wrong."""
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise ValueError(f"{data} is not empty")
    aside = data.with_name(f"{data.name}.restoring")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700, parents=True)
    try:
        about = unpack(file, aside)
        check(aside, about)
        said = {"restored_at": clock.now().isoformat(), "made_at": about["made_at"]}
        (aside / RESTORED).write_text(json.dumps(said), encoding="utf-8")
        # On disk before it has its name: whoever was told "restored" may delete the original.
        for path in [*aside.rglob("*"), aside]:
            sync(path)
        if data.exists():
            data.rmdir()
        aside.rename(data)
        sync(data.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return about


def unpack(file: Path, aside: Path) -> dict[str, Any]:
    about: dict[str, Any] | None = None
    with tarfile.open(file, "r|*") as tar:
        for member in members_of(tar):
            if about is None and member.name != ABOUT:
                raise ValueError("it does not begin with backup.json: this is no backup of fullfunnel")
            content = tar.extractfile(member)
            assert content is not None  # noqa: S101 (members are plain files)
            target = aside / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                shutil.copyfileobj(content, out, 1024 * 1024)
            target.chmod(0o600)
            if about is None:
                about = json.loads(target.read_text(encoding="utf-8"))
                if int(about["format"]) > FORMAT:
                    raise ValueError(
                        f"it was made by a newer fullfunnel ({about['version']}): restore it with that one"
                    )
    if about is None:
        raise ValueError("it is empty")
    (aside / ABOUT).unlink()
    return about


def check(aside: Path, about: dict[str, Any]) -> None:
    """That both databases are sound and that each file of the manifest is there in its full size."""
    for name in (MAIN, JOURNAL):
        path = aside / name
        if name == MAIN and not path.exists():
            raise ValueError("the main database is missing in it")
        if path.exists():
            with closing(sqlite3.connect(path)) as connection:
                if (found := connection.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                    raise ValueError(f"{name} in it is damaged: {found}")
    with closing(sqlite3.connect(aside / MAIN)) as connection:
        rows = connection.execute("SELECT path, bytes FROM events_lakefile").fetchall()
    for path, size in rows:
        # Careful: a manifest from elsewhere could name a file outside the data directory, which upkeep would remove one day.
        if not re.fullmatch(r"events/[\w-]+/[\w.-]+", path) or ".." in path:
            raise ValueError(f"its manifest names {path!r}, which is no file of the lake")
        if not (aside / path).exists() or (aside / path).stat().st_size != size:
            raise ValueError(f"{path} in it is missing or cut off")
    if len(rows) != about["files"]:
        raise ValueError(f"it should hold {about['files']} files of events and holds {len(rows)}")
