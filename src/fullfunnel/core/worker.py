"""Lanes: lists of ticks that run apart from each other, each with a lease and a sign of life, and the loop that runs one."""

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
# Lane -> the seconds without a sign of life after which it is late: upkeep may rewrite a whole lake in one call, the last three
# wait for machines of others.
LATE_AFTER = {STREAM: 60.0, "upkeep": 1800.0, "acting": 300.0, "sending": 300.0, "pulling": 900.0}
# Lane -> the name of its files where it is another: what a program from before there were lanes also reads.
FILE_NAMES = {STREAM: "worker"}


@dataclass
class Tick:
    """`act` is called every `every` seconds; when it returns True there is more to do, and it is called again at once."""

    name: str
    every: float
    act: Callable[[], bool]
    due: float = 0.0
    failures: int = field(default=0)


def lease(data: Path, lane: str) -> Lease:
    """Return the lease of a lane in the data directory `data`: only its holder may run the lane's ticks."""
    return Lease(data / f"{FILE_NAMES.get(lane, lane)}.lock")


def sign_of_life(data: Path, lane: str) -> Path:
    """Return the file that a lane touches between its ticks."""
    return data / f"{FILE_NAMES.get(lane, lane)}.alive"


def run(ticks: Sequence[Tick], stop: threading.Event, *, alive: Path | None = None) -> None:
    """Call the ticks of one lane until `stop` is set, touching the file `alive` before each.

    Several threads may run a lane each with the same `stop`. A loop that fails itself sets it, so that none goes on alone.
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


def silence(data: Path, lane: str) -> float:
    """Return the seconds since the lane's last sign of life; infinite when it never gave one.

    A file of the future is as old as it is far ahead: the clock was turned back, and a lane that lives touched it since.
    """
    try:
        return abs(clock.now_us() / 1_000_000 - sign_of_life(data, lane).stat().st_mtime)
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
