"""The loop that acts as time passes: calls each tick when it is due, and outlives any that fails."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import close_old_connections, connections

from fullfunnel.core import clock

log = logging.getLogger("fullfunnel.worker")
LONGEST_PAUSE = 60.0
# The file that each of the worker's threads touches, and after how many seconds without it is late. Upkeep may rewrite a whole lake.
STREAM, UPKEEP = "worker.alive", "upkeep.alive"
LATE_AFTER = {STREAM: 60.0, UPKEEP: 1800.0}


@dataclass
class Tick:
    """`act` is called every `every` seconds; when it returns True there is more to do, and it is called again at once."""

    name: str
    every: float
    act: Callable[[], bool]
    due: float = 0.0
    failures: int = field(default=0)


def run(ticks: Sequence[Tick], stop: threading.Event, *, alive: Path | None = None) -> None:
    """Calls the ticks until `stop` is set. The file `alive` is touched before each, so that others can see us live.

    Several threads may each run their own; should one of them fail itself, it sets `stop`, so that none goes on alone.
    """
    try:
        while not stop.is_set():
            for tick in ticks:
                if stop.is_set():
                    break
                if alive is not None:
                    alive.touch()
                if tick.due <= time.monotonic():
                    close_old_connections()
                    call(tick)
            pause = min(min(tick.due for tick in ticks) - time.monotonic(), 1.0)
            if pause > 0:
                stop.wait(pause)
    finally:
        stop.set()
        connections.close_all()


def silence(data: Path, name: str) -> float:
    """Seconds between now and when a thread of the worker touched its file; infinite when it never did.

    A file of the future is as old as it is far ahead: the clock was turned back, and whoever lives touched it since.
    """
    try:
        return abs(clock.now_us() / 1_000_000 - (data / name).stat().st_mtime)
    except FileNotFoundError:
        return float("inf")


def call(tick: Tick) -> None:
    """One call. A failure is logged without its message, which may hold personal data, and tried again later and later."""
    try:
        more = tick.act()
    except Exception as error:
        tick.failures += 1
        pause = min(max(tick.every, 0.5) * 2**tick.failures, LONGEST_PAUSE)
        tick.due = time.monotonic() + pause
        log.error("tick %s failed (%d in a row), again in %.0f s: %s", tick.name, tick.failures, pause, where(error))
        return
    tick.failures = 0
    tick.due = time.monotonic() + (0.0 if more else tick.every)


def where(error: BaseException) -> str:
    """The kind of an error and the lines it came through, without its message and values."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return type(error).__name__ + " at " + " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
