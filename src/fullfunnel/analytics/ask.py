"""The single way to an answer, for the pages, the API and the command line alike."""

import time
from functools import cache
from typing import Any

from fullfunnel.analytics.deadline import PATIENCE, QuestionTimeout, check
from fullfunnel.analytics.questions import QuestionError, Trend, parse
from fullfunnel.analytics.world import World

__all__ = ["PATIENCE", "QuestionError", "QuestionTimeout", "answer", "error_json"]


def answer(question: Any, world: World, deadline: float | None = None) -> dict[str, Any]:
    """The answer to a question of spec/questions.md, both as JSON is in Python.

    `deadline` is a moment of time.monotonic(), by default PATIENCE seconds from now. QuestionError: it cannot be read;
    QuestionTimeout: the deadline passed first.
    """
    limit = time.monotonic() + PATIENCE if deadline is None else deadline
    asked = parse(question, canonical=world.canonical, timezone=world.timezone)
    check(limit)
    if isinstance(asked, Trend):
        from fullfunnel.analytics.trends import answer_trend

        return answer_trend(asked, world, limit)
    # Imported when folded: Numba takes a while to load.
    from fullfunnel.analytics.answers import answer_funnel

    # The first funnel ever asked of an installation compiles the kernel; that is not the question's time.
    began = time.monotonic()
    _compile_once()
    limit += time.monotonic() - began
    return answer_funnel(asked, world, lambda: check(limit))


@cache
def _compile_once() -> None:
    from fullfunnel.analytics.folds.funnel import warm

    warm()


def error_json(error: QuestionError | QuestionTimeout) -> dict[str, Any]:
    """How an answer says that there is none: {"error": {"field", "message"}}."""
    field = error.field if isinstance(error, QuestionError) else ""
    message = error.message if isinstance(error, QuestionError) else str(error)
    return {"error": {"field": field, "message": message}}
