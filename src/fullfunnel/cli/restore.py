"""fullfunnel restore: a data directory from a backup. The copy sends nothing to anybody until it is confirmed."""

import argparse
import gzip
import json
import re
import shutil
import sqlite3
import sys
import tarfile
import zlib
from contextlib import closing
from pathlib import Path

from fullfunnel.cli.archives import MOST_FILES, NO_BACKUP, Member, members
from fullfunnel.cli.words import fail
from fullfunnel.core import clock
from fullfunnel.core.directory import FORMAT, RESTORED, data_directory, may_send
from fullfunnel.core.durable import sync
from fullfunnel.core.files import is_whole, kept_digests
from fullfunnel.core.mail.withdrawing import withdraw_mails
from fullfunnel.events.backups.about import JOURNAL, MAIN, About, read_about

EPILOG = """
examples:
  fullfunnel restore /backups/monday.tar.gz --data-dir /srv/copy
  fullfunnel restore /srv/fullfunnel/backups/2026-11-30T0200Z --data-dir /srv/copy
  fullfunnel restore --confirm --data-dir /srv/copy

The data directory (--data-dir, $FULLFUNNEL_DATA_DIR or ./data) must be absent or empty.
A restored copy takes events and answers questions, but sends nothing (no mail, no webhook) until you say that the
original no longer runs: fullfunnel restore --confirm
Exit status: 0 done; 1 not restored, and nothing was written; 2 neither a file nor --confirm was given."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="what `fullfunnel backup` wrote, or the directory of a night"
    )
    parser.add_argument("--confirm", action="store_true", help="let a restored copy send again")


def run(args: argparse.Namespace) -> int:
    data = data_directory()
    if args.confirm and not args.file:
        return confirm(data)
    if not args.file or args.confirm:
        return fail("name a backup to restore, or say --confirm for one that was restored")
    try:
        about = restore(Path(args.file), data)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        return refuse(args.file, f"{NO_BACKUP}, or it was cut off or changed ({error})")
    except OSError as error:
        where = f" ({error.filename})" if error.filename and error.filename != args.file else ""
        return refuse(args.file, f"{(error.strerror or str(error)).lower()}{where}")
    except (ValueError, sqlite3.Error) as error:
        return refuse(args.file, str(error))
    print(f"{about.events:,} events as of {about.made_at[:19]}Z are in {data}", file=sys.stderr)
    print("this copy sends nothing until you say: fullfunnel restore --confirm", file=sys.stderr)
    return 0


def refuse(file: str, why: str) -> int:
    """Say it without what a terminal would run."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in why)
    return fail(f"{file} was not restored: {shown}", 1)


def confirm(data: Path) -> int:
    """Takes the marker away: from here on this is the one that sends."""
    if may_send(data):
        print(f"{data} may send already; nothing was to be confirmed", file=sys.stderr)
        return 0
    (data / RESTORED).unlink()
    print(f"{data} may send again", file=sys.stderr)
    return 0


def restore(file: Path, data: Path) -> About:
    """Makes `data` from a backup: all of it, or nothing; what the backup says about itself. ValueError says what is wrong."""
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise ValueError(f"{data} is not empty")
    aside = data.with_name(f"{data.name}.restoring")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700, parents=True)
    try:
        about = unpack(file, aside)
        check(aside, about)
        withdraw_mails(aside / MAIN)
        said = {"restored_at": clock.now().isoformat(), "made_at": about.made_at}
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


def unpack(file: Path, aside: Path) -> About:
    """Write the files of a backup below `aside`; return what it says of itself."""
    about: About | None = None
    count = 0
    for member in members(file, shutil.disk_usage(aside).free):
        if about is None:
            about = read_about(member.content.read())
            if about.format > FORMAT:
                raise ValueError(f"it was made by a newer fullfunnel ({about.version}): restore it with that one")
        else:
            write(member, aside)
        count += 1
    if about is None:
        raise ValueError("it is empty")
    if about.members not in (0, count):
        raise ValueError(f"it should hold {about.members:,} files and holds {count:,}: it was cut off, or changed")
    # Careful: it must say what the tables are, whatever stood there.
    (aside / "format").write_text(f"{about.format}\n", encoding="utf-8")
    return about


def write(member: Member, aside: Path) -> None:
    """Write one file, readable by its owner only. ValueError where it ends too early."""
    target = aside / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        target.chmod(0o600)
        shutil.copyfileobj(member.content, out, 1024 * 1024)
    if target.stat().st_size != member.size:
        raise ValueError(f"{member.name} in it was cut off")


def check(aside: Path, about: About) -> None:
    """ValueError unless databases and uploads are sound and each file of the manifest is there in its full size."""
    if not (aside / MAIN).exists():
        raise ValueError("the main database is missing in it")
    for name in (MAIN, JOURNAL):
        if (aside / name).exists():
            with closing(sqlite3.connect(aside / name)) as connection:
                if (found := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                    raise ValueError(f"{name} in it is damaged: {str(found)[:200]}")
    if changed := next((digest for digest in kept_digests(aside) if not is_whole(aside, digest)), None):
        raise ValueError(f"files/{changed[:2]}/{changed} in it was changed")
    rows = manifest(aside / MAIN)
    for path, size in rows:
        # Careful: a manifest from elsewhere could name a file outside the data directory, which upkeep would remove one day.
        if not isinstance(path, str) or not re.fullmatch(r"events/[\w-]+/[\w.-]+", path) or ".." in path:
            raise ValueError(f"its manifest names {str(path)[:80]!r}, which is no file of the lake")
        if not (aside / path).exists() or (aside / path).stat().st_size != size:
            raise ValueError(f"{path} in it is missing or cut off")
    if len(rows) != about.files:
        raise ValueError(f"it should hold {about.files} files of events and holds {len(rows)}")


def manifest(main: Path) -> list[tuple[object, object]]:
    """Return (path, bytes) of each file that the database lists."""
    with closing(sqlite3.connect(main)) as connection:
        kinds = "SELECT type FROM sqlite_master WHERE name = 'events_lakefile'"
        # Careful: a view of that name could run for ever.
        if connection.execute(kinds).fetchall() != [("table",)]:
            raise ValueError(f"the main database in it has no list of files: {NO_BACKUP}")
        return connection.execute("SELECT path, bytes FROM events_lakefile LIMIT ?", [MOST_FILES]).fetchall()
