"""Why a number is what it is, people, money or time on the same picture, and what the two funnels differ in."""

from decimal import Decimal

import pytest

from fullfunnel.stages.asked import Shown
from fullfunnel.stages.page.explained import ALSO, explained
from fullfunnel.stages.page.rules_now import rules_now
from fullfunnel.stages.page.switch import Spend, timings, worded
from fullfunnel.stages.picture import picture_of
from fullfunnel.stages.tests.test_both_funnels import HOME, answered, text_of

WHY = "/w/halden/funnels/why/"


def test_every_number_of_a_list_says_why(alice, workspace, road):
    listed = alice.client.get("/w/halden/funnels/people/?stage=awareness")
    said = text_of(alice.client.get(listed.context["why"]))
    assert "3 people reached Awareness" in said
    assert "3 = 1 went on to Interest + 2 still may (did something in the last 60 days) + 0 have gone quiet." in said
    assert "Bots" in said
    assert "&quot;kind&quot;: &quot;stages&quot;" in said


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stage=handed_over", "2 = 1 accepted + 0 rejected + 0 recycled + 0 aged out + 1 waiting."),
        ("stage=opportunity&outcome=won", "Won: 1 of 1 of all 1, 1 of 1 of the 1 that are decided."),
        ("stage=prospect", "2 people became prospects"),
        ("stage=conversion", "0 of them bought alone"),
        ("stage=nonsense", "3 people reached Awareness"),
        ("stage=awareness&by=channel&group=Organic+Search", "Channel: Organic Search (of the first session ever)"),
        ("stage=awareness&by=channel&nogroup=1", "2 people reached Awareness"),
    ],
)
def test_each_kind_of_number_says_its_sum(alice, road, query, sentence):
    assert sentence in text_of(alice.client.get(f"{WHY}?{query}")).split("Skip to content")[1]


def test_the_picture_keeps_its_shapes_and_changes_its_words(workspace, road):
    answer = answered(workspace)
    plain = picture_of(answer, lambda stage, outcome: stage)
    spend = Spend(Decimal(300), "EUR")
    shown = {view: worded(plain, answer, view, spend) for view in ("people", "money", "time")}
    assert [track.height for track in shown["money"].tracks] == [track.height for track in plain.tracks]
    words = {view: {track.title: (track.big, track.cost) for track in one.tracks} for view, one in shown.items()}
    assert words["people"]["Awareness"] == ("", "€100.00")
    assert words["money"]["Awareness"] == ("€9,600", "€100.00")
    assert words["money"]["Opportunities"][0] == "€9,600"
    assert words["time"]["Opportunities"][0] == "12\xa0d"
    assert words["time"]["Leads, handed over"][0] == "1\xa0d"
    assert [one.title for one in timings(answer)][-1] == "Opportunity → won"


def test_spend_of_nobody_is_not_zero(workspace, road):
    answer = answered(workspace)
    tracks = worded(picture_of(answer, lambda stage, outcome: stage), answer, "money", Spend(None, "EUR")).tracks
    assert {track.cost for track in tracks} == {""}


def test_the_value_of_a_stage_is_that_of_the_deals_of_who_is_in_it(workspace, sold):
    by_seller = {group["value"]: group for group in answered(workspace, breakdown={"property": "seller"})["groups"]}
    opened = [{"currency": "EUR", "amount": "9600.0000"}]
    assert by_seller["Bob"]["worth"]["awareness"] == {"won": [], "open": opened}
    assert by_seller["Bob"]["worth"]["handed_over"] == {"won": [], "open": opened}
    assert by_seller["Alice"]["worth"]["prospect"] == {"won": [], "open": []}


def test_what_is_the_difference_has_the_numbers_of_the_workspace(alice, road):
    rows = {row.title: row for row in alice.client.get(HOME).context["difference"]}
    assert rows["Stages"].marketing == "Awareness 3 → Interest 1 → Consideration 1 → 0 bought alone"
    assert rows["Stages"].sales == "Prospects 2 → Leads, handed over 2 → Opportunities 1 → Customers 1"
    assert "MQL when handed over, SAL once accepted" in rows["Also called"].sales


@pytest.mark.parametrize("sells", ["companies", "households", "online", "both"])
def test_every_stage_explains_itself(workspace, sells):
    workspace.sells = sells
    rules = rules_now(workspace)
    said = [explained(stage, sells, rules) for stage in ALSO]
    assert all(one.what and one.also for one in said)
    assert [one.stage for one in said if not one.rule] == (["prospect"] if sells == "online" else [])
    assert not any("_" in words for one in said for words in one.rule)


def test_views_and_strange_ones_open(alice, road):
    assert "How long each step takes" in text_of(alice.client.get(HOME, {"view": "time"}))
    assert alice.client.get(HOME, {"view": "x"}).context["shown"] == Shown()
    assert "Why 3?" in text_of(alice.client.get(HOME))
