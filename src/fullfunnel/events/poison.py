"""Isolate an item that makes a step fail: the batch is halved until it is found."""

import errno
import logging
import sqlite3
from collections.abc import Callable, Sequence

from django.db import InterfaceError, OperationalError, connection

from fullfunnel.core.worker import where
from fullfunnel.events.event import Draft
from fullfunnel.events.waiting import BROKE

log = logging.getLogger("fullfunnel.drain")
Step = Callable[[list[Draft]], list[Draft]]
# The machine's trouble, not the item's: the whole batch is tried again later.
_TROUBLE = {
    errno.EIO,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.EROFS,
    errno.EACCES,
    errno.ENOENT,
}
_SQLITE_TROUBLE = ("locked", "busy", "disk", "full", "readonly", "unable to open", "no such table", "no such column")


def through_intake(steps: Sequence[Step], drafts: list[Draft], *, again: Callable[[], list[Draft]]) -> list[Draft]:
    """Return the drafts after all steps; a failing one is `dropped` with the reason.

    `again` returns fresh drafts, as a step that failed may have changed them.
    """
    try:
        taken = list(drafts)
        for step in steps:
            taken = step(taken)
    except Exception as error:
        if is_trouble(error):
            raise
        wanted = {draft.seq for draft in drafts}
        fresh = [draft for draft in again() if draft.seq in wanted]
        if len(fresh) <= 1:
            for draft in fresh:
                draft.dropped = f"{BROKE} ({type(error).__name__}); it is kept whole, to be sent again"
                log.error("item %d of the stream was put aside: %s", draft.seq, where(error))
            return fresh
        half = len(fresh) // 2
        return [
            *through_intake(steps, fresh[:half], again=again),
            *through_intake(steps, fresh[half:], again=again),
        ]
    return taken


def is_trouble(error: BaseException) -> bool:
    """Return whether a fault passes (machine, database) or is in the data."""
    if isinstance(error, (MemoryError, InterfaceError, TimeoutError, ConnectionError)):
        return True
    if isinstance(error, (OperationalError, sqlite3.OperationalError)):
        return connection.vendor != "sqlite" or any(word in str(error) for word in _SQLITE_TROUBLE)
    return isinstance(error, OSError) and error.errno in _TROUBLE
