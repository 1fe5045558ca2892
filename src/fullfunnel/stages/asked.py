"""What the address of the page asks for: a period, channels, devices; and the questions that this makes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from fullfunnel.core import clock
from fullfunnel.journeys.questions.periods import DEFAULT, PRESETS, days_of, previous_days, zone_of
from fullfunnel.workspaces.models import Workspace

Json = dict[str, Any]
PERIODS = {key: words for key, words in PRESETS.items() if key != "custom"}
BY = {"channel": "By channel", "device": "By device"}
# How the address says "those without one".
WITHOUT = "-"
MAX_TEXT = 200


@dataclass(frozen=True)
class Shown:
    """What is shown. channel, device: "" any; `by`: what the table below is split by."""

    period: str = DEFAULT
    channel: str = ""
    device: str = ""
    by: str = "channel"

    def link(self, **changed: str) -> str:
        """Return the query string, with something changed; defaults are left out."""
        shown = replace(self, **changed) if changed else self
        start = vars(Shown())
        return urlencode({key: value for key, value in vars(shown).items() if value != start[key]})


def read_shown(query: QueryDict) -> Shown:
    """Return what an address asks for; strange values fall back to the defaults."""
    period, by = query.get("period", DEFAULT), query.get("by", "channel")
    channel, device = (query.get(name, "")[:MAX_TEXT] for name in ("channel", "device"))
    return Shown(period if period in PERIODS else DEFAULT, channel, device, by if by in BY else "channel")


def days_shown(shown: Shown, workspace: Workspace) -> tuple[date, date] | None:
    """Return the first and the last day; None: all time. The last 90 days are 90 whole days and today, as far as it is."""
    today = clock.now().astimezone(zone_of(workspace.timezone)).date()
    days = days_of(shown.period, today)
    return (days[0] - timedelta(days=1), days[1]) if days and shown.period.endswith("d") else days


def days_before(shown: Shown, days: tuple[date, date]) -> tuple[date, date]:
    """Return the days to compare with: as many whole ones just before."""
    first, last = days
    return previous_days(first, last - timedelta(days=1)) if shown.period.endswith("d") else previous_days(first, last)


def question_of(shown: Shown, workspace: Workspace) -> Json:
    """Return the contract's question, without what it is split by and compared with."""
    question: Json = {"kind": "stages", "period": {"timezone": workspace.timezone}}
    if days := days_shown(shown, workspace):
        question["period"] |= {"from": days[0].isoformat(), "to": days[1].isoformat()}
    for name in ("channel", "device"):
        if value := getattr(shown, name):
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
