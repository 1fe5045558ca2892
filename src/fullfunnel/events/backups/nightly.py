"""One backup a night, by itself."""

import logging
import shutil
import sqlite3
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fullfunnel.core import clock
from fullfunnel.core.directory import SIGN_IN_OF_DEMO
from fullfunnel.core.durable import make_directory, sync
from fullfunnel.core.resource_errors import resource_error
from fullfunnel.events.backups import plan
from fullfunnel.events.backups.collecting import Room, collect, only_one
from fullfunnel.events.backups.folder import (
    DEFAULT,
    aside,
    folder_of,
    folders_of,
    name_of,
    nights,
    reason_against,
    remember,
    remembered,
    remove,
    sweep,
)
from fullfunnel.events.failpoints import reached
from fullfunnel.workspaces.models import AuditEntry, Workspace

log = logging.getLogger("fullfunnel.backups")


def back_up_when_due(data: Path) -> bool:
    """Make the backup of the night where it is due, and remove those that must go; return whether one was made."""
    now, folder = clock.now(), folder_of(data)
    with only_one(data) as alone:
        if not alone:
            return False
        for each in folders_of(data):
            sweep(each)
        # Before too: it may make the room that is needed.
        _thin(data, now)
        made = folder is not None and _is_due(data, folder, now) and _try(data, folder, now)
        _thin(data, now)
    return made


def keeps_backups(data: Path) -> bool:
    """Return False for a directory that holds nothing, or nothing but the demo, which can be made again."""
    found = Workspace.objects.count()
    return found > (1 if (data / SIGN_IN_OF_DEMO).exists() else 0)


def zone_and_birth() -> tuple[tzinfo, datetime]:
    """Return the zone of the oldest workspace, whose night it is, and when that was made."""
    oldest = Workspace.objects.order_by("pk")[0]
    try:
        return ZoneInfo(oldest.timezone), oldest.created_at
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC"), oldest.created_at


def _thin(data: Path, now: datetime) -> None:
    erasures = AuditEntry.objects.filter(action="forget_person", at__lte=now - plan.ERASED_AFTER)
    erased_at = erasures.order_by("-at").values_list("at", flat=True).first()
    for folder in folders_of(data):
        remove(folder, plan.superfluous([night.made_at for night in nights(folder)], now, erased_at))


def _is_due(data: Path, folder: Path, now: datetime) -> bool:
    if not keeps_backups(data):
        return False
    last = remembered(data)
    if last.problem and last.tried_at and abs(now - last.tried_at) < plan.TRY_AGAIN_AFTER:
        return False
    zone, born = zone_and_birth()
    return plan.is_due(now, zone, made=[night.made_at for night in nights(folder)], born=born)


def _try(data: Path, folder: Path, now: datetime) -> bool:
    problem = reason_against(data, folder)
    if not problem:
        try:
            _make(data, folder, now)
        except (OSError, sqlite3.Error) as error:
            problem = _words(error)
    if problem and problem != remembered(data).problem:
        log.warning("no backup was made: %s", problem)
    remember(data, made_at=None if problem else now, tried_at=now, problem=problem)
    return not problem


def _make(data: Path, folder: Path, now: datetime) -> None:
    """Write a backup aside and give it its name."""
    if folder == data / DEFAULT:
        make_directory(folder, mode=0o700)
    target = folder / name_of(now)
    room = Room(folder, plan.LEAVE_FREE)
    room.need(0)
    before = next((night.path for night in nights(folder)), None)
    try:
        aside(target).mkdir(mode=0o700)
        collect(data, aside(target), before=before, room=room)
        reached("backup-whole")
        aside(target).rename(target)
        sync(folder)
    finally:
        shutil.rmtree(aside(target), ignore_errors=True)
    reached("backup-named")


def _words(error: OSError | sqlite3.Error) -> str:
    if isinstance(error, sqlite3.Error):
        return resource_error(error) or f"a database could not be copied ({error})"
    where = f" ({error.filename})" if error.filename else ""
    return f"{error.strerror or error}{where}"
