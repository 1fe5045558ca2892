"""The conditions that a list of people or of deals is filtered by: read of the address, said in words, added and taken away."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import Any

import msgspec
from django.conf import settings
from django.http import QueryDict

from fullfunnel.core.pages import whole_number
from fullfunnel.events.conditions import (
    Clause,
    Group,
    Has,
    QuestionError,
    clause_json,
    clause_words,
    parse_clause,
    text_of,
)
from fullfunnel.events.event import PROMOTED
from fullfunnel.events.models import EventName, EventProperty
from fullfunnel.events.names import canonical
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import MemberRequest

MAX_TEXT, MAX_NAMES, MAX_WHERE = 20_000, 300, 3
COUNTS = {"times": "times", "sessions": "sessions", "days": "days", "weeks": "weeks", "values": "different values"}
SPANS = {"day": "days", "hour": "hours", "week": "weeks"}
# Operators of a property of an event, in words.
OF_EVENTS = {
    "=": "is",
    "!=": "is not",
    "in": "is one of (a, b)",
    "contains": "contains",
    "not_contains": "does not contain",
    "starts_with": "starts with",
    "is_set": "has any value",
    "is_not_set": "has no value",
    ">=": "is at least",
    "<=": "is at most",
}
BARE = ("is_set", "is_not_set")
# What is known of a person beside traits.
OF_PEOPLE = ("email", "name", "company", "identified", "first_seen", "last_seen")
# Operators offered for a trait or a field, in words; the last two compare days.
OPERATORS = {
    "=": "is",
    "!=": "is not",
    "contains": "contains",
    "is_set": "has any value",
    "is_not_set": "has no value",
    ">=": "is at least",
    "<=": "is at most",
    "since": "is in the last … days",
    "before": "is more than … days ago",
}


@dataclass(frozen=True)
class Filters:
    """The clauses of an address: all hold. wrong: why they cannot be read, or what was added cannot; "" where they can."""

    clauses: tuple[Clause, ...] = ()
    wrong: str = ""

    def text(self, without: int = -1) -> str:
        """Return them as the address says them, but for one."""
        kept = [clause_json(one) for at, one in enumerate(self.clauses) if at != without]
        return json.dumps(kept, separators=(",", ":"), ensure_ascii=False) if kept else ""

    @property
    def chips(self) -> list[tuple[str, str]]:
        """Return each clause in words, and the address's text without it."""
        return [(clause_words(one), self.text(without=at)) for at, one in enumerate(self.clauses)]


def read_filters(query: QueryDict) -> Filters:
    """Return what `where` says, a list of clauses, and what the form adds to it."""
    text = query.get("where", "")
    try:
        # Strict, unlike Python's own reader: half a character and NaN are in no index.
        given = msgspec.json.decode(text) if text and len(text) <= MAX_TEXT else []
        group = parse_clause({"all": given}, canonical=canonical) if given else Group("all", ())
    except (ValueError, RecursionError) as error:
        return Filters(wrong=_sentence(error))
    clauses = group.of if isinstance(group, Group) else (group,)
    try:
        added = _added(query)
        new = (parse_clause(added, canonical=canonical),) if added else ()
    except QuestionError as error:
        return Filters(clauses, _sentence(error))
    return Filters(tuple(dict.fromkeys((*clauses, *new))))


def _sentence(error: Exception) -> str:
    if isinstance(error, QuestionError):
        return f"The filter was not read: {error.field} {error.message}."
    return "The filter was not read: it is no list of conditions in JSON."


def _added(query: QueryDict) -> dict[str, Any] | None:
    """Return the clause that the form says: of an event, or of a property; None where it says nothing."""
    event, name = query.get("event", "").strip(), query.get("property", "").strip()
    if event:
        return {"has": read_has(query, event)}
    if not name:
        return None
    op, value = query.get("op", "="), query.get("value", "").strip()
    if op in ("since", "before"):
        return {"property": name, "op": op, "value": {"days_ago": whole_number(value, most=36_500)}}
    return {"property": name, "op": op} | ({} if op in BARE else {"value": value})


def read_has(query: QueryDict, event: str) -> dict[str, Any]:
    """Return what the form says of an event, or of several names with commas: how often, its properties, within which span, since when."""
    count, days, span = query.get("count", "times"), query.get("days", "").strip(), query.get("within", "").strip()
    least = whole_number(query.get("least"), most=1_000)
    events = [name.strip() for name in event.split(",") if name.strip()]
    has: dict[str, Any] = {"event": events, "at_least": least, "count": count if count in COUNTS else "times"}
    names, ops, values = (query.getlist(name) for name in ("of", "of_op", "of_value"))
    where: list[dict[str, Any]] = [
        {"property": name.strip(), "op": op} | ({} if op in BARE else {"value": _value(op, value)})
        for name, op, value in zip(names, ops, values, strict=False)
        if name.strip()
    ]
    if where:
        has["where"] = where
    for name, key in (("value", "value_of"), ("each", "each")):
        if (said := query.get(key, "").strip()) and (name == "each" or count == "values"):
            has[name] = said
    if span:
        unit = query.get("unit", "day")
        has["within"] = {"value": whole_number(span, most=36_500), "unit": unit if unit in SPANS else "day"}
    if days:
        has["since"] = {"days_ago": whole_number(days, most=36_500)}
    return has


def _value(op: str, text: str) -> str | list[str]:
    return [part.strip() for part in text.split(",") if part.strip()] if op == "in" else text.strip()


@dataclass(frozen=True)
class EventShown:
    """What people/_event_fields.html shows first. events: names with commas; where: (property, operator, value); within: "" any time."""

    events: str = ""
    where: tuple[tuple[str, str, str], ...] = (("", "=", ""),) * MAX_WHERE
    least: int = 1
    count: str = "times"
    value: str = ""
    each: str = ""
    within: str = ""
    unit: str = "day"


def shown_of(has: Has) -> EventShown | None:
    """Return what the form shows of an event; None where it cannot say all of it."""
    if any(one.op not in OF_EVENTS or one.of != "event" for one in has.where):
        return None
    where = [
        (one.property, one.op, ", ".join(each if isinstance(each, str) else text_of(each) for each in one.operands))
        for one in has.where
    ]
    said = clause_json(has)["has"]
    within = said.get("within", {"value": "", "unit": "day"})
    if within["unit"] not in SPANS:
        return None
    rows = (*where, *[("", "=", "")] * max(1, MAX_WHERE - len(where)))
    return EventShown(
        ", ".join(has.events), rows, has.least, has.count, has.value, has.each, str(within["value"]), within["unit"]
    )


@dataclass(frozen=True)
class Bar:
    """What people/_conditions.html shows. url: the list's; chips: a clause's words, and the query string without it.

    hidden: what else the address says; fields: names that the first form offers, about what `about` says.
    """

    url: str
    wrong: str
    chips: Sequence[tuple[str, str]]
    hidden: Sequence[tuple[str, str]]
    about: str
    fields: Sequence[str]
    event_names: Sequence[str]
    property_names: Sequence[str]
    operators: Mapping[str, str] = field(default_factory=lambda: OPERATORS)
    of_events: Mapping[str, str] = field(default_factory=lambda: OF_EVENTS)
    counts: Mapping[str, str] = field(default_factory=lambda: COUNTS)
    spans: Mapping[str, str] = field(default_factory=lambda: SPANS)
    shown: EventShown = field(default_factory=EventShown)


def bar_of(
    workspace: Workspace, filters: Filters, *, url: str, link: Callable[[str], str], kept: Mapping[str, str],
    about: str, fields: Sequence[str],
) -> Bar:  # fmt: skip
    """Return the bar. link: the query string of the list with other clauses; kept: what else its address says."""
    event_names, property_names = names_offered(workspace)
    return Bar(
        url=url,
        wrong=filters.wrong,
        chips=[(words, link(text)) for words, text in filters.chips],
        hidden=[(name, value) for name, value in {**kept, "where": filters.text()}.items() if value],
        about=about,
        fields=fields,
        event_names=event_names,
        property_names=property_names,
    )


def names_offered(workspace: Workspace) -> tuple[list[str], list[str]]:
    """Return the names of events that the form offers, the latest seen first, and of their properties."""
    seen = EventName.objects.filter(workspace=workspace).order_by("-last_seen_at").values_list("name", flat=True)
    properties = EventProperty.objects.filter(workspace=workspace).order_by("name").values_list("name", flat=True)
    return list(seen[:MAX_NAMES]), list(dict.fromkeys([*PROMOTED, *properties.distinct()[:MAX_NAMES]]))


def people_meant(request: MemberRequest, filters: Filters) -> list[int] | None:
    """Return the ids of the people of whom all clauses are true; None where there are none."""
    if not filters.clauses:
        return None
    who = resolve_name(settings.PEOPLE_WHO)
    found: list[int] = who(request.workspace, Group("all", filters.clauses), me=request.user.email)
    return found
