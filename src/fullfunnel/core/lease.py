"""A lease: the right to be the only one in a data directory."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType


class Lease:
    """An advisory lock on a file; the kernel frees it when its holder dies.

    Many may hold a `shared` lease; an exclusive one excludes all.
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self.path = path
        self.shared = shared
        self._fd: int | None = None

    def take_soon(self, seconds: float = 1.0) -> bool:
        """Take the lease, trying for a while, as is_held holds it for a moment."""
        last = time.monotonic() + seconds
        while not self.take():
            if time.monotonic() > last:
                return False
            time.sleep(0.05)
        return True

    def take(self, *, wait: bool = False) -> bool:
        """Take the lease; return False when it is held. With `wait`, wait."""
        if self._fd is not None:
            return True
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        how = fcntl.LOCK_SH if self.shared else fcntl.LOCK_EX
        try:
            fcntl.flock(fd, how if wait else how | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self._fd = fd
        return True

    def release(self) -> None:
        """Gives the lease back. Safe to repeat."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def is_held(self) -> bool:
        """Return whether anybody holds it. Careful: this holds it for a moment."""
        if self._fd is not None:
            return True
        if not self.path.exists():
            return False
        probe = Lease(self.path)
        taken = probe.take()
        probe.release()
        return not taken

    def __enter__(self) -> "Lease":
        self.take(wait=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()
