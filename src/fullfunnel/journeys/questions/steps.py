"""What every kind of question reads alike: a plain step, its label, and what is refused in all of them."""

from collections.abc import Sequence
from typing import Any

from fullfunnel.journeys.questions.fields import Canonical, Fields
from fullfunnel.journeys.questions.shapes import ANY, Step

STEP = ("event", "where", "label")


def read_step(
    given: Any,
    path: str,
    canonical: Canonical,
    *,
    of: Sequence[str] = ("event", "person", "person_then"),
    may_be_first: bool = False,
) -> Step:
    """A plain step (`start`, `return`, `anchor`, `conversion`): a name, names, or an object with `event`, `where` and `label`.

    `of`: what its conditions may be about. `may_be_first`: whether the object may also have `first_ever`.
    """
    known = (*STEP, "first_ever") if may_be_first else STEP
    fields = Fields({"event": given} if isinstance(given, str | list) else given, path, known)
    events = fields.events(canonical)
    label = fields.text("label") or label_of(events)
    is_first = may_be_first and fields.flag("first_ever", False)
    return Step(events=events, where=fields.where(of=of), label=label, first_ever=is_first)


def label_of(events: Sequence[str]) -> str:
    """What a step without a label is called."""
    return " or ".join("any event" if name == ANY else name for name in events)


def refuse_segment(fields: Fields) -> None:
    """`people.segment`, which no kind answers yet."""
    if fields.given.get("people"):
        inner = Fields(fields.given["people"], "people", ("segment",))
        raise inner.refuse("segment", 'segments are not answered yet; use a condition with "of": "person" instead')
