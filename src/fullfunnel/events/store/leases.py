"""Leases of readers: a file that was superseded is removed only when nobody who may still read it is left.

A reader holds a locked file below `leases/` while it reads; the kernel lets go of the lock when the reader dies. The manifest is
read after the lease is taken: whoever takes one after a file was superseded does not see that file any more.
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
    """Keeps every file that the manifest lists inside the block."""
    release = take(directory)
    try:
        yield
    finally:
        release()


def take(directory: Path) -> Callable[[], None]:
    """Keeps every file that the manifest lists until what comes back is called, once, in any thread."""
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
    """When the oldest living lease was taken (time.monotonic_ns of this machine); None without readers. Clears dead ones."""
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
    """Waits until no lease from `since` (time.monotonic_ns) or before is left; False when that took too long."""
    deadline = time.monotonic() + seconds
    while (oldest := oldest_reader(directory)) is not None and oldest <= since:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
