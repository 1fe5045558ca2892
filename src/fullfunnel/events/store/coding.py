"""Columns of a base: code a property when it is first used, remove it when it is unused for long."""

import os
import shutil
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from fullfunnel.core import clock
from fullfunnel.events.conditions import property_text
from fullfunnel.events.store import leases
from fullfunnel.events.store.folders import Base, column_file, save_column
from fullfunnel.events.store.reading import Span, read_codes, span_of, values_of
from fullfunnel.events.store.types import Lake

# Unused for so long, or beyond so many the ones unused longest, columns of a base are removed: each takes 4 bytes an event.
UNUSED_COLUMN_LIFETIME = timedelta(days=30)
MAX_COLUMNS = 100
# How exactly it is known when a column was used.
USE_PRECISION = timedelta(hours=1)
# Names without any event that are kept in mind for each base.
MAX_ABSENT_NAMES = 1_000
_pool = ThreadPoolExecutor(2, thread_name_prefix="coding")
_under_way: dict[tuple[Path, int, str], "Future[None]"] = {}
_lock = threading.Lock()


def code_aside(store: Lake, workspace_id: int, base: Base, last: int, name: str) -> "Future[None]":
    """Begin to code a property of the events up to batch `last`; return the one job that does it.

    Afterwards base.column(name) is there, or None where no event has the property.
    """
    key = (base.folder, last, name)
    with _lock:
        if key not in _under_way:
            release = leases.take(store.data / "leases")

            def work() -> None:
                try:
                    _code(store, base, span, fresh, name, expression)
                finally:
                    release()
                    with _lock:
                        del _under_way[key]

            try:
                # Careful: asked here, as another thread would not see what this transaction did.
                ends = ((0, base.last), (base.last, last))
                expression = property_text(name, store.dialect)
                span, fresh = (span_of(store.data, workspace_id, *each) for each in ends)
                _under_way[key] = _pool.submit(work)
            except BaseException:
                release()
                raise
        return _under_way[key]


def _code(store: Lake, base: Base, span: Span, fresh: Span, name: str, expression: str) -> None:
    if base.column(name) is not None:
        return
    cursor = store.engine.cursor()
    values = [] if name in base.absent else values_of(cursor, span, expression)
    if not values:
        if len(base.absent) >= MAX_ABSENT_NAMES:
            base.absent.clear()
        base.absent.add(name)
        if not fresh.files or not values_of(cursor, fresh, expression):
            return
    save_column(base, name, values, read_codes(cursor, span, expression, values))


def note_use(base: Base, name: str) -> None:
    """Record on disk that a column is used now."""
    path, now = column_file(base.folder, name), clock.now().timestamp()
    with suppress(FileNotFoundError):
        if now - path.stat().st_mtime > USE_PRECISION.total_seconds():
            os.utime(path, (now, now))


def copy_uses(before: Path, after: Path) -> None:
    """Copy the times of use to a base that was made of another."""
    for path in after.glob("column-*.json"):
        with suppress(FileNotFoundError):
            shutil.copystat(before / path.name, path)


def remove_unused(folder: Path) -> None:
    """Remove unused columns. Who has one mapped keeps it; who asks again has it coded again."""
    told = sorted(((path.stat().st_mtime, path) for path in folder.glob("column-*.json")), reverse=True)
    oldest = (clock.now() - UNUSED_COLUMN_LIFETIME).timestamp()
    for at, (used, path) in enumerate(told):
        if at >= MAX_COLUMNS or used < oldest:
            # The codes first: a column without them is none.
            path.with_suffix(".npy").unlink(missing_ok=True)
            path.unlink(missing_ok=True)
