"""What a kind of question is to the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fullfunnel.journeys.datasets.dataset import Dataset
from fullfunnel.journeys.questions.fields import Canonical
from fullfunnel.journeys.questions.shapes import Question
from fullfunnel.journeys.watch import Watch


@dataclass(frozen=True)
class Answerer:
    """`answer(question, dataset, watch)` returns the answer as JSON. `warm()` compiles the folds that it needs."""

    answer: Callable[[Any, Dataset, Watch], dict[str, Any]]
    warm: Callable[[], None] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of question: its folder says it in `KIND`, and kinds.KINDS lists it.

    `name`: the `kind` of the question's JSON. `read(json, canonical, timezone)` returns the question, or raises QuestionError.
    `load()` imports and returns the answerer: called when a question is asked first, because Numba takes seconds to load.
    `needs_index`: False where SQL alone answers it.
    """

    name: str
    read: Callable[[Mapping[str, Any], Canonical, str], Question]
    load: Callable[[], Answerer]
    needs_index: bool = True


Kinds = Mapping[str, Kind]
