"""Ticks for the lanes of a server under test: `running(…, **with_ticks(acting="hang"))`."""

import json
import os
import signal
import time
from pathlib import Path


def with_ticks(**names: str) -> dict[str, str]:
    """Return the environment that gives each lane one of the functions below as a further tick."""
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
    with (Path(os.environ["FULLFUNNEL_DATA_DIR"]) / "pids").open("a") as file:
        file.write(f"{os.getpid()}\n")
    return False
