"""Ticks for lanes of a server under test: `with_ticks(acting="hang")` says to `running(…)` which lane gets which."""

import json
import os
import signal
import time
from pathlib import Path


def with_ticks(**names: str) -> dict[str, str]:
    """The environment in which each named lane has a further tick, one of the functions below, twenty times a second."""
    ticks = {lane: [(f"test-{name}", 0.05, f"{__name__}.{name}")] for lane, name in names.items()}
    return {"FULLFUNNEL_TEST_TICKS": json.dumps(ticks)}


def nothing() -> bool:
    return False


def hang() -> bool:
    time.sleep(3600)
    return False


def die() -> bool:
    os.kill(os.getpid(), signal.SIGKILL)
    return False


def leave_pid() -> bool:
    """Adds a line with the number of its process to `pids` in the data directory."""
    with (Path(os.environ["FULLFUNNEL_DATA_DIR"]) / "pids").open("a") as file:
        file.write(f"{os.getpid()}\n")
    return False
