"""What watches over a long question: its deadline, whether somebody cancelled it, how far it has come."""

import time
from collections.abc import Callable

from fullfunnel.analytics.deadline import QuestionTimeout


class Cancelled(Exception):
    """Nobody waits for this answer any more."""


class Watch:
    """One question's. Folds call `reached` (or `check`) between portions; what it raises ends the fold.

    deadline: a moment of time.monotonic(). `told(done, total)` hears of progress in a unit of the caller's (events mostly);
    it may raise Cancelled.
    """

    def __init__(
        self, deadline: float = float("inf"), told: Callable[[int, int], None] = lambda done, total: None
    ) -> None:
        self.deadline = deadline
        self._told = told
        self._done, self._total = 0, 0

    def check(self) -> None:
        """QuestionTimeout once the deadline has passed, Cancelled once nobody waits."""
        if time.monotonic() > self.deadline:
            raise QuestionTimeout
        self._told(self._done, self._total)

    def reached(self, done: int, total: int) -> None:
        """So much of all is done."""
        self._done, self._total = done, total
        self.check()
