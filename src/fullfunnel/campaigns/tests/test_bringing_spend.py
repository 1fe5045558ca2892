"""Spend is brought by file, typed or sent; the same twice is once, and what was brought is taken back whole."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fullfunnel.campaigns.actions import add_report, add_spend, bring_report, create_campaign, map_report, undo_report
from fullfunnel.campaigns.actions.campaigns import Plan
from fullfunnel.campaigns.models import Spend, SpendReport
from fullfunnel.campaigns.spend.mapping import read_mapping
from fullfunnel.campaigns.spend.reading import Line
from fullfunnel.campaigns.spending import load_spending
from fullfunnel.campaigns.tests.test_reports_are_read import GOOGLE, LINKEDIN
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.actions import create_api_key, set_rate
from fullfunnel.workspaces.models import AuditEntry

HERE = "/w/halden/campaigns/spend/"


def line(day: int, campaign: str, amount: str, currency: str = "EUR", group: str = "", own_id: str = "") -> Line:
    return Line(date(2026, 6, day), own_id, campaign, group, "", currency, Decimal(amount), 100, 3)


def counted(workspace):
    rows = Spend.objects.filter(workspace=workspace, replaced_by=None).order_by("day", "campaign_name", "ad_group")
    return [(row.day.day, row.campaign_name, str(row.amount)) for row in rows]


@pytest.fixture
def brought(workspace):
    report = add_report(workspace, content=GOOGLE.encode(), name="google.csv", by=None)
    return bring_report(report, by=None)


def test_a_file_counts_when_it_is_brought_and_not_when_it_is_looked_at(carol, workspace):
    file = SimpleUploadedFile("linkedin.csv", LINKEDIN.encode())
    answer = carol.client.post(f"{HERE}reports/", {"file": file})
    assert answer.status_code == 302
    page = carol.client.get(answer["Location"]).content.decode()
    assert "€2,233.56" in page
    assert "line 4 names the columns" in page
    assert counted(workspace) == []
    assert carol.client.post(f"{answer['Location']}bring/").status_code == 302
    assert counted(workspace) == [(1, "guide", "1234.5600"), (2, "guide", "999.0000")]
    assert bytes(SpendReport.objects.get().content) == b""
    assert carol.client.get(HERE).status_code == 200


def test_the_same_file_twice_is_once_and_overlapping_days_are_replaced(workspace, brought):
    again = bring_report(add_report(workspace, content=GOOGLE.encode(), name="again.csv", by=None), by=None)
    assert again.rows == 2
    assert counted(workspace) == [(1, "Night shifts", "1012.3000"), (2, "Night shifts", "0.0000")]
    later = [
        line(2, "Night shifts", "40", group="a", own_id="7"),
        line(2, "Night shifts", "2", group="b", own_id="7"),
        line(3, "Brand", "5"),
    ]
    add_spend(workspace, platform="google_ads", lines=later, came="api", by=None)
    assert counted(workspace) == [
        (1, "Night shifts", "1012.3000"), (2, "Night shifts", "40.0000"), (2, "Night shifts", "2.0000"), (3, "Brand", "5.0000"),
    ]  # fmt: skip


def test_another_platform_or_campaign_on_the_same_day_replaces_nothing(workspace, brought):
    add_spend(workspace, platform="linkedin", lines=[line(1, "Night shifts", "7")], came="api", by=None)
    add_spend(workspace, platform="google_ads", lines=[line(1, "Brand", "8")], came="api", by=None)
    assert counted(workspace) == [
        (1, "Brand", "8.0000"), (1, "Night shifts", "1012.3000"), (1, "Night shifts", "7.0000"), (2, "Night shifts", "0.0000"),
    ]  # fmt: skip


def test_what_was_taken_back_lets_count_what_it_had_replaced(workspace, brought):
    later = add_spend(workspace, platform="google_ads", lines=[line(1, "Night shifts", "1")], came="api", by=None)
    first = undo_report(brought, by=None)
    assert isinstance(first, Refused)
    assert "was brought later" in first.sentence
    undo_report(later, by=None)
    assert counted(workspace) == [(1, "Night shifts", "1012.3000"), (2, "Night shifts", "0.0000")]
    undo_report(SpendReport.objects.get(pk=brought.pk), by=None)
    assert counted(workspace) == []
    assert isinstance(undo_report(SpendReport.objects.get(pk=later.pk), by=None), Refused)


def test_a_column_that_is_open_keeps_a_report_from_being_brought_until_somebody_says(carol, workspace):
    content = b"Date,Campaign,Spend,Currency\n5/6/2026,a,1.50,EUR\n"
    report = add_report(workspace, content=content, name="a.csv", by=None)
    assert isinstance(bring_report(report, by=None), Refused)
    assert "can be read in" in carol.client.get(f"{HERE}reports/{report.public_id}/").content.decode()
    said = {
        "platform": "meta",
        "day_form": "day-first",
        "column-day": "Date",
        "column-amount": "Spend",
        "column-campaign": "Campaign",
        "column-currency": "Currency",
    }
    assert carol.client.post(f"{HERE}reports/{report.public_id}/", said).status_code == 302
    bring_report(SpendReport.objects.get(), by=None)
    assert [str(row.day) for row in Spend.objects.filter(workspace=workspace)] == ["2026-06-05"]


def test_refused_rows_are_a_file_with_their_reasons(carol, workspace):
    content = b"Date,Campaign,Spend,Currency\n2026-06-01,a,1.50,EUR\nsoon,=a,1,EUR\n"
    report = add_report(workspace, content=content, name="a.csv", by=None)
    map_report(report, mapping=read_mapping(report.mapping | {"platform": "meta"}), by=None)
    bring_report(report, by=None)
    file = b"".join(carol.client.get(f"{HERE}reports/{report.public_id}/refused.csv")).decode()
    assert file.splitlines()[1].startswith("3,“soon” is no day,soon,")
    assert counted(workspace) == [(1, "a", "1.5000")]


def test_typed_spend_is_spread_over_its_days_and_adds_up(carol, workspace):
    campaign = create_campaign(workspace, plan=Plan("Fair", "Referral"), by=None)
    sent = {
        "campaign": campaign.public_id,
        "first": "2026-06-01",
        "last": "2026-06-03",
        "money": "100",
        "money.currency": "EUR",
        "impressions": "10",
    }
    assert carol.client.post(HERE, sent).status_code == 302
    rows = Spend.objects.filter(workspace=workspace).order_by("day")
    assert [str(row.amount) for row in rows] == ["33.3333", "33.3334", "33.3333"]
    assert sum(row.amount for row in rows) == Decimal(100)
    assert [row.impressions for row in rows] == [3, 3, 4]


def api(client, key, body):
    return client.post(
        "/api/v1/spend", body, content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )


def test_a_program_sends_spend_and_the_same_again_changes_nothing(client, workspace):
    _, key = create_api_key(workspace, name="ads", scopes=["spend"], by=None)
    body = {
        "platform": "linkedin",
        "lines": [{"day": "2026-06-01", "amount": "84.20", "currency": "EUR", "campaign": "q4"}],
    }
    for _ in range(2):
        assert api(client, key, body).json() | {"id": ""} == {
            "id": "", "platform": "linkedin", "lines": 1, "first": "2026-06-01", "last": "2026-06-01",
        }  # fmt: skip
    assert counted(workspace) == [(1, "q4", "84.2000")]


@pytest.mark.parametrize(
    "wrong",
    [{"platform": "paper"}, {"lines": []}, {"lines": [{"day": "2026-06-01", "amount": "-1", "currency": "EUR"}]}],
)
def test_a_program_is_told_what_is_wrong_and_nothing_is_kept(client, workspace, wrong):
    _, key = create_api_key(workspace, name="ads", scopes=["spend"], by=None)
    body = {"platform": "linkedin", "lines": [{"day": "2026-06-01", "amount": "1", "currency": "EUR"}]} | wrong
    assert api(client, key, body).status_code == 422
    assert counted(workspace) == []
    _, other = create_api_key(workspace, name="crm", scopes=["crm:write"], by=None)
    assert api(client, other, body).status_code == 403


def test_spend_in_another_currency_is_converted_by_its_day_or_stands_apart(workspace):
    create_campaign(workspace, plan=Plan("Brand", "Paid Search"), by=None)
    set_rate(workspace, currency="USD", day=date(2026, 6, 2), rate=Decimal("0.5"), by=None)
    lines = [line(1, "Brand", "10", "USD"), line(2, "Brand", "10", "USD"), line(2, "Brand", "1")]
    add_spend(workspace, platform="google_ads", lines=lines, came="api", by=None)
    found = load_spending(workspace)
    assert sorted(one.amount for one in found.spent) == [Decimal(1), Decimal(5)]
    assert [(one.amount, one.currency) for one in found.unconverted] == [(Decimal(10), "USD")]


def test_sellers_and_marketers_bring_spend_and_viewers_do_not(workspace, charlie):
    refused = add_spend(workspace, platform="meta", lines=[line(1, "a", "1")], came="typed", by=charlie.user)
    assert isinstance(refused, Refused)
    assert (counted(workspace), AuditEntry.objects.filter(workspace=workspace).count()) == ([], 0)
