"""Read a question, which the public contract (docs/spec/questions.md) writes as JSON, into a frozen dataclass.

`parse` is the only way in: the pages, the API and the command line all come through it.
"""

from collections.abc import Mapping
from typing import Any

from fullfunnel.core.suggest import did_you_mean
from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.kind import Kinds
from fullfunnel.journeys.kinds import KINDS
from fullfunnel.journeys.questions.fields import Canonical
from fullfunnel.journeys.questions.shapes import Question

__all__ = ["QuestionError", "parse"]


def parse(given: Any, *, canonical: Canonical = str, timezone: str = "UTC", kinds: Kinds = KINDS) -> Question:
    """Return the question that `given` (JSON as Python) asks. QuestionError says where it cannot be read, and why.

    `canonical` maps an event's name to the one the stream knows it by; `timezone` is that of a period that names none;
    `kinds` are those that may be asked, by name.
    """
    if not isinstance(given, Mapping):
        raise QuestionError("question", 'must be a JSON object such as {"kind": "funnel", "steps": […]}')
    kind, known = given.get("kind"), tuple(kinds)
    if isinstance(kind, str) and kind in kinds:
        return kinds[kind].read(given, canonical, timezone)
    raise QuestionError("kind", f"must be one of: {', '.join(known)}{did_you_mean(kind, known)}")
