"""Stopping what cannot look at the clock itself: a compiled loop, an engine's statement."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Seconds between two looks.
PAUSE = 0.1


@contextmanager
def guarded(is_over: Callable[[], bool], stop: Callable[[], object]) -> Iterator[None]:
    """Inside, another thread calls `stop` once `is_over` says so, and again until the block ends: what only just begins may miss it.

    Neither may raise.
    """
    ended = threading.Event()
    guard = threading.Thread(target=_guard, args=(is_over, stop, ended), name="guard", daemon=True)
    guard.start()
    try:
        yield
    finally:
        ended.set()
        # Careful: a call on its way must not meet what this thread does next, and a thread that still holds an engine's cursor
        # when the process ends makes DuckDB's binding print its leaks.
        guard.join()


def after(seconds: float) -> Callable[[], bool]:
    """An `is_over` that says so from then on."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _guard(is_over: Callable[[], bool], stop: Callable[[], object], ended: threading.Event) -> None:
    while not ended.wait(PAUSE):
        if is_over():
            stop()
