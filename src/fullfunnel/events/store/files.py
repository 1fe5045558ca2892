"""Write files so that a power cut leaves the whole file or none."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from fullfunnel.core.durable import make_directory, sync
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
