"""Spend, for programs: docs/spend.md."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from ninja import Router, Schema
from pydantic import Field

from fullfunnel.campaigns import actions
from fullfunnel.campaigns.models import SpendReport
from fullfunnel.campaigns.spend.reading import PLACES, Line
from fullfunnel.core.refused import Refused
from fullfunnel.core.rest import Body, Problem
from fullfunnel.workspaces.rest import operation
from fullfunnel.workspaces.scope import KeyRequest

router = Router(tags=["Spend"])
SCOPE = "spend"
MOST_LINES = 10_000
Text = Annotated[str, Field(max_length=300)]


class SpendLine(Body):
    """What was spent on a day; a campaign by its name, its id on the platform, or both."""

    day: date
    amount: Annotated[Decimal, Field(ge=0, lt=10**12, max_digits=16, decimal_places=4)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    campaign: Text = ""
    campaign_id: Annotated[str, Field(max_length=200)] = ""
    ad_group: Text = ""
    ad: Text = ""
    impressions: Annotated[int, Field(ge=0, le=10**15)] = 0
    clicks: Annotated[int, Field(ge=0, le=10**15)] = 0


class NewSpend(Body):
    """Lines of one platform. What is known of their days and campaigns is replaced, so that sending them again changes nothing."""

    platform: Annotated[str, Field(max_length=40)]
    lines: Annotated[list[SpendLine], Field(min_length=1, max_length=MOST_LINES)]


class SpendOut(Schema):
    id: str
    platform: str
    lines: int
    first: date
    last: date


@operation(router, "POST", "/spend", scope=SCOPE, name="add-spend")
def add_spend(request: KeyRequest, body: NewSpend) -> SpendOut:
    """Keep what a platform took. Answers with the report that it became, which can be taken back on the page Spend."""
    lines = [
        Line(
            one.day, one.campaign_id.strip(), one.campaign.strip(), one.ad_group.strip(), one.ad.strip(), one.currency,
            one.amount.quantize(PLACES), one.impressions, one.clicks,
        )
        for one in body.lines
    ]  # fmt: skip
    report = actions.add_spend(
        request.workspace, platform=body.platform, lines=lines, came=SpendReport.Came.API, by=None
    )
    if isinstance(report, Refused):
        raise Problem(report)
    days = sorted(line.day for line in lines)
    return SpendOut(id=report.public_id, platform=report.platform, lines=report.rows, first=days[0], last=days[-1])
