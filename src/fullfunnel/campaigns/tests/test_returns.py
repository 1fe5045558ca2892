"""What each channel and campaign cost and brought: the page, the file, `ask` and the people behind say the same."""

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from fullfunnel.campaigns.actions import add_spend, create_campaign, set_margin
from fullfunnel.campaigns.actions.campaigns import Plan
from fullfunnel.campaigns.spend.reading import Line
from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.segments.dataset import dataset_of

CHANNELS = "/w/halden/channels/"


def today(zone="Europe/Berlin") -> date:
    return clock.now().astimezone(ZoneInfo(zone)).date()


def comes(visitor, query, days):
    at = clock.now() - timedelta(days=days)
    visitor.visits(f"/pricing?{query}" if query else "/pricing", at=at)


@pytest.fixture
def selling(workspace, website, ada, ben, cleo):
    """Ada came by Google's campaign "brand" and bought for 900; Ben by LinkedIn; Cleo by a newsletter."""
    comes(ada, "utm_source=google&utm_medium=cpc&utm_campaign=Brand", 5)
    comes(ben, "utm_source=linkedin&utm_medium=paid-social&utm_campaign=q4", 4)
    comes(cleo, "utm_source=newsletter&utm_medium=email", 3)
    ada.does("deal_created", clock.now() - timedelta(days=2), deal_id="d1", amount="900", currency="EUR")
    ada.does("deal_won", clock.now() - timedelta(days=1), deal_id="d1", amount="900", currency="EUR")
    brand = create_campaign(
        workspace, plan=Plan("Brand", "Paid Search", "google", "cpc", ("brand",), "google_ads"), by=None
    )
    spend(workspace, "google_ads", "Brand", "300", 2)
    spend(workspace, "google_ads", "nobody knows", "50", 2)
    return brand


def spend(workspace, platform, name, amount, days):
    line = Line(today() - timedelta(days=days), "", name, "", "", "EUR", Decimal(amount), 1_000, 10)
    add_spend(workspace, platform=platform, lines=[line], came="api", by=None)


def asked(workspace, **further):
    period = {"from": str(today() - timedelta(days=30)), "to": str(today())}
    return answer({"kind": "returns", "period": period, "models": ["linear"]} | further, dataset_of(workspace))


def test_a_channel_has_its_spend_its_people_and_what_they_won(workspace, selling):
    found = asked(workspace)
    rows = {row["value"]: row for row in found["rows"]}
    search = rows["Paid Search"]
    assert (search["spend"], search["people"], search["won"]) == ("300.0000", 1, 1.0)
    assert (search["won_value"], search["roas"], search["cost"]["person"], search["cost"]["win"]) == (
        "900.00",
        3.0,
        "300.00",
        "300.00",
    )
    assert (search["until"], search["is_old"]) == (str(today() - timedelta(days=2)), False)
    assert (rows["Paid Social"]["spend"], rows["Paid Social"]["people"], rows["Paid Social"]["roas"]) == ("0", 1, None)
    assert (found["total"]["people"], found["total"]["won"], found["unmatched"]) == (3, 1.0, "50.0000")


def test_a_campaign_has_those_who_came_by_its_tags_whatever_their_case(workspace, selling):
    found = {row["value"]: (row["name"], row["people"], row["won"]) for row in asked(workspace, by="campaign")["rows"]}
    assert found == {selling.public_id: ("Brand", 1, 1.0), "q4": ("q4", 1, 0.0), None: (None, 1, 0.0)}


def test_a_campaign_without_tags_has_all_of_its_channel_who_carry_none(workspace, selling):
    mail = create_campaign(workspace, plan=Plan("Monthly note", "Email"), by=None)
    found = {row["value"]: row["people"] for row in asked(workspace, by="campaign")["rows"]}
    assert found == {selling.public_id: 1, "q4": 1, mail.public_id: 1}


def test_roi_and_payback_need_the_gross_margin(workspace, selling):
    assert [asked(workspace)["total"][name] for name in ("roi", "payback_months")] == [None, None]
    set_margin(workspace, gross=Decimal("0.8"), by=None)
    total = asked(workspace)["total"]
    # 900 × 0.8 − 300 over 300; and 300 of 720 a year.
    assert (total["roi"], total["payback_months"]) == (1.4, 5.0)


@pytest.mark.parametrize("gross", ["0", "1.01", "NaN", "-1"])
def test_a_margin_that_is_none_is_refused(workspace, gross):
    assert isinstance(set_margin(workspace, gross=Decimal(gross), by=None), Refused)


def test_a_return_on_spend_older_than_a_week_is_marked(workspace, selling):
    spend(workspace, "linkedin", "q4", "80", 9)
    create_campaign(workspace, plan=Plan("Q4", "Paid Social", "linkedin", "paid-social", ("q4",), "linkedin"), by=None)
    old = {row["value"]: row["is_old"] for row in asked(workspace)["rows"]}
    assert (old["Paid Search"], old["Paid Social"]) == (False, True)


def test_the_page_the_file_and_ask_say_the_same_and_numbers_open_their_people(carol, workspace, selling):
    page = carol.client.get(f"{CHANNELS}?model=first_touch&compares=1").content.decode()
    assert "€300" in page
    assert "3×" in page
    assert "€50.00 matches no" in " ".join(page.split())
    assert "Compare models" in page
    lines = list(
        csv.DictReader(
            io.StringIO(b"".join(carol.client.get("/w/halden/channels.csv?model=first_touch")).decode("utf-8-sig"))
        )
    )
    by_name = {line["name"]: line for line in lines}
    assert (by_name["Paid Search"]["spend"], by_name["Paid Search"]["roas"], by_name["All"]["people"]) == (
        "300.0000",
        "3.0",
        "3",
    )
    people = carol.client.get(f"{CHANNELS}people/?stage=awareness&outcome=reached&group=Paid+Social").content.decode()
    assert "1 person" in people


def test_every_model_credits_the_same_wins(workspace, selling):
    total = asked(workspace, models=["linear", "markov", "time_decay"])["total"]
    assert {name: of["won"] for name, of in total["models"].items()} == dict.fromkeys(
        ("first_touch", "linear", "markov", "time_decay"), 1.0
    )


def test_touches_of_everybody_of_a_company_count_where_companies_are_asked():
    zone = ZoneInfo("UTC")
    rows = [
        visit("champion", datetime(2026, 5, 1, tzinfo=zone), "Paid Social"),
        visit("buyer", datetime(2026, 5, 3, tzinfo=zone), "Direct"),
        {"person": "buyer", "event": "deal_won", "timestamp": "2026-05-09T10:00:00Z", "deal": "d", "amount": "100", "currency": "EUR", "company": "acme"},
    ]  # fmt: skip
    dataset = dataset_of_rows(rows)
    won = {
        count: {
            row["value"]: row["won"]
            for row in answer({"kind": "returns", "count": count}, dataset)["rows"]
            if row["won"]
        }
        for count in ("people", "companies")
    }
    assert won == {"people": {"Direct": 1.0}, "companies": {"Paid Social": 1.0}}


def visit(person, at, channel):
    return {
        "person": person,
        "event": "page_viewed",
        "timestamp": at.isoformat(),
        "channel": channel,
        "path": "/",
        "company": "acme",
        "session": person,
    }
