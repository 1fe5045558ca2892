"""Lanes of ticks: what the rooms do as time passes."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import close_old_connections, connections

from fullfunnel.core import clock
from fullfunnel.core.lease import Lease

log = logging.getLogger("fullfunnel.worker")
LONGEST_PAUSE = 60.0
STREAM = "stream"
# Seconds without a sign of life after which a lane is late. Upkeep may rewrite a whole lake in one call.
LATE_AFTER = {STREAM: 60.0, "upkeep": 1800.0, "acting": 300.0, "sending": 300.0, "pulling": 900.0}
# Named before there were lanes; programs of that time look for these files.
FILE_NAMES = {STREAM: "worker"}


@dataclass
class Tick:
    """Call `act` every `every` seconds, and again at once when it returns True."""

    name: str
    every: float
    act: Callable[[], bool]
    due: float = 0.0
    failures: int = field(default=0)


def lease(data: Path, lane: str) -> Lease:
    """Return the lease whose holder alone may run the lane."""
    return Lease(data / f"{FILE_NAMES.get(lane, lane)}.lock")


def sign_of_life(data: Path, lane: str) -> Path:
    """Return the file that the lane touches between its ticks."""
    return data / f"{FILE_NAMES.get(lane, lane)}.alive"


def run(ticks: Sequence[Tick], stop: threading.Event, *, alive: Path | None = None) -> None:
    """Call the ticks of a lane until `stop` is set. Set it when this loop itself fails: lanes of a process end together."""
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


def silence(data: Path, lane: str) -> float:
    """Return the seconds between now and the lane's last sign of life, which is in the future if the clock was turned back."""
    try:
        return abs(clock.now_us() / 1_000_000 - sign_of_life(data, lane).stat().st_mtime)
    except FileNotFoundError:
        return float("inf")


def call(tick: Tick) -> None:
    """Call it once. A failure is logged without its message (personal data); the pause after it doubles each time."""
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
    """Return the kind of an error and the lines it came through."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return type(error).__name__ + " at " + " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
