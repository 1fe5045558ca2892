"""Cancel work that cannot look at the clock itself: a compiled loop, an engine's statement."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PAUSE_SECONDS = 0.1


@contextmanager
def cancelling(is_over: Callable[[], bool], stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` from another thread when `is_over` is true, again and again until the block ends.

    Again, because work that only just begins may miss it. Neither function may raise.
    """
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(is_over, stop, ended), name="cancelling", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        # Careful: a late call of `stop` would hit the next statement; and DuckDB prints leaks when the process ends while a
        # thread holds a cursor.
        watcher.join()


def after_seconds(seconds: float) -> Callable[[], bool]:
    """Return an `is_over` that is true from so many seconds on."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _watch(is_over: Callable[[], bool], stop: Callable[[], object], ended: threading.Event) -> None:
    while not ended.wait(PAUSE_SECONDS):
        if is_over():
            stop()
