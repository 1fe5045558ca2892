"""Steps and values of a declared kind as JSON of the contract, and back; and which control a refusal speaks of. Pure."""

import re
from typing import Any

from fullfunnel.analytics.forms.form import Control, EventFields, Part, QuestionFields
from fullfunnel.analytics.forms.parts import (
    Json,
    condition_fields,
    events_of,
    names_of,
    number,
    span,
    text_of,
    where_of,
)

SHARED = {
    "period": "from",
    "period.from": "from",
    "period.to": "to",
    "period.timezone": "tz",
    "breakdown": "by",
    "breakdown.property": "by",
    "breakdown.of": "by-of",
    "breakdown.limit": "by",
}
CONDITION_PARTS = {"property": "p", "op": "op", "value": "v", "of": "of"}


def found(row: Json, path: str) -> Any:
    """What stands at a dotted path; None where there is nothing."""
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None  # type: ignore[assignment]
    return row


def put(row: Json, path: str, value: Any) -> None:
    """Writes a value at a dotted path."""
    *outer, last = path.split(".")
    for name in outer:
        row = row.setdefault(name, {})
    row[last] = value


def step_of(step: EventFields, part: Part) -> Json:
    row: Json = {"event": events_of(step.events)} | where_of(step.conditions)
    put_values(row, part.controls, step.own)
    return row


def step_fields(row: Any, part: Part) -> EventFields:
    row = {"event": row} if isinstance(row, str) else row
    conditions = tuple(condition_fields(condition) for condition in row.get("where") or [])
    return EventFields(names_of(row["event"]), conditions, values_of(row, part.controls))


def put_values(row: Json, controls: tuple[Control, ...], values: dict[str, str]) -> None:
    """Writes what stands in the controls. Careful: a limit that was taken off ("none") is null, and not left out."""
    for control in controls:
        value = values[control.key]
        if not control.field or not (value or control.form == "span"):
            continue
        if control.form == "span":
            unit = values[f"{control.key}.unit"]
            if value or unit == "none":
                put(row, control.field, None if unit == "none" else span(value, unit))
        elif control.form == "flag":
            put(row, control.field, value == "1")
        elif control.form == "number":
            put(row, control.field, number(value))
        else:
            put(row, control.field, value.split(",") if control.form == "many" else value)


def values_of(row: Json, controls: tuple[Control, ...]) -> dict[str, str]:
    """What the controls show for this JSON; defaults where it says nothing."""
    values = {}
    for control in controls:
        value = found(row, control.field) if control.field else None
        if control.form == "span":
            said = value if isinstance(value, dict) else {}
            values[control.key] = text_of(said.get("value", control.default))
            is_off = value is None and control.field in row
            values[f"{control.key}.unit"] = "none" if is_off else said.get("unit", control.unit)
        elif value is None:
            values[control.key] = control.default
        elif control.form == "flag":
            values[control.key] = "1" if value else "0"
        else:
            values[control.key] = ",".join(value) if isinstance(value, list) else text_of(value)
    return values


def control_of(field: str, parts: tuple[Part, ...], controls: tuple[Control, ...], fields: QuestionFields) -> str:
    """ "series[1].where[0].op" -> "e2-0-op"; "periods" -> "periods"; "" when no control is meant."""
    for part in parts:
        inner = re.match(rf"{re.escape(part.field)}(?:\[(\d+)\])?(?:\.(.*))?$", field)
        if inner:
            return _control_in(part, fields.parts[part.letter], int(inner[1] or 0), inner[2] or "")
    for control in controls:
        if control.field and (field == control.field or field.startswith((f"{control.field}.", f"{control.field}["))):
            return control.key
    outer = (control.key for control in controls if control.field.startswith(f"{field}."))
    return SHARED.get(field) or next(outer, "")


def _control_in(part: Part, steps: tuple[EventFields, ...], place: int, rest: str) -> str:
    asked = [at for at, step in enumerate(steps) if step]
    at = asked[place] if place < len(asked) else 0
    name = f"{part.letter}{at + 1}"
    if where := re.match(r"where\[(\d+)\]\.?(\w*)", rest):
        places = [spot for spot, condition in enumerate(steps[at].conditions) if condition]
        spot = places[min(int(where[1]), len(places) - 1)] if places else 0
        return f"{name}-{spot}-{CONDITION_PARTS.get(where[2], 'v')}"
    for control in part.controls:
        if control.field == rest.split(".")[0]:
            return f"{name}-{control.key}"
    return f"{name}-e0"
