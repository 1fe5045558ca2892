"""Seats: how many questions may hold a thread of this process until they are answered, so that pages find one free.

A page's question does not: after a second it goes on in a thread of its own (answering.ask_soon).
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

RETRY_AFTER = 2


class TooMany(Exception):
    """This process has as many questions as it takes. The message is a sentence for whoever asked."""


class Seats:
    """`most` in all, `most_each` of one workspace."""

    def __init__(self, most: int, most_each: int) -> None:
        self._most, self._most_each = most, most_each
        self._taken: Counter[int] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, workspace_id: int) -> Iterator[None]:
        """TooMany at once where none is free: who waits would hold a thread too."""
        with self._lock:
            mine = self._taken[workspace_id]
            if mine >= self._most_each or self._taken.total() >= self._most:
                whose = f"{mine} of this workspace" if mine >= self._most_each else "as many as this server takes"
                raise TooMany(f"too many questions are being answered just now ({whose}); ask again in a moment")
            self._taken[workspace_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[workspace_id] -= 1


# Half of the threads stay free whoever asks, and a workspace leaves the others one.
seats = Seats(settings.WEB_THREADS // 2, settings.WEB_THREADS // 2 - 1)
