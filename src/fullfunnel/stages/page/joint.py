"""The joint for both teams: quality of leads by source as sales sees it, rejections by reason, and what leads in sales read."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from fullfunnel.core.numbers import number
from fullfunnel.core.texts.dates import day
from fullfunnel.crm.models import HandOver, Outcome
from fullfunnel.stages.words import rate
from fullfunnel.workspaces.models import Workspace

Json = dict[str, Any]
Days = tuple[date, date]
# As many reasons have a line of their own.
MOST_LINES = 5
UNSAID = "no reason said"


@dataclass(frozen=True)
class Source:
    """Leads of a channel as sales sees them. good: accepted of those that are decided."""

    value: str | None
    counts: dict[str, int]
    good: str
    won: int


def sources_of(answer: Json) -> list[Source]:
    """Return the groups of an answer that handed anything over, the most first."""
    found = []
    for group in answer.get("groups", []):
        joint = group["hand_overs"]
        counts = {name: joint[name] for name in ("handed_over", *Outcome.values)}
        decided = joint["handed_over"] - joint["waiting"]
        if joint["handed_over"]:
            found.append(Source(group["value"], counts, rate(joint["accepted"], decided), group["deals"]["won"]))
    return sorted(found, key=lambda one: -one.counts["handed_over"])


def rejected_of(workspace: Workspace, days: Days | None) -> QuerySet[HandOver]:
    """Return the hand-overs made in these days that were rejected, the newest first."""
    rows = HandOver.objects.filter(workspace=workspace, outcome=Outcome.REJECTED)
    if days:
        zone = ZoneInfo(workspace.timezone)
        first, end = (datetime.combine(one, time.min, zone) for one in (days[0], days[1] + timedelta(days=1)))
        rows = rows.filter(handed_over_at__gte=first, handed_over_at__lt=end)
    return rows.select_related("person", "company", "owner").order_by("-handed_over_at", "-pk")


def reasons_of(rows: Sequence[HandOver]) -> list[tuple[str, int]]:
    """Return the reasons, the most frequent first."""
    return Counter(row.reason or UNSAID for row in rows).most_common()


def reasons_chart(rows: Sequence[HandOver], zone: str) -> str:
    """Return the picture of rejections by reason and week of the hand-over; "" where there are none."""
    if not rows:
        return ""
    weeks = [_monday(row, zone) for row in rows]
    shown = [min(weeks) + timedelta(weeks=at) for at in range((max(weeks) - min(weeks)).days // 7 + 1)]
    named = [reason for reason, _ in reasons_of(rows)[:MOST_LINES]]
    counts = Counter(zip((row.reason or UNSAID for row in rows), weeks, strict=True))
    series = [
        {"name": reason, "values": [counts[reason, week] for week in shown], "hue": hue}
        for hue, reason in enumerate(named, 1)
    ]
    data = {"kind": "line", "unit": "rejected", "x": [f"week of {day(week)}" for week in shown], "series": series}
    return json.dumps(data | {"has_legend": True})


def _monday(row: HandOver, zone: str) -> date:
    made = row.handed_over_at.astimezone(ZoneInfo(zone)).date()
    return made - timedelta(days=made.weekday())


def sentence_of(answer: Json, reasons: Sequence[tuple[str, int]]) -> str:
    """Return what the page says first."""
    joint = answer["hand_overs"]
    decided = joint["handed_over"] - joint["waiting"]
    said = f"Sales accepted {number(joint['accepted'])} of {number(decided)} leads that are decided"
    if reasons:
        said += f"; rejected most often: {reasons[0][0]} ({number(reasons[0][1])})"
    return f"{said}. {number(joint['waiting'])} wait."
