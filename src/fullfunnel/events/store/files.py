"""Write files so that a power cut leaves the whole file or none."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from fullfunnel.events.failpoints import reached


def write_durably(path: Path, write: Callable[[Path], None]) -> None:
    """Call `write` with a temporary name, sync, rename to `path`, sync the directories."""
    make_directory(path.parent)
    aside = path.parent / f".{path.name}.{os.getpid()}-{threading.get_ident()}"
    try:
        write(aside)
        reached("written")
        sync(aside)
        aside.replace(path)
        reached("renamed")
        sync(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def make_directory(path: Path) -> None:
    """Makes the directory and those above it, durably."""
    if not path.is_dir():
        make_directory(path.parent)
        path.mkdir(exist_ok=True)
        sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file or directory is on disk. OSError: it is not."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
