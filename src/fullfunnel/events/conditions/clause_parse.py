"""Parse a clause from JSON, or say what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from fullfunnel.core.suggest import did_you_mean, quoted
from fullfunnel.events.conditions.clause import (
    COUNTS,
    DATED,
    DAY,
    GROUPS,
    MAX_NESTING,
    TIMES,
    VALUES,
    Clause,
    Dated,
    DaysAgo,
    Group,
    Has,
)
from fullfunnel.events.conditions.condition import QuestionError
from fullfunnel.events.conditions.parse import parse_condition

MAX_CLAUSES, MAX_LEAST, MAX_DAYS = 50, 1_000, 36_500
HAS = ("event", "where", "at_least", "count", "value", "each", "within", "since")
UNITS = {"minute": DAY // 1_440, "hour": DAY // 24, "day": DAY, "week": 7 * DAY}
Canonical = Callable[[str], str]


def parse_clause(given: Any, field: str = "where", *, canonical: Canonical = str, depth: int = 1) -> Clause:
    """Return the clause of docs/spec/questions.md, "Conditions over people"; QuestionError when it is none."""
    if not isinstance(given, Mapping):
        raise QuestionError(field, 'must be an object such as {"all": […]} or {"property": "plan", "value": "pro"}')
    if "has" in given:
        _only(given, ("has",), field)
        return _has(given["has"], f"{field}.has", canonical)
    if group := next((op for op in GROUPS if op in given), None):
        _only(given, (group,), field)
        return Group(group, _clauses(given[group], f"{field}.{group}", canonical, depth))
    if given.get("op") in DATED:
        _only(given, ("property", "op", "value", "of"), field)
        name = given.get("property")
        if not isinstance(name, str) or not name:
            raise QuestionError(f"{field}.property", "must be the name of a moment, such as 'first_seen'")
        return Dated(name, str(given["op"]), _day(given.get("value"), f"{field}.value"))
    return parse_condition(given, field)


def _clauses(given: Any, field: str, canonical: Canonical, depth: int) -> tuple[Clause, ...]:
    if depth > MAX_NESTING:
        raise QuestionError(field, f"is nested too deep; groups may stand {MAX_NESTING} deep")
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_CLAUSES:
        raise QuestionError(field, f"must be a list of 1 to {MAX_CLAUSES} conditions")
    return tuple(
        parse_clause(one, f"{field}[{at}]", canonical=canonical, depth=depth + 1) for at, one in enumerate(given)
    )


def _has(given: Any, field: str, canonical: Canonical) -> Has:
    if not isinstance(given, Mapping):
        raise QuestionError(field, 'must be an object such as {"event": "page_viewed", "at_least": 2}')
    _only(given, HAS, field)
    count = given.get("count", TIMES)
    if count not in COUNTS:
        raise QuestionError(f"{field}.count", f"{quoted(count)} is not known; use one of: {', '.join(COUNTS)}")
    value, each = _name(given, "value", field), _name(given, "each", field)
    if (count == VALUES) != bool(value):
        raise QuestionError(f"{field}.value", "names the property whose values are counted, with count 'values' only")
    where = given.get("where", [])
    if not isinstance(where, list) or len(where) > MAX_CLAUSES:
        raise QuestionError(f"{field}.where", f"must be a list of at most {MAX_CLAUSES} conditions")
    return Has(
        events=_events(given.get("event"), f"{field}.event", canonical),
        where=tuple(parse_condition(one, f"{field}.where[{at}]") for at, one in enumerate(where)),
        least=_whole(given.get("at_least", 1), f"{field}.at_least", 1, MAX_LEAST),
        count=str(count),
        value=value,
        each=each,
        within=_span(given.get("within"), f"{field}.within"),
        since=_day(given["since"], f"{field}.since") if given.get("since") is not None else None,
    )


def _events(given: Any, field: str, canonical: Canonical) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not 1 <= len(names) <= MAX_CLAUSES:
        raise QuestionError(field, "must be the name of an event, or a list of names")
    if not all(isinstance(name, str) and name for name in names):
        raise QuestionError(field, "must be the name of an event, or a list of names")
    return tuple(dict.fromkeys(map(canonical, names)))


def _name(given: Mapping[str, Any], key: str, field: str) -> str:
    name = given.get(key, "")
    if not isinstance(name, str):
        raise QuestionError(f"{field}.{key}", "must be the name of a property")
    return name


def _whole(given: Any, field: str, low: int, high: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        raise QuestionError(field, f"must be a whole number from {low} to {high:,}")
    return given


def _span(given: Any, field: str) -> int | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise QuestionError(field, 'must be a span such as {"value": 14, "unit": "day"}')
    _only(given, ("value", "unit"), field)
    unit = given.get("unit", "day")
    if not isinstance(unit, str) or unit not in UNITS:
        raise QuestionError(f"{field}.unit", f"{quoted(unit)} is not known; use one of: {', '.join(UNITS)}")
    return _whole(given.get("value"), f"{field}.value", 1, MAX_DAYS) * UNITS[unit]


def _day(given: Any, field: str) -> str | DaysAgo:
    if isinstance(given, Mapping):
        _only(given, ("days_ago",), field)
        return DaysAgo(_whole(given.get("days_ago"), f"{field}.days_ago", 0, MAX_DAYS))
    try:
        day = date.fromisoformat(given)
    except (TypeError, ValueError):
        wanted = 'must be a date such as "2026-03-31", or {"days_ago": 30}'
        raise QuestionError(field, wanted) from None
    # The first and the last year begin or end outside the calendar in some zone.
    if not 1 < day.year < 9_999:
        raise QuestionError(field, "lies between the years 2 and 9998")
    return day.isoformat()


def _only(given: Mapping[str, Any], known: Sequence[str], field: str) -> None:
    for name in given:
        if name not in known:
            raise QuestionError(f"{field}.{name}", f"is not known here{did_you_mean(name, known)}")
