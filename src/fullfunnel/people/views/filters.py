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
from fullfunnel.events.conditions import Clause, Group, QuestionError, clause_json, clause_words, parse_clause
from fullfunnel.events.event import PROMOTED
from fullfunnel.events.models import EventName, EventProperty
from fullfunnel.events.names import canonical
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import MemberRequest

MAX_TEXT, MAX_NAMES, MAX_WHERE = 20_000, 300, 3
COUNTS = {"times": "times", "sessions": "sessions", "days": "days", "weeks": "weeks"}
SPANS = {"day": "days", "hour": "hours", "week": "weeks"}
# Operators of a property of an event, in words.
OF_EVENTS = {
    "=": "is",
    "!=": "is not",
    "contains": "contains",
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
        return {"has": _has(query, event)}
    if not name:
        return None
    op, value = query.get("op", "="), query.get("value", "").strip()
    if op in ("since", "before"):
        return {"property": name, "op": op, "value": {"days_ago": whole_number(value, most=36_500)}}
    return {"property": name, "op": op} | ({} if op in BARE else {"value": value})


def _has(query: QueryDict, event: str) -> dict[str, Any]:
    """Return what the form says of an event: how often, its properties, within which span, since when."""
    count, days, span = query.get("count", "times"), query.get("days", "").strip(), query.get("within", "").strip()
    least = whole_number(query.get("least"), most=1_000)
    has: dict[str, Any] = {"event": event, "at_least": least, "count": count if count in COUNTS else "times"}
    names, ops, values = (query.getlist(name) for name in ("of", "of_op", "of_value"))
    where = [
        {"property": name.strip(), "op": op} | ({} if op in BARE else {"value": value.strip()})
        for name, op, value in zip(names, ops, values, strict=False)
        if name.strip()
    ]
    if where:
        has["where"] = where
    if span:
        unit = query.get("unit", "day")
        has["within"] = {"value": whole_number(span, most=36_500), "unit": unit if unit in SPANS else "day"}
    if days:
        has["since"] = {"days_ago": whole_number(days, most=36_500)}
    return has


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
    places: Sequence[int] = range(MAX_WHERE)


def bar_of(
    workspace: Workspace, filters: Filters, *, url: str, link: Callable[[str], str], kept: Mapping[str, str],
    about: str, fields: Sequence[str],
) -> Bar:  # fmt: skip
    """Return the bar. link: the query string of the list with other clauses; kept: what else its address says."""
    seen = EventName.objects.filter(workspace=workspace).order_by("-last_seen_at").values_list("name", flat=True)
    properties = EventProperty.objects.filter(workspace=workspace).order_by("name").values_list("name", flat=True)
    return Bar(
        url=url,
        wrong=filters.wrong,
        chips=[(words, link(text)) for words, text in filters.chips],
        hidden=[(name, value) for name, value in {**kept, "where": filters.text()}.items() if value],
        about=about,
        fields=fields,
        event_names=list(seen[:MAX_NAMES]),
        property_names=list(dict.fromkeys([*PROMOTED, *properties.distinct()[:MAX_NAMES]])),
    )


def people_meant(request: MemberRequest, filters: Filters) -> list[int] | None:
    """Return the ids of the people of whom all clauses are true; None where there are none."""
    if not filters.clauses:
        return None
    who = resolve_name(settings.PEOPLE_WHO)
    found: list[int] = who(request.workspace, Group("all", filters.clauses), me=request.user.email)
    return found
