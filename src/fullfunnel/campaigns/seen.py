"""What the stream has seen that the room has no row for, and what was spent by week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from fullfunnel.campaigns.models import Campaign
from fullfunnel.campaigns.spending import load_spending
from fullfunnel.capture.models import load_rules
from fullfunnel.capture.own_channels.rules import names_of
from fullfunnel.workspaces.models import Workspace

WEEKS = 13
HEIGHT, STEP = 80.0, 50


def channels_seen(workspace: Workspace) -> list[str]:
    """Return the channels that the workspace's own rules name, and those of its campaigns."""
    _, rules = load_rules(workspace.pk)
    used = Campaign.objects.filter(workspace=workspace).values_list("channel", flat=True).distinct()
    return list(dict.fromkeys([*names_of(rules), *used]))


def tags_without_campaign(workspace: Workspace, answer: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return the values of utm_campaign that visits brought and no campaign has, with how many came by them first."""
    keys = set(Campaign.objects.filter(workspace=workspace).values_list("public_id", flat=True))
    found = [(row["value"], row["people"]) for row in answer["rows"] if row["value"] and row["value"] not in keys]
    return [one for one in found if one[1]][:20]


@dataclass(frozen=True)
class Week:
    """A bar: its left end and its height, in units of the drawing."""

    monday: date
    spend: Decimal
    x: int
    height: float

    @property
    def y(self) -> float:
        return round(92 - self.height, 1)


def weeks_of(workspace: Workspace) -> list[Week]:
    """Return what was spent in each of the last weeks, heights in px; [] where nothing was."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    sums = {monday - timedelta(weeks=at): Decimal(0) for at in range(WEEKS - 1, -1, -1)}
    spending = load_spending(workspace)
    for one in (*spending.spent, *spending.unmatched):
        week = one.day - timedelta(days=one.day.weekday())
        if week in sums:
            sums[week] += one.amount
    most = max(sums.values(), default=Decimal(0))
    if not most:
        return []
    return [
        Week(week, spend, at * STEP, round(float(spend / most) * HEIGHT, 1))
        for at, (week, spend) in enumerate(sums.items())
    ]
