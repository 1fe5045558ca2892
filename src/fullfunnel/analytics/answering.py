"""Answer the questions of pages: at once where possible, else in a thread, while the page asks for its progress.

The memory of this process is a cache only; the row (askings.py) is the truth, and every process sees it.
"""

import hashlib
import json
import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import DatabaseError, connection, connections

from fullfunnel.analytics import askings
from fullfunnel.analytics.jobs import Job, keep_telling
from fullfunnel.analytics.kinds.wired import question_kinds
from fullfunnel.analytics.models import Asking
from fullfunnel.analytics.seats import TooMany
from fullfunnel.core.worker import where
from fullfunnel.journeys import deadline
from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.watch import Watch
from fullfunnel.segments.dataset import WorkspaceDataset

# A page waits so long for an answer before it shows the progress.
WAIT_SECONDS = 1.0
# Questions that one process works on or has waiting; of these, jobs.AT_ONCE take more than WAIT_SECONDS at a time.
MAX_JOBS = 24
MAX_CACHE_BYTES, MAX_ANSWER_BYTES = 16_000_000, 1_000_000
Json = dict[str, Any]
log = logging.getLogger("fullfunnel.answering")


@dataclass(frozen=True)
class Question:
    """A user's question to a workspace. Questions with the same `slot` have the same answer."""

    json: Json
    dataset: WorkspaceDataset
    user_id: int

    @property
    def key(self) -> str:
        said = json.dumps([self.json, self.dataset.facts.timezone], sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def slot(self) -> tuple[str, int, str]:
        return str(self.dataset.facts.data), self.dataset.facts.workspace_id, self.key

    @property
    def names_people(self) -> bool:
        """Whether the answer names people: such answers are not cached."""
        return self.json.get("show") == "people" or self.json.get("kind") == "why"


class AnswerCache:
    """The latest answers of this process, as JSON, each with the version of the dataset that it holds for."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, int, str], tuple[str, bytes]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, int, str], version: str) -> Json | None:
        with self._lock:
            found = self._answers.get(key)
        return orjson.loads(found[1]) if found and found[0] == version else None

    def put(self, key: tuple[str, int, str], version: str, packed: bytes) -> None:
        if len(packed) > MAX_ANSWER_BYTES:
            return
        with self._lock:
            self._bytes -= len(self._answers.pop(key, ("", b""))[1])
            self._answers[key] = (version, packed)
            self._bytes += len(packed)
            while self._bytes > MAX_CACHE_BYTES:
                self._bytes -= len(self._answers.popitem(last=False)[1][1])

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._bytes = 0


answer_cache = AnswerCache()
_jobs: dict[tuple[str, int, str], Job] = {}
_jobs_lock = threading.Lock()
_pool = ThreadPoolExecutor(MAX_JOBS, thread_name_prefix="answering")


def ask_now(question: Question) -> Json:
    """Return the answer, in this thread, within deadline.MAX_SECONDS seconds."""
    moment = _moment(question)
    if (found := answer_cache.get(question.slot, moment)) is not None:
        return found
    if (found := _collected(question, askings.find(question.dataset.facts.workspace_id, question.key))) is None:
        found = _answer(question, time.monotonic() + deadline.MAX_SECONDS)
        _keep(question, moment, _packed(found))
    return found


def ask_soon(question: Question, seconds: float = WAIT_SECONDS) -> Json | Asking:
    """Return the answer, if there is one within so many seconds; else the row that says how far it is.

    QuestionError, QuestionTimeout; TooMany: ask again later.
    """
    # What this transaction did would not be seen by another thread.
    if connection.in_atomic_block:
        return ask_now(question)
    moment = _moment(question)
    if (found := answer_cache.get(question.slot, moment)) is not None:
        return found
    row = askings.find(question.dataset.facts.workspace_id, question.key)
    if row is not None and askings.is_open(row):
        askings.join(row, question.user_id)
        return row
    if (found := _collected(question, row)) is not None:
        return found
    job = _job(question, moment)
    if job.ended.wait(seconds):
        return job.result()
    return _as_row(job, question)


def _collected(question: Question, row: Asking | None) -> Json | None:
    """Return the answer of a row, where it holds for this dataset and user."""
    if row is None:
        return None
    packed = askings.collect(row, question.dataset.facts.version, question.user_id, keep=not question.names_people)
    return None if packed is None else orjson.loads(packed)


def _job(question: Question, moment: str) -> Job:
    """Return the job that answers it in this process; begin one if there is none."""
    with _jobs_lock:
        job = _jobs.get(question.slot)
        if job is None or job.cancelled.is_set():
            if len(_jobs) >= MAX_JOBS:
                raise TooMany(f"{MAX_JOBS} questions are being answered")
            job = _jobs[question.slot] = Job()
            _pool.submit(_run, job, question, moment)
    return job


def _run(job: Job, question: Question, moment: str) -> None:
    packed: bytes | None = None
    try:
        job.answer = _answer(question, job.watch)
        packed = _packed(job.answer)
    except Exception as error:
        job.error = error
    try:
        with _jobs_lock:
            if _jobs.get(question.slot) is job:
                del _jobs[question.slot]
        _keep(question, moment, packed)
        job.end(packed)
    except DatabaseError as error:
        log.error("an answer could not be kept: %s", where(error))
    finally:
        connections.close_all()


def _as_row(job: Job, question: Question) -> Json | Asking:
    """Return the row of a long job; the answer, where it ended meanwhile or no row can be written."""
    dataset = question.dataset
    try:
        with job.lock:
            if job.pk is None and not job.is_over:
                row = askings.begin(
                    dataset.facts.workspace_id,
                    question.key,
                    version=dataset.facts.version,
                    answerer=job.name,
                    askers=[question.user_id],
                )
                if row.answerer != job.name:
                    # Another process was faster.
                    job.cancelled.set()
                    return row
                job.pk = row.pk
                keep_telling(job)
                return row
    except DatabaseError:
        # A full disk is no reason not to answer.
        job.ended.wait(deadline.MAX_SECONDS)
    joined = None if job.is_over or job.pk is None else Asking.objects.filter(pk=job.pk).first()
    if joined is None:
        return job.result()
    askings.join(joined, question.user_id)
    return joined


def _answer(question: Question, until: float | Watch) -> Json:
    return answer(question.json, question.dataset, deadline=until, kinds=question_kinds())


def _moment(question: Question) -> str:
    """Return what a cached answer holds for: a version of the dataset, and a minute, as time turns pending into lost."""
    return f"{question.dataset.facts.version} {question.dataset.facts.data_until // 60_000_000}"


def _keep(question: Question, moment: str, packed: bytes | None) -> None:
    if packed is not None and not question.names_people:
        answer_cache.put(question.slot, moment, packed)


def _packed(found: Json) -> bytes:
    return orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY)
