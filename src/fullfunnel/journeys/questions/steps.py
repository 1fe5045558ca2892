"""What every kind of question reads alike: a plain step, its label, and what is refused in all of them."""

from collections.abc import Sequence
from typing import Any

from fullfunnel.journeys.questions.fields import Canonical, Fields
from fullfunnel.journeys.questions.shapes import ANY, Step

STEP = ("event", "where", "label")


def read_step(
    given: Any, path: str, canonical: Canonical, *, of: Sequence[str] = ("event", "person", "person_then")
) -> Step:
    """A plain step (`start`, `return`, `anchor`, `conversion`): a name, names, or an object with `event`, `where` and `label`.

    `of`: what its conditions may be about.
    """
    fields = Fields({"event": given} if isinstance(given, str | list) else given, path, STEP)
    events = fields.events(canonical)
    return Step(events=events, where=fields.where(of=of), label=fields.text("label") or label_of(events))


def label_of(events: Sequence[str]) -> str:
    """What a step without a label is called."""
    return " or ".join("any event" if name == ANY else name for name in events)


def refuse_segment(fields: Fields) -> None:
    """`people.segment`, which no kind answers yet."""
    if fields.given.get("people"):
        inner = Fields(fields.given["people"], "people", ("segment",))
        raise inner.refuse("segment", 'segments are not answered yet; use a condition with "of": "person" instead')
