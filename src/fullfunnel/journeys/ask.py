"""The single way to an answer, for the pages, the API and the command line alike."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache
from typing import Any

from fullfunnel.events.conditions import COMPANY, DEAL
from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.datasets.dataset import EVENT, PROPERTY, Dataset
from fullfunnel.journeys.deadline import MAX_SECONDS, QuestionTimeout
from fullfunnel.journeys.kind import Kinds
from fullfunnel.journeys.kinds import KINDS
from fullfunnel.journeys.questions.reading import QuestionError, parse
from fullfunnel.journeys.unknown_names import notes_on_names
from fullfunnel.journeys.watch import Watch

__all__ = ["MAX_SECONDS", "QuestionError", "QuestionTimeout", "answer", "error_json"]


def answer(
    question: Any, dataset: Dataset, *, deadline: float | Watch | None = None, kinds: Kinds = KINDS
) -> dict[str, Any]:
    """Return the answer to a question of docs/spec/questions.md, both as JSON is in Python.

    `deadline`: a moment of time.monotonic(), by default MAX_SECONDS seconds from now, or a Watch, which also hears of progress.
    `kinds`: those that may be asked, by name; the pages and the command line pass those of the wiring.
    QuestionError: it cannot be read; QuestionTimeout: the deadline passed first; Cancelled: nobody waits any more.
    """
    watch = deadline
    if not isinstance(watch, Watch):
        watch = Watch(time.monotonic() + MAX_SECONDS if watch is None else watch)
    try:
        asked = parse(question, canonical=dataset.names.canonical, timezone=dataset.facts.timezone, kinds=kinds)
        watch.check()
        with closing(_Watched(dataset, watch)) as parts:
            watched = parts.dataset()
            answerer = kinds[asked.kind].load()
            if answerer.warm:
                _compile(answerer.warm, watch)
            found = answerer.answer(asked, watched, watch)
            notes = found.get("notes", [])
            fields = {note["field"] for note in notes}
            notes += [note for note in notes_on_names(question, watched) if note["field"] not in fields]
            return found | {"notes": notes} if notes else found
    except TimeoutError as error:
        # What an engine was asked took too long.
        raise QuestionTimeout from error


# What tells whose an event is, where that is not a person's.
NAMED_BY = {"companies": COMPANY, "deals": DEAL}


class _Watched:
    """Make a dataset that checks the watch before it codes a property, which reads the whole stream once."""

    def __init__(self, dataset: Dataset, watch: Watch) -> None:
        self._dataset, self._watch = dataset, watch
        self._given: list[Index] = []
        self._carried: set[str] = set()

    def close(self) -> None:
        """Release the indexes. Careful: an erasure waits for readers, and an index in a cycle of references lives on for long."""
        for index in self._given:
            index.release()

    def dataset(self) -> Dataset:
        """Return the dataset with these parts."""
        return replace(self._dataset, index=self.index, unknown=self.unknown)

    def index(self, count: str = "people") -> Index:
        """See dataset.IndexOf."""
        if count in NAMED_BY:
            # Coded under our watch, before the dataset asks for it.
            self.index().column(NAMED_BY[count])
        index = self._dataset.index(count)
        self._given.append(index)

        def column(name: str) -> tuple[Column, Column]:
            self._watch.check()
            while not index.is_coded(name):
                self._watch.check()
            columns = index.column(name)
            if columns[0].values:
                self._carried.add(name)
            return columns

        return replace(index, column=column)

    def unknown(self, kind: str, names: Sequence[str]) -> tuple[list[str], list[str]]:
        """See dataset.Unknown. Names that the answer met need not be looked for."""
        met = self._carried if kind == PROPERTY else set[str]()
        if kind == EVENT:
            met = {name for index in self._given for name in index.names}
        others = [name for name in names if name not in met]
        return self._dataset.unknown(kind, others) if others else ([], [])


def _compile(warm: Callable[[], None], watch: Watch) -> None:
    """The first question of its kind ever asked of an installation compiles the folds; that is not the question's time."""
    began = time.monotonic()
    _once(warm)
    watch.deadline += time.monotonic() - began


@cache
def _once(warm: Callable[[], None]) -> None:
    warm()


def error_json(error: QuestionError | QuestionTimeout) -> dict[str, Any]:
    """How an answer says that there is none: {"error": {"field", "message"}}."""
    field = error.field if isinstance(error, QuestionError) else ""
    message = error.message if isinstance(error, QuestionError) else str(error)
    return {"error": {"field": field, "message": message}}
