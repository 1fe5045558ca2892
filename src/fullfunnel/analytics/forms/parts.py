"""What questions of every kind share with their forms: conditions, names, spans, breakdown and period, both ways. Pure."""

import csv
import re
from typing import Any

from fullfunnel.analytics.forms.state import BreakdownFields, ConditionFields
from fullfunnel.journeys.questions.periods import PeriodFields

Json = dict[str, Any]
LISTS, NUMBERS, BARE = {"in", "not_in"}, {">", ">=", "<", "<=", "between"}, {"is_set", "is_not_set"}


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


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def span(value: str, unit: str) -> Json:
    return {"value": number(value) if value else None, "unit": unit}


def events_of(events: tuple[str, ...]) -> str | list[str]:
    named = [event for event in events if event]
    return named[0] if len(named) == 1 else named


def condition_of(condition: ConditionFields) -> Json:
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


def where_of(conditions: tuple[ConditionFields, ...]) -> Json:
    asked = [condition_of(condition) for condition in conditions if condition]
    return {"where": asked} if asked else {}


def breakdown_of(fields: BreakdownFields) -> Json:
    row: Json = {"property": fields.property, "of": fields.of, "limit": number(fields.limit or "25")}
    if fields.of == "event":
        row["attribution"] = fields.attribution
        if fields.attribution == "step":
            row["step"] = number(fields.step)
    return row


def names_of(event: Any) -> tuple[str, ...]:
    return (event,) if isinstance(event, str) else tuple(event)


def condition_fields(row: Json) -> ConditionFields:
    value = row.get("value")
    text = join_list([text_of(item) for item in value]) if isinstance(value, list) else text_of(value)
    return ConditionFields(row["property"], row.get("op", "="), text, row.get("of", "event"))


def breakdown_fields(row: Json) -> BreakdownFields:
    start = BreakdownFields()
    return BreakdownFields(
        property=row.get("property", ""),
        of=row.get("of", start.of),
        attribution=row.get("attribution", start.attribution),
        step=text_of(row.get("step", start.step)),
        limit=text_of(row.get("limit", start.limit)),
    )


def period_fields(period: Json, preset: str, workspace_zone: str) -> PeriodFields:
    zone = period.get("timezone", "")
    zone = "" if zone == workspace_zone else zone
    if preset and preset != "custom":
        return PeriodFields(preset=preset, zone=zone)
    if not period.get("from") and not period.get("to"):
        return PeriodFields(preset="all", zone=zone)
    return PeriodFields("custom", period.get("from", ""), period.get("to", ""), zone)
