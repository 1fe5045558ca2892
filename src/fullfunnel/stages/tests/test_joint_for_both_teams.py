"""The joint for both teams: quality by source, rejections by reason, and what leads in sales read."""

import json

import pytest

from fullfunnel.crm.actions import hand_over, reject_hand_over
from fullfunnel.stages.tests.test_both_funnels import text_of
from tests.kit.cast import days_ago, drain

JOINT = "/w/halden/funnels/joint/"


@pytest.fixture
def turned_down(alice, cleo, sold):
    """Sales said no to Cleo, who came by a campaign and read on while sales had her."""
    made = hand_over(cleo.person, cause_event="cleo", why=["Asked"], by=None, at=days_ago(4))
    cleo.visits("/blog/b", at=days_ago(3))
    reject_hand_over(made, reason="No budget", by=alice.user, at=days_ago(2))
    cleo.visits("/blog/c", at=days_ago(1))
    drain()


def test_quality_is_that_of_each_source(alice, turned_down):
    page = alice.client.get(JOINT)
    rows = {row.value: row for row in page.context["sources"]}
    assert {value: row.counts["handed_over"] for value, row in rows.items()} == {"Email": 1, None: 2}
    assert (rows["Email"].counts["rejected"], rows["Email"].good, rows[None].good) == (1, "0 of 1", "1 of 1")
    assert (
        page.context["said"]
        == "Sales accepted 1 of 2 leads that are decided; rejected most often: No budget (1). 1 wait."
    )


def test_reasons_open_the_hand_overs_they_count(alice, turned_down):
    page = alice.client.get(JOINT)
    assert page.context["reasons"] == [("No budget", 1)]
    assert sum(json.loads(page.context["chart"])["series"][0]["values"]) == 1
    listed = alice.client.get(JOINT, {"reason": "No budget"})
    assert [row["hand_over"].reason for row in listed.context["things"]] == ["No budget"]
    assert "Rejected: No budget" in text_of(listed)


def test_what_leads_read_counts_only_while_sales_had_them(alice, turned_down):
    read = alice.client.get(JOINT).context["read"]
    assert [(row["value"], row["touched"], row["went_on"]) for row in read] == [("/blog/b", 1, 0)]


def test_a_shop_has_no_joint(alice, workspace, turned_down):
    workspace.sells = "online"
    workspace.save()
    assert alice.client.get(JOINT).status_code == 404
