"""Questions that this process is answering: each a thread of its own, told of by one thread for all."""

import logging
import secrets
import threading
import time
from typing import Any

from django.db import DatabaseError, connections

from fullfunnel.analytics import askings
from fullfunnel.core.resource_errors import resource_error
from fullfunnel.core.worker import where
from fullfunnel.journeys.deadline import QuestionTimeout
from fullfunnel.journeys.questions.reading import QuestionError
from fullfunnel.journeys.watch import Cancelled, Watch

# How long a page's question may take, in seconds.
MAX_SECONDS = 600.0
AT_ONCE = 2
BEAT = 0.5
log = logging.getLogger("fullfunnel.answering")
_turns = threading.BoundedSemaphore(AT_ONCE)
_told: "set[Job]" = set()
_told_lock = threading.Lock()
_teller: threading.Thread | None = None


class Job:
    """One question that is being answered. It has a row from the moment that somebody no longer waits for it."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(16)
        self.ended, self.cancelled = threading.Event(), threading.Event()
        self.watch = Watch(time.monotonic() + MAX_SECONDS, self._reached, self.cancelled.is_set)
        self.done, self.total = 0, 0
        self.pk: int | None = None
        self.answer: dict[str, Any] | None = None
        self.error: Exception | None = None
        self.is_over = False
        self.has_turn = self.waits = False
        self.lock, self._turn_lock = threading.Lock(), threading.Lock()

    def result(self) -> dict[str, Any]:
        """The answer; raises what kept it from being found."""
        if self.error is not None:
            raise self.error
        if self.answer is None:
            raise QuestionTimeout
        return self.answer

    def end(self, packed: bytes | None) -> None:
        """Nothing more is counted: lets those who wait go on, and writes the row, if there is one."""
        with self.lock:
            self.is_over = True
        self.ended.set()
        with self._turn_lock:
            if self.has_turn:
                self.has_turn = False
                _turns.release()
        with _told_lock:
            _told.discard(self)
        if self.pk is not None:
            askings.end(self.pk, self.name, answer=packed, message=self._message())

    def _message(self) -> str:
        """Why there is no answer, as a sentence."""
        if self.error is None or isinstance(self.error, Cancelled):
            return ""
        if isinstance(self.error, QuestionError):
            return f"{self.error.field}: {self.error.message}"
        if isinstance(self.error, QuestionTimeout):
            said = str(self.error)
            return f"{said[:1].upper()}{said[1:]}."
        if short_of := resource_error(self.error):
            return f"{short_of[:1].upper()}{short_of[1:]}."
        # Its message may hold personal data.
        log.error("a question failed: %s", where(self.error))
        return "This question failed, which is an error of the program; its log says where."

    def _reached(self, done: int, total: int) -> None:
        """What folds call between portions, in one thread or several: the place to stop, and to wait for a turn."""
        self.done, self.total = done, total
        if self.pk is not None and not self.has_turn:
            with self._turn_lock:
                self._take_turn()

    def _take_turn(self) -> None:
        # Waiting is not the question's time.
        began, deadline, self.watch.deadline = time.monotonic(), self.watch.deadline, float("inf")
        while not self.has_turn:
            self.has_turn = _turns.acquire(timeout=0.2)
            self.waits = not self.has_turn
            if self.cancelled.is_set():
                raise Cancelled
        self.watch.deadline = deadline + time.monotonic() - began


def keep_telling(job: Job) -> None:
    """From now on the job's row hears how far it is, and the job whether it is still wanted."""
    global _teller
    with _told_lock:
        _told.add(job)
        if _teller is None or not _teller.is_alive():
            _teller = threading.Thread(target=_tell, name="telling", daemon=True)
            _teller.start()


def _tell() -> None:
    """Writes twice a second while there is something to tell. One thread for all jobs: folds never wait for the database."""
    global _teller
    try:
        while True:
            with _told_lock:
                jobs = list(_told)
                if not jobs:
                    _teller = None
                    return
            for job in jobs:
                _tell_one(job)
            time.sleep(BEAT)
    finally:
        connections.close_all()


def _tell_one(job: Job) -> None:
    try:
        if job.pk is not None and not askings.tell(job.pk, job.name, done=job.done, total=job.total, waits=job.waits):
            job.cancelled.set()
    except DatabaseError as error:
        # Heard again in half a second; a full disk does not end the question.
        log.error("a question could not say how far it is: %s", where(error))
