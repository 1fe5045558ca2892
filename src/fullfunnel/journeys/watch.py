"""The deadline, cancelling and progress of a question."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core.cancellation import cancelling
from fullfunnel.journeys.deadline import QuestionTimeout

# One byte that a kernel reads, as it cannot call us. Other than 0: end.
Flag = NDArray[np.uint8]


class Cancelled(Exception):
    """Nobody waits for this answer any more."""


class Watch:
    """One question's. Folds call `reached` (or `check`) between portions; what it raises ends the fold.

    deadline: a moment of time.monotonic(). `told(done, total)` hears of progress in a unit of the caller's (events mostly); it may
    wait, and raise Cancelled. `is_cancelled` is asked by other threads while something runs that cannot be asked itself.
    """

    def __init__(
        self,
        deadline: float = float("inf"),
        told: Callable[[int, int], None] = lambda done, total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.deadline = deadline
        self._told, self._is_cancelled = told, is_cancelled
        self._done, self._total = 0, 0

    def is_over(self) -> bool:
        """Whether the deadline has passed or somebody cancelled it."""
        return time.monotonic() > self.deadline or self._is_cancelled()

    @contextmanager
    def flagged(self) -> Iterator[Flag]:
        """A flag that is set once it is over. Who finds it set calls `end`."""
        flag = np.zeros(1, np.uint8)
        with cancelling(self.is_over, lambda: flag.fill(1)):
            yield flag

    def end(self) -> NoReturn:
        """What was stopped as it was over ends with the reason."""
        self.check()
        raise QuestionTimeout

    def check(self) -> None:
        """QuestionTimeout once the deadline has passed, Cancelled once nobody waits."""
        if self._is_cancelled():
            raise Cancelled
        if time.monotonic() > self.deadline:
            raise QuestionTimeout
        self._told(self._done, self._total)

    def reached(self, done: int, total: int) -> None:
        """So much of all is done."""
        self._done, self._total = done, total
        self.check()
