"""A stage opens: who is in it, what is at work there, what is missing; its book balances on page, in the file and by program."""

import csv
import io
import json

import pytest

from fullfunnel.stages.asked import Shown
from fullfunnel.stages.page.composing import young_said
from fullfunnel.stages.page.missing import missing_in
from fullfunnel.stages.tests.test_both_funnels import HOME, answered, text_of
from tests.kit.cast import days_ago

STAGE, BOOK = "/w/halden/funnels/stage/", "/w/halden/funnels/book.csv"


def opened(alice, stage, **query):
    return alice.client.get(STAGE, {"stage": stage} | query)


@pytest.mark.parametrize(
    "stage",
    ["awareness", "interest", "consideration", "conversion", "loyalty", "advocacy", "prospect", "handed_over",
     "opportunity", "customer"],
)  # fmt: skip
def test_every_stage_opens_and_each_of_its_figures_opens_as_many(alice, road, stage):
    page = opened(alice, stage)
    figures = [(part.url, part.count) for part in page.context["parts"]]
    for row in page.context.get("work", []):
        figures += [(row.touched_url, row.touched), (row.went_on_url, row.went_on)]
    for url, count in dict(figures).items():
        assert alice.client.get(url).context["total"] == count, url
    assert "Rule:" in text_of(page)


def test_what_is_at_work_in_interest_and_what_is_missing(alice, ada, ben, website):
    for visitor in (ada, ben):
        for path in ("/blog/a", "/blog/b"):
            visitor.visits(path, at=days_ago(9))
    ada.visits("/vs/other", at=days_ago(5))
    page = opened(alice, "interest")
    rows = {row.name: (row.kind, row.touched, row.went_on) for row in page.context["work"]}
    assert rows["Everybody here"] == ("", 2, 1)
    assert [part.count for part in page.context["parts"]] == [1, 1, 0]
    assert next(row.title for row in page.context["missing"]) == "No form here"
    assert "Make a form" in text_of(page)


def test_a_stage_where_all_is_there_misses_nothing():
    work = {
        "people": 30,
        "work": [{"kind": kind, "value": "x", "touched": 3, "went_on": 3} for kind in ("form", "page")],
    }
    assert missing_in("interest", work, 0, "halden") == []
    assert [row.button for row in missing_in("interest", work, 7, "halden")] == ["Make a campaign"]


def test_page_file_and_question_have_the_same_book(alice, workspace, road):
    book = answered(workspace, show="book", compare=None)
    stages = {row["stage"]: row for row in book["stages"]}
    rows = list(csv.DictReader(io.StringIO(alice.client.get(BOOK).content.decode("utf-8-sig"))))
    for stage, row in stages.items():
        of_file = [one for one in rows if (one["stage"], one["group"]) == (stage, "")]
        assert [int(one["stock"]) for one in of_file] == row["stock"]
        chart = opened(alice, stage).context["chart"]
        assert json.loads(chart)["series"][0]["values"] == row["stock"] if any(row["stock"]) else chart == ""
    assert (stages["handed_over"]["stock"][-1], stages["opportunity"]["stock"][-1]) == (1, 0)
    now = alice.client.get("/w/halden/funnels/people/?stage=awareness&outcome=now&period=all").context["total"]
    assert stages["awareness"]["stock"][-1] == now == 2


def test_a_workspace_younger_than_its_wins_take_says_so(alice, workspace, road):
    answer = answered(workspace)
    assert young_said(answer, days_ago(3)).startswith("Data is 3\xa0d old and a win takes 12\xa0d")
    assert young_said(answer, days_ago(40)) == ""
    assert alice.client.get(HOME).context["young"] == ""


def test_a_shop_opens_its_stages_without_a_word_of_sales(alice, workspace, road):
    workspace.sells = "online"
    workspace.save()
    assert opened(alice, "interest").status_code == 200
    assert "parts" not in opened(alice, "handed_over").context
    assert opened(alice, "x", channel="\x00", period="custom").status_code == 200
    assert Shown().view == "people"
