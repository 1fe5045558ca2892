"""Reading the two questions that ask about a funnel: why one unit stands where it stands, and what separates those who were lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from fullfunnel.core import clock
from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.funnel.question import read_funnel
from fullfunnel.journeys.questions.fields import Canonical, Fields
from fullfunnel.journeys.questions.people_lists import lists_people, read_piece
from fullfunnel.journeys.questions.shapes import Funnel, Listed, Question

MAX_PROPERTIES, MAX_ROWS = 100, 1_000
FACTORS = ("property", "first_touch", "person", "company", "behaviour")
EARLIER, SINCE = "before the entry", "since the entry"
LISTED = ("show", "outcome", "factor", "property", "value", "with", "offset")


@dataclass(frozen=True)
class Why(Question):
    """Why `unit` (as lists of people name it) stands where it stands in `question`. `entered_at`: which of its entries, µs;
    None: the one that came furthest."""

    kind: ClassVar[str] = "why"

    question: Funnel
    unit: str
    entered_at: int | None = None


@dataclass(frozen=True)
class Factor:
    """One thing that a unit has or has not. kind: one of FACTORS; of a behaviour, `property` is the event's name and `value` says
    when: EARLIER or SINCE. A value None is no value."""

    kind: str
    property: str
    value: str | None


@dataclass(frozen=True)
class SideList(Listed):
    """Which people to list: of the side `outcome` (dropped or went_on) those with the factor (`having`) or without it.

    Without a factor: the whole side.
    """

    outcome: str = "dropped"
    factor: Factor | None = None
    having: bool = True


@dataclass(frozen=True)
class DropOff(Question):
    """What separates those who reached step `step` (from 1) of `question` from those who were lost before it.

    `step` None: the one before which most were lost. `properties`: of events, that are looked at; empty: those that the dataset
    offers. `limit`: how many rows are told.
    """

    kind: ClassVar[str] = "drop_off"

    question: Funnel
    step: int | None = None
    properties: tuple[str, ...] = ()
    limit: int = 25
    people_list: SideList | None = None


def read_why(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Why:
    """The question why; QuestionError where it cannot be read."""
    fields = Fields(given, "", ("kind", "question", "unit", "entered_at"))
    unit = fields.text("unit")
    if not unit:
        raise fields.refuse("unit", "must name the person (company, deal) as a list of people does")
    return Why(_funnel(fields, canonical, timezone), unit, _moment(fields))


def read_drop_off(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> DropOff:
    """The question of what separates; QuestionError where it cannot be read."""
    fields = Fields(given, "", ("kind", "question", "step", "properties", "limit", *LISTED))
    question = _funnel(fields, canonical, timezone)
    if len(question.steps) < 2:
        raise QuestionError("question.steps", "must be at least two: what separates is asked between two steps")
    properties = fields.some("properties", MAX_PROPERTIES, "properties") if fields.given.get("properties") else []
    if not all(isinstance(name, str) and name for name in properties):
        raise fields.refuse("properties", "must be a list of names of properties, such as ['device']")
    listed = _side_list(fields, canonical) if lists_people(fields) else None
    return DropOff(
        question=question,
        step=fields.whole("step", 2, 2, len(question.steps)) if fields.has("step") else None,
        properties=tuple(dict.fromkeys(properties)),
        limit=25 if listed else fields.whole("limit", 25, 1, MAX_ROWS),
        people_list=listed,
    )


def _side_list(fields: Fields, canonical: Canonical) -> SideList:
    """Whom `show: people` lists, chosen as the rows of the answer say it."""
    outcome, having = fields.choice("outcome", ("dropped", "went_on"), "dropped"), fields.flag("with", True)
    factor = _factor(fields, canonical) if any(map(fields.has, ("factor", "property", "value", "with"))) else None
    return SideList(**read_piece(fields), outcome=outcome, factor=factor, having=having)


def _factor(fields: Fields, canonical: Canonical) -> Factor:
    kind, name, value = fields.choice("factor", FACTORS, ""), fields.text("property"), fields.group("value")
    if not name:
        raise fields.refuse("property", "must be the one of the row")
    if not value:
        raise fields.refuse("value", "must be the one of the row; null is no value")
    if kind == "behaviour" and value[0] not in (EARLIER, SINCE):
        raise fields.refuse("value", f"must be '{EARLIER}' or '{SINCE}' for a behaviour")
    return Factor(kind, canonical(name) if kind == "behaviour" else name, value[0])


def _funnel(fields: Fields, canonical: Canonical, timezone: str) -> Funnel:
    given = fields.given.get("question")
    if not isinstance(given, Mapping) or given.get("kind", "funnel") != "funnel":
        raise fields.refuse("question", 'must be a funnel, such as {"kind": "funnel", "steps": […]}')
    try:
        return read_funnel(given, canonical, timezone)
    except QuestionError as error:
        raise QuestionError(f"question.{error.field}", error.message) from None


def _moment(fields: Fields) -> int | None:
    text = fields.text("entered_at") if fields.given.get("entered_at") is not None else ""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return clock.to_us(moment if moment.tzinfo else moment.replace(tzinfo=clock.EPOCH.tzinfo))
    except (ValueError, OverflowError):
        raise fields.refuse("entered_at", "must be a time as lists of people give it: '2026-03-31T18:00:00Z'") from None
