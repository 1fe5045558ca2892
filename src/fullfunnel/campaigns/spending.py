"""What a workspace spent, as questions about returns are told it by the wiring."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Sum

from fullfunnel.campaigns.known import known_campaigns, said_of
from fullfunnel.campaigns.models import Campaign, Margin, Spend
from fullfunnel.campaigns.spend.matching import Name, match
from fullfunnel.capture.channels import ga4_channel
from fullfunnel.journeys.datasets.spending import Program, Spending, SpendingSource, Spent, Unconverted
from fullfunnel.workspaces.exchange.reading import rates_of
from fullfunnel.workspaces.models import AuditEntry, Workspace


def spending_of(workspace: Workspace) -> SpendingSource:
    """Return what was spent, read when it is asked for. Every change of it is in the audit trail, whose latest entry is the stamp."""
    latest = AuditEntry.objects.filter(workspace=workspace).aggregate(latest=Max("pk"))["latest"]
    return SpendingSource(f"{latest} {workspace.currency}", lambda: load_spending(workspace))


def load_spending(workspace: Workspace) -> Spending:
    """Return the spend of all days, matched and converted."""
    campaigns = {row.pk: row for row in Campaign.objects.filter(workspace=workspace)}
    known, said, rates = known_campaigns(workspace), said_of(workspace), rates_of(workspace)
    spent, unmatched, unconverted = list[Spent](), list[Spent](), list[Unconverted]()
    platforms: dict[str, set[str]] = defaultdict(set)
    matches = dict[Name, Campaign | None]()
    left_out = set[Name]()
    for row in daily(workspace):
        name = Name(row["platform"], row["campaign_id"], row["campaign_name"])
        if name not in matches:
            found = match(name, known, said)
            matches[name] = campaigns.get(found.campaign or 0)
            left_out |= {name} if found.is_left_out else set()
        if name in left_out:
            continue
        campaign = matches[name]
        key = campaign.public_id if campaign else ""
        amount = rates.converted(row["money"], row["currency"], row["day"])
        if amount is None:
            unconverted.append(Unconverted(row["day"], key, row["money"], row["currency"]))
            continue
        one = Spent(row["day"], key, amount, row["seen"], row["clicked"])
        (spent if campaign else unmatched).append(one)
        if campaign:
            platforms[key].add(row["platform"])
    margin = Margin.objects.filter(workspace=workspace).values_list("gross", flat=True).first()
    return Spending(
        currency=workspace.currency,
        margin=margin,
        programs=tuple(map(program_of, campaigns.values())),
        spent=tuple(spent),
        unmatched=tuple(unmatched),
        unconverted=tuple(unconverted),
        until=until_of(workspace),
        platforms={key: tuple(sorted(names)) for key, names in platforms.items()},
        rate=rates.rate_on,
    )


def program_of(row: Campaign) -> Program:
    """Return a campaign as questions see it."""
    tag = row.tags[0] if row.tags else ""
    channel = ga4_channel(row.source, row.medium, tag) if row.source or row.medium else row.channel
    return Program(row.public_id, row.name, channel, row.channel, tuple(row.tags))


def daily(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the spend that counts, added up by day, name and currency: money, seen, clicked."""
    rows = Spend.objects.filter(workspace=workspace, replaced_by=None).order_by("day")
    grouped = rows.values("day", "platform", "campaign_id", "campaign_name", "currency")
    return list[Any](grouped.annotate(money=Sum("amount"), seen=Sum("impressions"), clicked=Sum("clicks")))


def until_of(workspace: Workspace) -> dict[str, date]:
    """Return the last day of spend of each platform."""
    rows = Spend.objects.filter(workspace=workspace, replaced_by=None).values("platform").annotate(last=Max("day"))
    return {row["platform"]: row["last"] for row in rows}


def spend_by(workspace: Workspace, days: tuple[date, date] | None, by: str) -> dict[str, Decimal] | None:
    """Return what was spent for each channel, or each utm_campaign, in the workspace's currency; None where nothing is known.

    A campaign of several tags has its money under the first of them.
    """
    spending = load_spending(workspace)
    programs = {program.key: program for program in spending.programs}
    found: dict[str, Decimal] = {}
    for one in spending.spent:
        if days is None or days[0] <= one.day <= days[1]:
            program = programs[one.program]
            value = program.channel if by != "campaign" else program.tags[0] if program.tags else ""
            found[value] = found.get(value, Decimal(0)) + one.amount
    return found or None
