"""Questions as the public contract (spec/questions.md) writes them in JSON, read into frozen dataclasses.

`parse` is the only way in: the pages, the API and the command line all come through it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fullfunnel.core.nearest import did_you_mean
from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.attribution.question import read_attribution
from fullfunnel.journeys.funnel.question import read_funnel
from fullfunnel.journeys.paths.question import read_paths
from fullfunnel.journeys.questions.fields import Canonical
from fullfunnel.journeys.questions.shapes import Question
from fullfunnel.journeys.retention.question import read_retention
from fullfunnel.journeys.trend.question import read_trend
from fullfunnel.journeys.why.question import read_drop_off, read_why

__all__ = ["QuestionError", "parse"]

# A reader takes the JSON, how names are canonical, and the zone of a period that names none.
READERS: dict[str, Callable[[Mapping[str, Any], Canonical, str], Question]] = {
    "funnel": read_funnel,
    "trend": read_trend,
    "retention": read_retention,
    "paths": read_paths,
    "attribution": read_attribution,
    "why": read_why,
    "drop_off": read_drop_off,
}
LATER = ("stages",)


def parse(given: Any, *, canonical: Canonical = str, timezone: str = "UTC") -> Question:
    """The question that `given` (JSON as Python) asks; QuestionError says where and why it cannot be read.

    `canonical` maps an event's name to the one the stream knows it by; `timezone` is that of a period that names none.
    """
    if not isinstance(given, Mapping):
        raise QuestionError("question", 'must be a JSON object such as {"kind": "funnel", "steps": […]}')
    kind, known = given.get("kind"), tuple(READERS)
    if isinstance(kind, str) and kind in READERS:
        return READERS[kind](given, canonical, timezone)
    if kind in LATER:
        raise QuestionError("kind", f"'{kind}' is not answered yet; this version answers: {', '.join(known)}")
    raise QuestionError("kind", f"must be one of: {', '.join(known)}{did_you_mean(kind, known)}")
