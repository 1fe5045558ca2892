"""The home of a workspace: both funnels. The page, the API, the file and the lists behind each number say the same."""

import csv
import io
import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from fullfunnel.stages.asked import Shown, page_question
from fullfunnel.workspaces.keys import make_api_key

HOME, CSV = "/w/halden/", "/w/halden/funnels/table.csv"


def answered(workspace, **changed):
    question = page_question(Shown(), workspace) | changed
    key = make_api_key(workspace, name="for tests", scopes=["ask"], by=None)
    headers = {"Authorization": f"Bearer {key}"}
    return Client().post("/api/v1/ask", json.dumps(question), content_type="application/json", headers=headers).json()


def text_of(response):
    return words_of(response.content.decode())


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_sentence_says_what_happened(alice, road):
    page = alice.client.get(HOME)
    assert "<title>Both funnels" in page.content.decode()
    said = "".join(words for words, _ in page.context["sentence"])
    assert said == "3 people found us; 1 deal won, €9,600. 1 lead waits for sales."
    assert "1 lead waits for sales." in text_of(page)


def test_page_and_question_and_file_say_the_same(alice, workspace, road):
    answer = answered(workspace)
    assert [row["people"] for row in answer["marketing"]] == [3, 1, 1, 1, 0, 0]
    assert {name: answer["hand_overs"][name] for name in ("handed_over", "accepted", "waiting")} == {
        "handed_over": 2, "accepted": 1, "waiting": 1,
    }  # fmt: skip
    picture = alice.client.get(HOME).context["picture"]
    shown = {(track.stage, track.title): track.count for track in picture.tracks}
    assert list(shown.values()) == [3, 1, 1, 2, 2, 1, 1, 0, 0]
    assert {part.name: part.count for part in picture.outcomes} == {
        name: answer["hand_overs"][name] for name in ("accepted", "rejected", "recycled", "aged_out", "waiting")
    }
    rows = list(csv.DictReader(io.StringIO(alice.client.get(CSV).content.decode("utf-8-sig"))))
    everybody = {(row["side"], row["stage"]): row["count"] for row in rows if not row["group"]}
    assert [everybody["marketing", row["stage"]] for row in answer["marketing"]] == ["3", "1", "1", "1", "0", "0"]
    assert (everybody["joint", "waiting"], everybody["sales", "won"], everybody["sales", "prospect"]) == ("1", "1", "2")
    assert next(row["amount"] for row in rows if row["stage"] == "won_value" and not row["group"]) == "9600.0000"


def test_behind_every_number_are_as_many_as_it_says(alice, workspace, road):
    page = alice.client.get(HOME)
    picture = page.context["picture"]
    numbers = [(track.url, track.count) for track in picture.tracks] + [
        (part.url, part.count) for part in (*picture.outcomes, *picture.deals)
    ]
    cells = [cell for _, cells in (*page.context["rows"], *page.context["groups"]) for cell in cells if cell.url]
    numbers += [(cell.url, int(cell.said)) for cell in cells]
    assert len(numbers) > 50
    for url, count in dict(numbers).items():
        listed = alice.client.get(url)
        rows = listed.context["people" if "people" in listed.context else "things"]
        assert (listed.status_code, listed.context["total"], len(rows)) == (200, count, count), url


def test_behind_the_joint_are_the_hand_overs_of_sales(alice, ben, road):
    listed = alice.client.get("/w/halden/funnels/people/?stage=handed_over&outcome=waiting")
    (row,) = listed.context["things"]
    assert (row["person"], row["hand_over"].outcome) == (ben.person, "waiting")
    assert "1 hand-over." in text_of(listed)
    assert f"/w/halden/inbox/{row['hand_over'].public_id}/" in listed.content.decode()


def test_behind_opportunities_are_the_deals_and_the_list_of_deals_has_as_many(alice, road):
    listed = alice.client.get("/w/halden/funnels/people/?stage=opportunity&outcome=won")
    (row,) = listed.context["things"]
    assert (row["deal"].external_id, str(row["deal"].amount)) == ("D1", "9600.0000")
    assert f"/w/halden/deals/{row['deal'].public_id}/" in listed.content.decode()
    page = alice.client.get(listed.context["in_deals"])
    assert [deal.external_id for deal in page.context["listing"].page.rows] == ["D1"]
    of_lost = alice.client.get("/w/halden/funnels/people/?stage=opportunity&outcome=lost")
    assert of_lost.context["total"] == 0
    assert list(alice.client.get(of_lost.context["in_deals"]).context["listing"].page.rows) == []
    assert alice.client.get("/w/halden/funnels/people/?stage=opportunity&channel=Email").context["in_deals"] == ""


def test_a_channel_narrows_everything(alice, road):
    page = alice.client.get(HOME, {"channel": "Organic Search"})
    assert [track.count for track in page.context["picture"].tracks] == [1, 1, 1, 1, 1, 1, 1, 0, 0]
    nobody = alice.client.get(HOME, {"channel": "Display"})
    assert [track.count for track in nobody.context["picture"].tracks] == [0] * 9
    assert "0 people found us" in text_of(nobody)


@pytest.mark.parametrize(
    "query", ["period=x&by=y&channel=%00&device=" + "d" * 500, "period=all", "period=month", "by=device"]
)
def test_strange_addresses_are_no_errors(alice, road, query):
    assert alice.client.get(f"{HOME}?{query}").status_code == 200
    assert alice.client.get(f"{CSV}?{query}").status_code == 200
    people = f"/w/halden/funnels/people/?{query}&stage=x&outcome=y&group=z&page=9"
    assert alice.client.get(people).status_code == 200


def test_a_shop_has_one_funnel_and_no_word_of_sales(alice, workspace, road):
    workspace.sells = "online"
    workspace.save()
    page = alice.client.get(HOME)
    assert "<title>The funnel" in page.content.decode()
    (main,) = re.findall(r"<main.*</main>", page.content.decode(), re.DOTALL)
    main = words_of(main)
    assert "3 people found us; 0 bought; 0 came back." in main
    assert not re.search(r"\b(sales|hand-over|handed over|lead|leads|deal|deals|prospects)\b", main, re.IGNORECASE)
    assert len(page.context["picture"].tracks) == 6


def test_before_the_first_event_the_overview_says_how_to_begin(alice, workspace):
    assert alice.client.get(HOME)["Location"] == reverse("analytics:overview", args=["halden"])
    assert "No event has arrived yet" in alice.client.get(HOME, follow=True).content.decode()


def test_a_stranger_sees_nothing(charlie, road):
    for url in (HOME, CSV, "/w/halden/funnels/people/"):
        assert charlie.client.get(url).status_code == 404
