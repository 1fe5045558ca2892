"""The builder as JSON of the contract (docs/spec/questions.md) and back, and which control a refusal speaks of. Pure."""

import re
from datetime import datetime

from fullfunnel.analytics.forms.parts import (
    Json,
    breakdown_fields,
    breakdown_of,
    condition_fields,
    events_of,
    join_list,
    names_of,
    number,
    period_fields,
    span,
    split_list,
    text_of,
    where_of,
)
from fullfunnel.analytics.forms.state import ExclusionFields, FunnelFields, StepFields
from fullfunnel.journeys.questions.periods import period_of


def to_question(fields: FunnelFields, now: datetime, workspace_zone: str) -> Json:
    """The question that stands in the builder; parts still empty are left out, anything else is left to the reader to judge."""
    question: Json = {"kind": "funnel", "steps": [_step(fields.steps[at]) for at in fields.asked_steps()]}
    question |= {"order": fields.order, "count": fields.count, "entries": fields.entries}
    question["window"] = None if fields.window_unit == "none" else span(fields.window, fields.window_unit)
    if exclusions := [_exclusion(fields.exclusions[at]) for at in fields.asked_exclusions()]:
        question["exclude"] = exclusions
    if fields.breakdown.property:
        question["breakdown"] = breakdown_of(fields.breakdown)
    if period := period_of(fields.period, now, workspace_zone):
        question["period"] = period
    if not fields.late_conversions:
        question["late_conversions"] = False
    if hold := split_list(fields.hold):
        question["hold"] = hold
    return question


def _step(step: StepFields) -> Json:
    row: Json = {"event": events_of(step.events)} | where_of(step.conditions)
    if step.label:
        row["label"] = step.label
    if step.optional:
        row["optional"] = True
    if step.first_ever:
        row["first_ever"] = True
    if step.within:
        row["within"] = span(step.within, step.within_unit)
    return row


def _exclusion(exclusion: ExclusionFields) -> Json:
    row: Json = {"event": events_of(exclusion.events)} | where_of(exclusion.conditions)
    row["from"] = number(exclusion.start) if exclusion.start else 1
    if exclusion.end:
        row["to"] = number(exclusion.end)
    return row | {"effect": exclusion.effect}


def from_question(question: Json, preset: str = "", workspace_zone: str = "") -> FunnelFields:
    """The builder that asks this (readable) question. `preset` keeps a period that moves on with the day."""
    start = FunnelFields()
    window = question.get("window", {"value": 14, "unit": "day"})
    steps = tuple(_step_fields(step) for step in question["steps"])
    return FunnelFields(
        steps=steps,
        exclusions=tuple(_exclusion_fields(row, len(steps)) for row in question.get("exclude") or []),
        order=question.get("order", start.order),
        count=question.get("count", start.count),
        entries=question.get("entries", start.entries),
        window=start.window if window is None else text_of(window["value"]),
        window_unit="none" if window is None else window["unit"],
        breakdown=breakdown_fields(question.get("breakdown") or {}),
        period=period_fields(question.get("period") or {}, preset, workspace_zone),
        late_conversions=question.get("late_conversions", True),
        hold=join_list(question.get("hold") or []),
    )


def _step_fields(row: Json) -> StepFields:
    within = row.get("within") or {}
    return StepFields(
        events=names_of(row["event"]),
        label=row.get("label") or "",
        conditions=tuple(condition_fields(condition) for condition in row.get("where") or []),
        optional=bool(row.get("optional")),
        first_ever=bool(row.get("first_ever")),
        within=text_of(within.get("value")),
        within_unit=within.get("unit", "day"),
    )


def _exclusion_fields(row: Json, steps: int) -> ExclusionFields:
    return ExclusionFields(
        events=names_of(row["event"]),
        conditions=tuple(condition_fields(condition) for condition in row.get("where") or []),
        start=text_of(row.get("from", 1)),
        end=text_of(row.get("to")),
        effect=row.get("effect", "drop"),
    )


GLOBALS = {
    "order": "order",
    "count": "count",
    "entries": "entries",
    "window.value": "window",
    "window.unit": "unit",
    "window": "window",
    "period.from": "from",
    "period.to": "to",
    "period.timezone": "tz",
    "period": "from",
    "breakdown": "by",
    "breakdown.property": "by",
    "breakdown.of": "by-of",
    "breakdown.attribution": "by-how",
    "breakdown.step": "by-step",
    "breakdown.limit": "by-limit",
    "late_conversions": "late",
    "hold": "hold",
}
PARTS = {"label": "label", "within": "within", "optional": "optional", "first_ever": "first", "from": "from"}
PARTS |= {"to": "to", "effect": "effect"}
CONDITION_PARTS = {"property": "p", "op": "op", "value": "v", "of": "of"}


def control_of(field: str, fields: FunnelFields) -> str:
    """The id of the control that a refusal's field path speaks of ("steps[2].where[0].op" -> "s3-0-op"); "" when there is none."""
    if field in GLOBALS:
        return GLOBALS[field]
    found = re.match(r"(steps|exclude)\[(\d+)\](.*)", field)
    if not found:
        return ""
    letter = "s" if found[1] == "steps" else "x"
    asked = fields.asked_steps() if letter == "s" else fields.asked_exclusions()
    if int(found[2]) >= len(asked):
        return ""
    position = asked[int(found[2])]
    owner = (fields.steps if letter == "s" else fields.exclusions)[position]
    name, rest = f"{letter}{position + 1}", found[3].lstrip(".")
    if where := re.match(r"where\[(\d+)\]\.?(\w*)", rest):
        places = [place for place, condition in enumerate(owner.conditions) if condition]
        place = places[min(int(where[1]), len(places) - 1)] if places else 0
        return f"{name}-{place}-{CONDITION_PARTS.get(where[2], 'v')}"
    part = PARTS.get(rest.split(".")[0])
    return f"{name}-{part}" if part else f"{name}-e0"
