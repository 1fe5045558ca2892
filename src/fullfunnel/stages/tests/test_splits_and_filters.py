"""By channel, campaign, device, country and seller: the page, the question, the file and the lists say the same."""

import csv
import io
import json

from django.test import Client

from fullfunnel.crm.actions import assign_hand_over
from fullfunnel.stages.asked import Shown, page_question
from fullfunnel.workspaces.keys import make_api_key
from tests.kit.cast import days_ago

HOME, CSV = "/w/halden/", "/w/halden/funnels/table.csv"


def answered(workspace, shown):
    key = make_api_key(workspace, name="for tests", scopes=["ask"], by=None)
    headers = {"Authorization": f"Bearer {key}"}
    question = json.dumps(page_question(shown, workspace))
    return Client().post("/api/v1/ask", question, content_type="application/json", headers=headers).json()


def counts(figures):
    people = {row["stage"]: row["people"] for row in figures["marketing"]}
    return people["awareness"], figures["hand_overs"]["handed_over"], figures["deals"]["opportunities"]


def test_sellers_split_people_hand_overs_and_deals(workspace, sold):
    answer = answered(workspace, Shown(by="seller"))
    assert answer["values"]["seller"] == ["Alice", "Bob"]
    groups = {group["value"]: counts(group) for group in answer["groups"]}
    assert groups == {"Alice": (1, 1, 0), "Bob": (1, 1, 1), None: (1, 0, 0)}


def test_page_file_and_lists_of_a_seller_agree(alice, workspace, sold):
    page = alice.client.get(HOME, {"seller": "Bob", "by": "seller"})
    tracks = {track.title: track for track in page.context["picture"].tracks}
    assert [tracks[name].count for name in ("Awareness", "Leads, handed over", "Opportunities")] == [1, 1, 1]
    assert counts(answered(workspace, Shown(seller="Bob"))) == (1, 1, 1)
    rows = csv.DictReader(io.StringIO(alice.client.get(CSV, {"seller": "Bob"}).content.decode("utf-8-sig")))
    everybody = {(row["side"], row["stage"]): row["count"] for row in rows if not row["group"]}
    assert (everybody["joint", "handed_over"], everybody["sales", "opportunities"]) == ("1", "1")
    listed = alice.client.get(tracks["Leads, handed over"].url).context
    assert ([row["hand_over"].public_id for row in listed["things"]], listed["total"]) == ([sold[0].public_id], 1)
    groups = dict(page.context["groups"])
    assert [alice.client.get(cell.url).context["total"] for cell in groups["Bob"][:1]] == [1]


def test_a_hand_over_given_to_another_is_theirs_at_once(alice, bob, workspace, sold):
    assert counts(answered(workspace, Shown(seller="Alice"))) == (1, 1, 0)
    assign_hand_over(sold[1], owner=bob.user, by=alice.user)
    assert counts(answered(workspace, Shown(seller="Alice"))) == (0, 0, 0)
    assert counts(answered(workspace, Shown(seller="Bob"))) == (2, 2, 1)


def test_campaigns_are_those_of_the_first_session(alice, workspace, sold):
    page = alice.client.get(HOME, {"campaign": "spring"})
    assert [track.count for track in page.context["picture"].tracks][:2] == [1, 0]
    without = answered(workspace, Shown(campaign="-"))
    assert (without["marketing"][0]["people"], without["values"]["campaign"]) == (2, ["spring"])


def test_a_shop_is_not_asked_by_seller(alice, workspace, sold):
    workspace.sells = "online"
    workspace.save()
    assert [choice["name"] for choice in alice.client.get(HOME).context["choices"]] == [
        "channel", "campaign", "device", "country",
    ]  # fmt: skip


def test_a_period_of_ones_own_is_counted_and_compared_with_as_many_days(alice, workspace, sold):
    days = {"period": "custom", "start": days_ago(6).date().isoformat(), "end": days_ago(4).date().isoformat()}
    page = alice.client.get(HOME, days)
    assert page.context["picture"].tracks[0].count == 1
    assert 'type="date" name="start"' in page.content.decode()
    question = page_question(Shown(**days), workspace)
    assert (question["period"]["from"], question["period"]["to"]) == (days["start"], days["end"])
    assert question["compare"]["to"] == days_ago(7).date().isoformat()
