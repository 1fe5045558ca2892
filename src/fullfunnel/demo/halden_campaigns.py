"""What Halden spends, on which campaigns, and its content: the money of truth.py, by day, through the actions that pages use."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from fullfunnel.campaigns.actions import add_spend, create_campaign, create_piece
from fullfunnel.campaigns.actions.campaigns import Plan
from fullfunnel.campaigns.actions.content import Description
from fullfunnel.campaigns.models import SpendReport
from fullfunnel.campaigns.spend.reading import Line
from fullfunnel.capture.actions import apply_channel_rules
from fullfunnel.demo import places
from fullfunnel.demo.done import done
from fullfunnel.demo.truth import HALDEN, QUARTERS
from fullfunnel.workspaces.actions import set_what_counts
from fullfunnel.workspaces.models import AttributionModel, Membership, Workspace

# The channel of truth.py -> what the company calls it, and whose visits it has.
CHANNELS: dict[str, tuple[str, dict[str, Any]]] = {
    "webinars": ("Webinars", {"property": "source", "op": "=", "value": "webinar"}),
    "google_ads": ("Google Ads", {"property": "channel", "op": "=", "value": "Paid Search"}),
    "linkedin": ("LinkedIn", {"property": "channel", "op": "=", "value": "Paid Social"}),
    "guides": ("Guides (search)", {"property": "channel", "op": "=", "value": "Organic Search"}),
    "newsletter": ("Newsletter", {"property": "channel", "op": "=", "value": "Email"}),
    "direct": ("Direct, referral", {"property": "channel", "op": "in", "value": ["Direct", "Referral"]}),
}


class Bought(NamedTuple):
    """A campaign: of a channel of truth.py, what it costs in the last quarter, and the impressions of a euro."""

    channel: str
    name: str
    euros: int
    source: str
    medium: str
    tags: tuple[str, ...]
    platform: str
    impressions: int


CAMPAIGNS = (
    Bought("google_ads", "Night shifts, search", 14_800, "google", "cpc", ("shift-planning-de",), "google_ads", 14),
    Bought("google_ads", "Roster software, rivals", 8_000, "google", "cpc", ("roster-software",), "google_ads", 11),
    Bought("google_ads", "Brand", 4_200, "google", "cpc", ("brand",), "google_ads", 9),
    Bought("linkedin", "Heads of nursing", 12_400, "linkedin", "paid-social", ("head-of-nursing-q4",), "linkedin", 25),
    Bought("linkedin", "Hospital IT", 6_000, "linkedin", "paid-social", ("hospital-it-q4",), "linkedin", 22),
    Bought("linkedin", "Retention e-book", 3_200, "linkedin", "paid-social", ("retention-ebook",), "linkedin", 28),
    Bought("guides", "Guides, written and kept", 9_000, "google", "organic", (), "other", 0),
    Bought("webinars", "Three webinars", 4_800, "webinar", "referral", places.CAMPAIGNS["webinars"], "other", 0),
)
PIECES = (
    Description("Fair night shifts", "page", "interest", "night shifts", "/guides/fair-night-shifts"),
    Description("Why nurses leave", "page", "awareness", "retention", "/guides/nurse-retention"),
    Description("Works council checklist", "file", "consideration", "works council", "/guides/works-council-checklist"),
    Description("What agency staff costs", "page", "interest", "agency costs", "/guides/agency-staff-costs"),
    Description("Case study: Klinik Lindenau", "page", "consideration", "", "/customers/klinik-lindenau"),
    Description("Paper rosters compared", "page", "consideration", "", "/compare/spreadsheets"),
    Description("Fair rosters in 20 minutes", "webinar", "consideration", "night shifts", "/webinars/fair-rosters"),
)


def make_campaigns(workspace: Workspace, *, by: Membership, end: datetime) -> None:
    """Make the channels, campaigns, pieces, and the spend of all days before `end`, the first moment after the demo."""
    rules = [{"name": name, "where": [where]} for name, where in CHANNELS.values()]
    done(apply_channel_rules(workspace, rules=rules, by=by))
    first = AttributionModel.FIRST_TOUCH
    done(set_what_counts(workspace, browser_money="", uncredited_hosts=[], attribution_model=first, by=by.user))
    for one in CAMPAIGNS:
        channel, _ = CHANNELS[one.channel]
        plan = Plan(one.name, channel, one.source, one.medium, one.tags, one.platform, owner=by.user)
        done(create_campaign(workspace, plan=plan, by=by))
        lines = list(spent(one, end.astimezone(places.HOME).date()))
        done(add_spend(workspace, platform=one.platform, lines=lines, came=SpendReport.Came.API, by=by))
    for described in PIECES:
        done(create_piece(workspace, described=described, by=by))


def spent(one: Bought, end: date) -> list[Line]:
    """The lines of a campaign, a day each: in an earlier quarter as much less as fewer came, adding up to the cent."""
    found, last = list[Line](), end
    for days, people in QUARTERS:
        first = last - timedelta(days=days)
        cents = one.euros * 100 * people // HALDEN.people
        for at in range(days):
            day_cents = cents * (at + 1) // days - cents * at // days
            amount = (Decimal(day_cents) / 100).quantize(Decimal("0.0001"))
            seen = day_cents * one.impressions // 100
            found.append(Line(first + timedelta(days=at), "", one.name, "", "", "EUR", amount, seen, seen // 130))
        last = first
    return found
