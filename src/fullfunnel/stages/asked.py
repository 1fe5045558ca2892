"""What the address of the page asks for: a period, filters, a split; and the questions that this makes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from fullfunnel.core import clock
from fullfunnel.journeys.questions.periods import DEFAULT, PRESETS, days_of, previous_days, zone_of
from fullfunnel.workspaces.models import Workspace

Json = dict[str, Any]
PERIODS = PRESETS
BY = {"channel": "Channel", "campaign": "Campaign", "device": "Device", "country": "Country", "seller": "Seller"}
PLURALS = {name: f"{words.lower()}s" for name, words in BY.items()} | {"country": "countries"}
VIEWS = {"people": "People", "money": "Money", "time": "Time"}
# How the address says "those without one".
WITHOUT = "-"
MAX_TEXT = 200
CUSTOM = "custom"


@dataclass(frozen=True)
class Shown:
    """What is shown. channel to seller: "" any; `by`: what the table below is split by; view: of VIEWS.

    start, end: ISO dates of a custom period.
    """

    period: str = DEFAULT
    start: str = ""
    end: str = ""
    channel: str = ""
    campaign: str = ""
    device: str = ""
    country: str = ""
    seller: str = ""
    by: str = "channel"
    view: str = "people"

    def link(self, **changed: str) -> str:
        """Return the query string, with something changed; defaults are left out."""
        shown = replace(self, **changed) if changed else self
        start = vars(Shown())
        return urlencode({key: value for key, value in vars(shown).items() if value != start[key]})

    @property
    def filters(self) -> dict[str, str]:
        """Return what is chosen, by what."""
        return {name: value for name in BY if (value := getattr(self, name))}


def read_shown(query: QueryDict) -> Shown:
    """Return what an address asks for; strange values fall back to the defaults."""
    said = {name: query.get(name, "")[:MAX_TEXT] for name in BY}
    period = query.get("period", DEFAULT)
    start, end = (_day(query.get(name, "")) for name in ("start", "end"))
    if period not in PERIODS or (start and end and start > end):
        period = DEFAULT
    if period != CUSTOM:
        start = end = ""
    by, view = query.get("by", "channel"), query.get("view", "people")
    return Shown(period, start, end, **said, by=by if by in BY else "channel", view=view if view in VIEWS else "people")


def _day(text: str) -> str:
    """Return a date as it is written; "" for what is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def days_shown(shown: Shown, workspace: Workspace) -> tuple[date, date] | None:
    """Return the first and the last day; None: all time. The last 90 days are 90 whole days and today, as far as it is."""
    today = clock.now().astimezone(zone_of(workspace.timezone)).date()
    if shown.period == CUSTOM:
        start, end = _begin(shown, today), date.fromisoformat(shown.end) if shown.end else today
        return min(start, end), end
    days = days_of(shown.period, today)
    return (days[0] - timedelta(days=1), days[1]) if days and shown.period.endswith("d") else days


def _begin(shown: Shown, today: date) -> date:
    return date.fromisoformat(shown.start) if shown.start else today - timedelta(days=90)


def days_before(shown: Shown, days: tuple[date, date]) -> tuple[date, date]:
    """Return the days to compare with: as many whole ones just before."""
    first, last = days
    return previous_days(first, last - timedelta(days=1)) if shown.period.endswith("d") else previous_days(first, last)


def question_of(shown: Shown, workspace: Workspace) -> Json:
    """Return the contract's question, without what it is split by and compared with."""
    question: Json = {"kind": "stages", "period": {"timezone": workspace.timezone}}
    if days := days_shown(shown, workspace):
        question["period"] |= {"from": days[0].isoformat(), "to": days[1].isoformat()}
    for name, value in shown.filters.items():
        question[name] = [None if value == WITHOUT else value]
    return question


def page_question(shown: Shown, workspace: Workspace) -> Json:
    """Return the question of the page: with the period before, and split for the table."""
    question = question_of(shown, workspace) | {"breakdown": {"property": shown.by, "limit": 12}}
    if days := days_shown(shown, workspace):
        first, last = days_before(shown, days)
        before = {"from": first.isoformat(), "to": last.isoformat(), "timezone": workspace.timezone}
        question["compare"] = before
    return question
