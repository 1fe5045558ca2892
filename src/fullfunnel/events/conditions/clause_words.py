"""Write a clause in English, and as the JSON it came from."""

from typing import Any

from fullfunnel.events.conditions.clause import DAY, DAYS, SESSIONS, TIMES, WEEKS, Clause, Dated, DaysAgo, Group, Has
from fullfunnel.events.conditions.clause_parse import UNITS
from fullfunnel.events.conditions.condition import BARE, LISTED, Condition
from fullfunnel.events.conditions.text import text_of
from fullfunnel.events.conditions.words import condition_words

JOINED = {"all": " and ", "any": " or ", "none": " or "}


def clause_words(clause: Clause, *, inside: bool = False) -> str:
    """Return a clause as words: "page_viewed where path is /pricing, in 2 sessions within 14 days"."""
    if isinstance(clause, Condition):
        return condition_words(condition_json(clause) | {"of": "event"})
    if isinstance(clause, Dated):
        return f"{clause.property} is {clause.op} {_day_words(clause.day)}"
    if isinstance(clause, Has):
        return _has_words(clause)
    said = JOINED[clause.op].join(clause_words(one, inside=True) for one in clause.of)
    if clause.op == "none":
        return f"not ({said})"
    return f"({said})" if inside and len(clause.of) > 1 else said


def _has_words(has: Has) -> str:
    said = " or ".join(has.events)
    if has.where:
        said += " where " + " and ".join(condition_words(condition_json(one)) for one in has.where)
    if has.least > 1 or has.count != TIMES:
        of = {TIMES: "at least {} times", SESSIONS: "in {} sessions", DAYS: "on {} days", WEEKS: "in {} weeks"}
        said += ", " + of.get(has.count, "with {} values of " + has.value).format(has.least)
    if has.each:
        said += f" with the same {has.each}"
    if has.within is not None:
        said += f" within {_span_words(has.within)}"
    return said if has.since is None else f"{said}, since {_day_words(has.since)}"


def _day_words(day: str | DaysAgo) -> str:
    if isinstance(day, str):
        return day
    return {0: "today", 1: "yesterday"}.get(day.days, f"{day.days} days ago")


def _span_words(span: int) -> str:
    name, size = _unit_of(span)
    return f"{span // size} {name}{'' if span == size else 's'}"


def _unit_of(span: int) -> tuple[str, int]:
    units = [(name, size) for name, size in UNITS.items() if span % size == 0 and size <= DAY]
    return max(units, key=lambda unit: unit[1], default=("minute", UNITS["minute"]))


def clause_json(clause: Clause) -> dict[str, Any]:
    """Return the JSON that parse_clause reads as this clause."""
    if isinstance(clause, Condition):
        return condition_json(clause)
    if isinstance(clause, Dated):
        return {"property": clause.property, "op": clause.op, "value": _day_json(clause.day)}
    if isinstance(clause, Group):
        return {clause.op: [clause_json(one) for one in clause.of]}
    said: dict[str, Any] = {"event": list(clause.events), "at_least": clause.least, "count": clause.count}
    said |= {name: text for name, text in (("value", clause.value), ("each", clause.each)) if text}
    if clause.where:
        said["where"] = [condition_json(one) for one in clause.where]
    if clause.within is not None:
        unit, size = _unit_of(clause.within)
        said["within"] = {"value": clause.within // size, "unit": unit}
    return {"has": said if clause.since is None else said | {"since": _day_json(clause.since)}}


def condition_json(condition: Condition) -> dict[str, Any]:
    """Return a condition as JSON; numbers as JSON writes them."""
    said: dict[str, Any] = {"property": condition.property, "op": condition.op}
    values = [int(v) if isinstance(v, float) and text_of(v).lstrip("-").isdigit() else v for v in condition.operands]
    if condition.op not in BARE:
        said["value"] = values if condition.op in (*LISTED, "between") else values[0]
    return said if condition.of == "event" else said | {"of": condition.of}


def _day_json(day: str | DaysAgo) -> str | dict[str, int]:
    return day if isinstance(day, str) else {"days_ago": day.days}
