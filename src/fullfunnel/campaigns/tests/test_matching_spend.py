"""A name in a report belongs to a campaign by what somebody said, the platform's id, a tag, or the name."""

from datetime import date
from decimal import Decimal

import pytest

from fullfunnel.campaigns.actions import (
    add_spend,
    create_campaign,
    leave_out_name,
    match_name,
    release_name,
    remove_campaign,
)
from fullfunnel.campaigns.actions.campaigns import Plan
from fullfunnel.campaigns.models import SpendName
from fullfunnel.campaigns.spend.matching import Known, Name, match, offered
from fullfunnel.campaigns.spend.reading import Line
from fullfunnel.campaigns.spending import load_spending, spend_by
from fullfunnel.campaigns.unmatched import unmatched_of

KNOWN = [
    Known(1, "Night shifts, search", "google_ads", "7", ("night-shifts",)),
    Known(2, "Brand", "", "", ("brand", "brand-de")),
    Known(3, "Nurses", "linkedin", "", ("head-of-nursing-q4",)),
]
HERE = "/w/halden/campaigns/names/"


@pytest.mark.parametrize(
    ("name", "campaign", "why"),
    [
        (Name("google_ads", "7", "renamed"), 1, "same id"),
        (Name("google_ads", "8", "BRAND-DE"), 2, "same tag"),
        (Name("meta", "", " brand "), 2, "same tag"),
        (Name("linkedin", "", "nurses"), 3, "same name"),
        (Name("meta", "", "nurses"), None, ""),
        (Name("google_ads", "", "pmax-test-oct"), None, ""),
    ],
)
def test_a_name_is_matched_by_id_then_tag_then_name_within_its_platform(name, campaign, why):
    found = match(name, KNOWN, {})
    assert (found.campaign, found.why) == (campaign, why)


def test_what_was_said_by_hand_goes_before_everything():
    said = {("google_ads", "7"): 2, ("linkedin", "nurses"): None}
    assert match(Name("google_ads", "7", "x"), KNOWN, said).campaign == 2
    assert match(Name("linkedin", "", "Nurses"), KNOWN, said) == (None, "left out by hand", True)


def test_a_name_that_is_written_alike_is_offered_and_not_taken():
    name = Name("linkedin", "", "head-of-nursing-q4-v2")
    assert (match(name, KNOWN, {}).campaign, offered(name, KNOWN).campaign) == (None, 3)
    assert offered(Name("linkedin", "", "zzz"), KNOWN).campaign is None


@pytest.fixture
def spent(workspace):
    create_campaign(workspace, plan=Plan("Brand", "Paid Search", "google", "cpc", ("brand",)), by=None)
    lines = [
        Line(date(2026, 6, 1), "", name, "", "", "EUR", Decimal(amount), 0, 0)
        for name, amount in (("brand", "10"), ("LI_Nursing_v2", "860"), ("pmax", "280"))
    ]
    return add_spend(workspace, platform="google_ads", lines=lines, came="api", by=None)


def test_spend_that_matches_nothing_is_shown_with_its_sum_and_is_in_no_return(carol, workspace, spent):
    assert [(one.name.name, one.sums) for one in unmatched_of(workspace)] == [
        ("LI_Nursing_v2", {"EUR": Decimal(860)}), ("pmax", {"EUR": Decimal(280)}),
    ]  # fmt: skip
    found = load_spending(workspace)
    assert ([one.amount for one in found.spent], sum(one.amount for one in found.unmatched)) == (
        [Decimal(10)],
        Decimal(1140),
    )
    assert "LI_Nursing_v2" in carol.client.get(HERE).content.decode()
    assert spend_by(workspace, None, "channel") == {"Paid Search": Decimal(10)}
    assert spend_by(workspace, (date(2026, 6, 2), date(2026, 6, 3)), "channel") is None


def test_what_is_said_of_a_name_holds_for_what_comes_and_can_be_taken_back(carol, workspace, spent):
    campaign = create_campaign(workspace, plan=Plan("Nurses", "Paid Social"), by=None)
    sent = {"platform": "google_ads", "id": "", "name": "LI_Nursing_v2", "campaign": campaign.public_id}
    assert carol.client.post(HERE, sent).status_code == 302
    assert carol.client.post(HERE, sent | {"name": "pmax", "campaign": "-"}).status_code == 302
    lines = [Line(date(2026, 6, 2), "", "li_nursing_v2", "", "", "EUR", Decimal(5), 0, 0)]
    add_spend(workspace, platform="google_ads", lines=lines, came="api", by=None)
    found = load_spending(workspace)
    assert sum(one.amount for one in found.spent if one.program == campaign.public_id) == Decimal(865)
    assert found.unmatched == ()
    said = SpendName.objects.get(name="li_nursing_v2")
    assert carol.client.post(f"{HERE}{said.pk}/release/").status_code == 302
    assert sum(one.amount for one in load_spending(workspace).unmatched) == Decimal(865)


def test_a_campaign_that_is_removed_leaves_its_spend_unmatched(workspace, spent):
    campaign = create_campaign(workspace, plan=Plan("Pmax", "Paid Search", tags=("pmax",)), by=None)
    assert len(unmatched_of(workspace)) == 1
    remove_campaign(campaign, by=None)
    assert len(unmatched_of(workspace)) == 2


def test_saying_is_undone_by_saying_otherwise(workspace, spent):
    campaign = create_campaign(workspace, plan=Plan("P", "Paid Search"), by=None)
    name = Name("google_ads", "", "pmax")
    first, second = leave_out_name(workspace, name=name, by=None), match_name(campaign, name=name, by=None)
    assert (first.pk, second.campaign) == (second.pk, campaign)
    release_name(second, by=None)
    assert SpendName.objects.count() == 0
