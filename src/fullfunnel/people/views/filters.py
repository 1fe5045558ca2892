"""The conditions that a list of people is filtered by: read of the address, said in words, added and taken away."""

import json
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any

from django.conf import settings
from django.http import QueryDict

from fullfunnel.core.pages import whole_number
from fullfunnel.events.conditions import Clause, Group, QuestionError, clause_json, clause_words, parse_clause
from fullfunnel.events.names import canonical
from fullfunnel.workspaces.scope import MemberRequest

MAX_TEXT = 20_000
COUNTS = {"times": "times", "sessions": "sessions", "days": "days"}
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
        given = json.loads(text) if text and len(text) <= MAX_TEXT else []
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
        days = query.get("days", "").strip()
        least = whole_number(query.get("least"), most=1_000)
        count = query.get("count", "times")
        has: dict[str, Any] = {"event": event, "at_least": least, "count": count if count in COUNTS else "times"}
        return {"has": has | ({"since": {"days_ago": whole_number(days, most=36_500)}} if days else {})}
    if not name:
        return None
    op, value = query.get("op", "="), query.get("value", "").strip()
    if op in ("since", "before"):
        return {"property": name, "op": op, "value": {"days_ago": whole_number(value, most=36_500)}}
    return {"property": name, "op": op} | ({} if op in ("is_set", "is_not_set") else {"value": value})


def people_meant(request: MemberRequest, filters: Filters) -> list[int] | None:
    """Return the ids of the people of whom all clauses are true; None where there are none."""
    if not filters.clauses:
        return None
    who = resolve_name(settings.PEOPLE_WHO)
    found: list[int] = who(request.workspace, Group("all", filters.clauses), me=request.user.email)
    return found
