"""The folder of the nightly backups, and what is remembered of the last attempt."""

import json
import os
import re
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from fullfunnel.core.directory import may_send
from fullfunnel.core.durable import replace_file, sync
from fullfunnel.events.failpoints import reached

OFF = "off"
DEFAULT = "backups"
FORM = "%Y-%m-%dT%H%M%SZ"
NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
# Below the data directory.
MEMORY = "last-backup.json"


@dataclass(frozen=True)
class Night:
    """A whole backup, and when it was begun."""

    path: Path
    made_at: datetime


@dataclass(frozen=True)
class Memory:
    """made_at: of the last backup, by night or hand; problem: why the last attempt failed."""

    made_at: datetime | None = None
    tried_at: datetime | None = None
    problem: str = ""


def folder_of(data: Path) -> Path | None:
    """Return where they go; None: they are turned off."""
    return None if settings.BACKUPS == OFF else data / (settings.BACKUPS or DEFAULT)


def folders_of(data: Path) -> set[Path]:
    """Return where they may lie."""
    return {folder for folder in (folder_of(data), data / DEFAULT) if folder is not None and folder.is_dir()}


def name_of(moment: datetime) -> str:
    return moment.strftime(FORM)


def nights(folder: Path) -> list[Night]:
    """Return the whole backups in the folder, the newest first."""
    try:
        names = sorted((path.name for path in folder.iterdir() if NAME.fullmatch(path.name)), reverse=True)
    except OSError:
        return []
    return [Night(folder / name, datetime.strptime(name, FORM).replace(tzinfo=UTC)) for name in names]


def aside(path: Path) -> Path:
    """Return the name of one that is not whole."""
    return path.with_name(f".{path.name}.partial")


def sweep(folder: Path) -> None:
    """Remove what a kill left. The caller holds `only_one`."""
    for left in folder.glob(".*.partial"):
        shutil.rmtree(left, ignore_errors=True)


def remove(folder: Path, gone: Collection[datetime]) -> None:
    """Remove these backups. The caller holds `only_one`."""
    for night in nights(folder):
        if night.made_at in gone:
            night.path.rename(aside(night.path))
            sync(folder)
            reached("backup-thinned")
            shutil.rmtree(aside(night.path))


def reason_against(data: Path, folder: Path) -> str:
    """Return why no backup can be made there, without a dot; "": it can."""
    is_own = folder == data / DEFAULT
    if not is_own and not may_send(data):
        return f"this is a restored copy, and its original may still keep backups in {folder}: say `fullfunnel restore --confirm`"
    if not folder.exists():
        return "" if is_own else f"the folder {folder} is not there"
    if not folder.is_dir():
        return f"{folder} is not a folder"
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"the folder {folder} cannot be written by the user that runs fullfunnel"
    return ""


def remembered(data: Path) -> Memory:
    """Return what is known; nothing where the file is missing or harmed."""
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
        said = json.loads((data / MEMORY).read_text(encoding="utf-8"))
        moments = [datetime.fromisoformat(said[key]) if said.get(key) else None for key in ("made_at", "tried_at")]
        return Memory(moments[0], moments[1], str(said.get("problem", "")))
    return Memory()


def remember(
    data: Path, *, made_at: datetime | None = None, tried_at: datetime | None = None, problem: str = ""
) -> None:
    """Keep how an attempt ended. On a full disk nothing is kept."""
    made_at = made_at or remembered(data).made_at
    said = {"made_at": made_at, "tried_at": tried_at}
    texts = {key: moment.isoformat() for key, moment in said.items() if moment} | {"problem": problem}
    with suppress(OSError):
        replace_file(data / MEMORY, json.dumps(texts).encode())
