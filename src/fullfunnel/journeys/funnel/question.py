"""Reading a funnel question: the JSON of docs/spec/questions.md into a `Funnel`."""

from collections.abc import Mapping
from typing import Any

from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.questions.fields import MAX_NAME_LENGTH, Canonical, Fields, read_breakdown, read_period
from fullfunnel.journeys.questions.people_lists import read_piece
from fullfunnel.journeys.questions.shapes import (
    DEFAULT_WINDOW,
    Exclusion,
    Funnel,
    Histogram,
    PeopleList,
    Step,
)
from fullfunnel.journeys.questions.steps import STEP, label_of, refuse_segment

MAX_STEPS, MAX_EXCLUSIONS, MAX_OPTIONAL, MAX_HELD = 30, 20, 6, 4
BASE = (
    "kind",
    "steps",
    "order",
    "count",
    "entries",
    "window",
    "exclude",
    "hold",
    "breakdown",
    "period",
    "late_conversions",
)
SHOWN = ("people", "show", "by", "from_step", "to_step", "bins", "step", "outcome", "group", "limit", "offset")


def read_funnel(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Funnel:
    """The funnel that `given` asks for; QuestionError where it cannot be read."""
    fields = Fields(given, "", BASE + SHOWN)
    refuse_segment(fields)
    order = fields.choice("order", ("ordered", "strict", "any"), "ordered")
    steps = tuple(
        _step(one, f"steps[{at}]", canonical, order) for at, one in enumerate(fields.some("steps", MAX_STEPS, "steps"))
    )
    if steps[0].optional:
        raise QuestionError("steps[0].optional", "the first step begins the funnel and cannot be optional")
    if order == "strict" and sum(step.optional for step in steps) > MAX_OPTIONAL:
        raise QuestionError("steps", f"with order 'strict', at most {MAX_OPTIONAL} steps may be optional")
    return Funnel(
        steps=steps,
        order=order,
        count=fields.choice("count", ("people", "companies", "deals", "sessions", "entries"), "people"),
        entries=fields.choice("entries", ("best", "first"), "best"),
        window=fields.span("window", DEFAULT_WINDOW),
        exclude=_exclusions(fields, canonical, len(steps)),
        hold=_hold(fields),
        breakdown=read_breakdown(fields, ("event", "person", "company"), len(steps)),
        period=read_period(fields, timezone),
        late_conversions=fields.flag("late_conversions", True),
        show=fields.choice("show", ("steps", "counts", "time_to_convert", "people", "trend"), "steps"),
        by=fields.choice("by", ("hour", "day", "week", "month"), "day"),
        people_list=_people_list(fields, len(steps)),
        histogram=_histogram(fields, len(steps)),
    )


def _step(given: Any, path: str, canonical: Canonical, order: str) -> Step:
    fields = Fields(
        {"event": given} if isinstance(given, str) else given, path, (*STEP, "optional", "first_ever", "within")
    )
    events = fields.events(canonical)
    optional, within = fields.flag("optional", False), fields.span("within", None)
    if order == "any" and optional:
        raise fields.refuse("optional", "has no meaning with order 'any', where no step is needed for the next")
    if order == "any" and within is not None:
        raise fields.refuse("within", "has no meaning with order 'any', where no step is before another; use 'window'")
    return Step(
        events=events,
        where=fields.where(),
        label=fields.text("label") or label_of(events),
        optional=optional,
        first_ever=fields.flag("first_ever", False),
        within=within,
    )


def _exclusions(fields: Fields, canonical: Canonical, steps: int) -> tuple[Exclusion, ...]:
    if not fields.given.get("exclude"):
        return ()
    found = []
    for at, one in enumerate(fields.some("exclude", MAX_EXCLUSIONS, "exclusions")):
        inner = Fields(one, f"exclude[{at}]", ("event", "where", "from", "to", "effect"))
        if steps < 2:
            raise QuestionError(inner.path, "an exclusion lies between two steps; this funnel has one step")
        after = inner.whole("from", 1, 1, steps - 1)
        exclusion = Exclusion(
            events=inner.events(canonical),
            where=inner.where(),
            after=after,
            before=inner.whole("to", steps, after + 1, steps),
            effect=inner.choice("effect", ("drop", "remove", "stop"), "drop"),
        )
        found.append(exclusion)
    return tuple(found)


def _hold(fields: Fields) -> tuple[str, ...]:
    """The names of the event properties that an entry keeps."""
    given = fields.given.get("hold") or []
    if (
        not isinstance(given, list)
        or len(given) > MAX_HELD
        or not all(isinstance(name, str) and name for name in given)
    ):
        raise fields.refuse(
            "hold", f"must be a list of at most {MAX_HELD} names of event properties, such as ['product']"
        )
    if len(set(given)) < len(given) or max(map(len, given), default=0) > MAX_NAME_LENGTH:
        raise fields.refuse("hold", f"must name each property once, in at most {MAX_NAME_LENGTH} characters")
    return tuple(given)


def _people_list(fields: Fields, steps: int) -> PeopleList:
    return PeopleList(
        **read_piece(fields),
        step=fields.whole("step", steps, 1, steps),
        outcome=fields.choice("outcome", ("reached", "dropped", "pending"), "reached"),
    )


def _histogram(fields: Fields, steps: int) -> Histogram:
    asked = fields.given.get("show") == "time_to_convert"
    if asked and steps < 2:
        raise fields.refuse("show", "'time_to_convert' needs at least two steps")
    to_step = fields.whole("to_step", max(steps, 2), 2, max(steps, 2))
    from_step = fields.whole("from_step", 1, 1, to_step - 1)
    bins = fields.whole("bins", 0, 1, 200) if fields.given.get("bins") is not None else None
    return Histogram(from_step, to_step, bins)
