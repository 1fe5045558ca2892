"""Leases of readers: a superseded file is removed only after every reader that may know it.

A reader holds a locked file, which the kernel unlocks when the reader dies, and reads the manifest afterwards.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def reading(directory: Path) -> Iterator[None]:
    """Keep every listed file inside the block."""
    release = take(directory)
    try:
        yield
    finally:
        release()


def take(directory: Path) -> Callable[[], None]:
    """Keep every listed file until the returned function is called, once, from any thread."""
    directory.mkdir(parents=True, exist_ok=True)
    while True:
        path = directory / f"{time.monotonic_ns()}-{os.getpid()}-{threading.get_ident()}"
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(fd, fcntl.LOCK_EX)
        # Careful: between these two lines the remover may have taken our file for a dead reader's.
        if path.exists():
            break
        os.close(fd)

    def release() -> None:
        path.unlink(missing_ok=True)
        os.close(fd)

    return release


def oldest_reader(directory: Path) -> int | None:
    """Return when the oldest living lease was taken (time.monotonic_ns), or None. Remove dead ones."""
    oldest: int | None = None
    for path in directory.glob("*-*-*"):
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
        except BlockingIOError:
            taken = int(path.name.split("-")[0])
            oldest = taken if oldest is None else min(oldest, taken)
        finally:
            os.close(fd)
    return oldest


def wait_for_readers(directory: Path, since: int, *, seconds: float) -> bool:
    """Wait for all leases from `since` (time.monotonic_ns) or before; return False when that took too long."""
    deadline = time.monotonic() + seconds
    while (oldest := oldest_reader(directory)) is not None and oldest <= since:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
