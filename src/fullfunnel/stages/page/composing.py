"""What the page of both funnels shows beside the picture: cards of its stages, times, the difference."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Min

from fullfunnel.core import clock
from fullfunnel.core.numbers import duration
from fullfunnel.crm.assigning.promises import rules_of
from fullfunnel.events.models import EventName
from fullfunnel.stages.asked import Shown, days_shown
from fullfunnel.stages.page.difference import Goals, joint_said, rows_of
from fullfunnel.stages.page.explained import Explained, explained
from fullfunnel.stages.page.rules_now import rules_now
from fullfunnel.stages.page.switch import Spend, timings
from fullfunnel.stages.page.views import query_of, stage_url, why_url
from fullfunnel.stages.picture import Picture, Track
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import MemberRequest

Json = dict[str, Any]
DAYS_A_MONTH = 30.4375


class Card(NamedTuple):
    """A stage on its track, in words, with the addresses of its page and of *why?*."""

    track: Track
    said: Explained
    page: str
    why: str


def cards_of(request: MemberRequest, shown: Shown, picture: Picture) -> list[Card]:
    rules = rules_now(request.workspace)
    return [
        Card(
            track,
            explained(track.key, request.workspace.sells, rules),
            stage_url(request, query_of(shown, track.key)),
            why_url(request, query_of(shown, track.key)),
        )
        for track in picture.tracks
    ]


def more_figures(request: MemberRequest, shown: Shown, answer: Json, spend: Spend) -> Json:
    """Return what stands below the picture: times where they are shown, and the difference where both funnels are."""
    context: Json = {"timings": timings(answer) if shown.view == "time" else None, "spend": spend}
    context["young"] = young_said(answer, first_day(request.workspace))
    if "deals" in answer:
        goals = _goals(request.workspace, days_shown(shown, request.workspace))
        context |= {"difference": rows_of(answer, goals, spend), "joint_said": joint_said(answer)}
    return context


def _goals(workspace: Workspace, days: tuple[date, date] | None) -> Goals:
    rules = rules_of(workspace)
    answer = f"{duration(rules.answer_minutes * 60)} of working time"
    if rules.hand_overs_a_month is None or days is None:
        return Goals(None, answer)
    months = ((days[1] - days[0]).days + 1) / DAYS_A_MONTH
    return Goals(round(rules.hand_overs_a_month * months), answer)


def first_day(workspace: Workspace) -> datetime | None:
    """Return when the workspace first heard of anything; None: never."""
    seen: datetime | None = EventName.objects.filter(workspace=workspace).aggregate(first=Min("first_seen_at"))["first"]
    return seen


def young_said(answer: Json, first: datetime | None) -> str:
    """Say that a workspace is younger than half of its deals take to be won; "" where it is not."""
    time = answer["deals"]["seconds_to_win"] if "deals" in answer else answer["marketing"][2]["seconds_to_next"]
    if first is None or time is None:
        return ""
    age = (clock.now() - first).total_seconds()
    if age >= time["median"]:
        return ""
    what = "a win" if "deals" in answer else "a purchase"
    return f"Data is {duration(age)} old and {what} takes {duration(time['median'])}: what is open says more than what is won."
