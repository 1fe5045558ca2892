"""fullfunnel backup: everything that cannot be rebuilt, in one file, while the server runs."""

import argparse
import json
import os
import sys
import tarfile
from dataclasses import asdict
from pathlib import Path

from fullfunnel.cli.progress import Progress
from fullfunnel.cli.words import fail
from fullfunnel.core.durable import sync
from fullfunnel.events.backups.about import ABOUT, About

SECONDS_TO_WAIT = 10.0
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
    if about is None:
        return fail("another backup is being made: wait for it, or see `fullfunnel doctor`", 1)
    if args.json:
        print(json.dumps({"file": str(target), **asdict(about)}))
    else:
        size = target.stat().st_size / 1_000_000
        print(f"{about.events:,} events and all workspaces in {target} ({size:,.1f} MB)", file=sys.stderr)
    return 0


def back_up(data: Path, target: Path) -> About | None:
    """Write a backup to `target`, which appears when it is whole; return None while another is made."""
    from fullfunnel.events.backups.collecting import collect, only_one, scratch
    from fullfunnel.events.backups.folder import remember

    with only_one(data, wait=SECONDS_TO_WAIT) as alone:
        if not alone:
            return None
        with scratch(data) as copy:
            about = collect(data, copy)
            # The same name each time, so that what a kill left goes with the next.
            fresh = target.with_name(f".{target.name}.partial")
            try:
                pack(copy, fresh, compressed=not target.name.endswith(".tar"))
                fresh.replace(target)
                sync(target.parent)
            finally:
                fresh.unlink(missing_ok=True)
        remember(data, made_at=about.moment)
    return about


def pack(copy: Path, target: Path, *, compressed: bool) -> None:
    """One file, readable by its owner only (it holds personal data and the secret key), on disk when this returns."""
    members = sorted(path for path in copy.rglob("*") if path.is_file())
    progress, done = Progress("files", len(members)), 0
    target.unlink(missing_ok=True)
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
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
