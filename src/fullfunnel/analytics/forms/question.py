"""The builder as JSON of the contract (spec/questions.md) and back, and which control a refusal speaks of. Pure."""

import csv
import re
from datetime import datetime
from typing import Any

from fullfunnel.analytics.forms.periods import PeriodFields, period_of
from fullfunnel.analytics.forms.state import (
    BreakdownFields,
    ConditionFields,
    ExclusionFields,
    FunnelFields,
    StepFields,
)

Json = dict[str, Any]
LISTS, NUMBERS, BARE = {"in", "not_in"}, {">", ">=", "<", "<=", "between"}, {"is_set", "is_not_set"}


def to_question(fields: FunnelFields, now: datetime, workspace_zone: str) -> Json:
    """The question that stands in the builder; parts still empty are left out, anything else is left to the reader to judge."""
    question: Json = {"kind": "funnel", "steps": [_step(fields.steps[at]) for at in fields.asked_steps()]}
    question |= {"order": fields.order, "count": fields.count, "entries": fields.entries}
    question["window"] = None if fields.window_unit == "none" else _span(fields.window, fields.window_unit)
    if exclusions := [_exclusion(fields.exclusions[at]) for at in fields.asked_exclusions()]:
        question["exclude"] = exclusions
    if fields.breakdown.property:
        question["breakdown"] = _breakdown(fields.breakdown)
    if period := period_of(fields.period, now, workspace_zone):
        question["period"] = period
    if not fields.late_conversions:
        question["late_conversions"] = False
    return question


def number(text: str) -> int | float | str:
    """A number where the text is one; otherwise the text, for the reader to refuse by name."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        found = float(text)
    except ValueError:
        return text
    # Careful: float() also reads "nan" and "inf", which JSON has no word for.
    return found if found - found == 0 else text


def split_list(text: str) -> list[str]:
    """The values of a list as people type one: a, b, "c, d"."""
    row = next(csv.reader([text.replace("\n", " ")], skipinitialspace=True), [])
    return [value.strip() for value in row if value.strip()]


def join_list(values: list[Any]) -> str:
    def quoted(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if re.search(r'[",]', value) else value

    return ", ".join(quoted(str(value)) for value in values)


def _span(value: str, unit: str) -> Json:
    return {"value": number(value) if value else None, "unit": unit}


def _events(events: tuple[str, ...]) -> str | list[str]:
    named = [event for event in events if event]
    return named[0] if len(named) == 1 else named


def _condition(condition: ConditionFields) -> Json:
    row: Json = {"property": condition.property, "op": condition.op}
    if condition.op in LISTS:
        row["value"] = split_list(condition.value)
    elif condition.op == "between":
        row["value"] = [number(value) for value in split_list(condition.value)]
    elif condition.op in NUMBERS:
        row["value"] = number(condition.value)
    elif condition.op not in BARE:
        row["value"] = condition.value
    return row | ({"of": condition.of} if condition.of != "event" else {})


def _where(conditions: tuple[ConditionFields, ...]) -> Json:
    asked = [_condition(condition) for condition in conditions if condition]
    return {"where": asked} if asked else {}


def _step(step: StepFields) -> Json:
    row: Json = {"event": _events(step.events)} | _where(step.conditions)
    if step.label:
        row["label"] = step.label
    if step.optional:
        row["optional"] = True
    if step.first_ever:
        row["first_ever"] = True
    if step.within:
        row["within"] = _span(step.within, step.within_unit)
    return row


def _exclusion(exclusion: ExclusionFields) -> Json:
    row: Json = {"event": _events(exclusion.events)} | _where(exclusion.conditions)
    row["from"] = number(exclusion.start) if exclusion.start else 1
    if exclusion.end:
        row["to"] = number(exclusion.end)
    return row | {"effect": exclusion.effect}


def _breakdown(fields: BreakdownFields) -> Json:
    row: Json = {"property": fields.property, "of": fields.of, "limit": number(fields.limit or "25")}
    if fields.of == "event":
        row["attribution"] = fields.attribution
        if fields.attribution == "step":
            row["step"] = number(fields.step)
    return row


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
        breakdown=_breakdown_fields(question.get("breakdown") or {}),
        period=_period_fields(question.get("period") or {}, preset, workspace_zone),
        late_conversions=question.get("late_conversions", True),
    )


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _names(event: Any) -> tuple[str, ...]:
    return (event,) if isinstance(event, str) else tuple(event)


def _condition_fields(row: Json) -> ConditionFields:
    value = row.get("value")
    text = join_list([text_of(item) for item in value]) if isinstance(value, list) else text_of(value)
    return ConditionFields(row["property"], row.get("op", "="), text, row.get("of", "event"))


def _step_fields(row: Json) -> StepFields:
    within = row.get("within") or {}
    return StepFields(
        events=_names(row["event"]),
        label=row.get("label") or "",
        conditions=tuple(_condition_fields(condition) for condition in row.get("where") or []),
        optional=bool(row.get("optional")),
        first_ever=bool(row.get("first_ever")),
        within=text_of(within.get("value")),
        within_unit=within.get("unit", "day"),
    )


def _exclusion_fields(row: Json, steps: int) -> ExclusionFields:
    return ExclusionFields(
        events=_names(row["event"]),
        conditions=tuple(_condition_fields(condition) for condition in row.get("where") or []),
        start=text_of(row.get("from", 1)),
        end=text_of(row.get("to")),
        effect=row.get("effect", "drop"),
    )


def _breakdown_fields(row: Json) -> BreakdownFields:
    start = BreakdownFields()
    return BreakdownFields(
        property=row.get("property", ""),
        of=row.get("of", start.of),
        attribution=row.get("attribution", start.attribution),
        step=text_of(row.get("step", start.step)),
        limit=text_of(row.get("limit", start.limit)),
    )


def _period_fields(period: Json, preset: str, workspace_zone: str) -> PeriodFields:
    zone = period.get("timezone", "")
    zone = "" if zone == workspace_zone else zone
    if preset:
        return PeriodFields(preset=preset, zone=zone)
    if not period.get("from") and not period.get("to"):
        return PeriodFields(preset="all", zone=zone)
    return PeriodFields("custom", period.get("from", ""), period.get("to", ""), zone)


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
