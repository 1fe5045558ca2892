"""From a number on a question's page to its people: the links that pages write lead to lists as long as the number says."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from fullfunnel.analytics.models import Asking
from fullfunnel.analytics.presenters.people_links import read_people_link, who
from fullfunnel.core import clock
from fullfunnel.journeys.questions.words import short_label
from tests.kit.cast import days_ago

TREND, RETENTION, PATHS = "/w/halden/trend/", "/w/halden/retention/", "/w/halden/paths/"


@pytest.fixture
def visits(ada, ben):
    """Ada comes three weeks ago, is back a week later, and both times goes on from the price; Ben comes once."""
    came = days_ago(21)
    ada.visits("/pricing", at=came)
    ada.submits("demo", at=came + timedelta(hours=2))
    ada.visits("/pricing", at=came + timedelta(days=7))
    ben.visits("/pricing", at=came + timedelta(minutes=1))


def links(response):
    assert response.status_code == 200, response.content[:500]
    return [html.unescape(found) for found in re.findall(r'href="([^"]*people/\?[^"]*)"', response.content.decode())]


def names(response):
    assert response.status_code == 200, response.content[:500]
    return [str(row["name"]) for row in response.context["people"]]


def test_a_cell_of_the_heat_map_leads_to_who_came_back_and_who_did_not(visits, carol, ada, ben):
    page = carol.client.get(f"{RETENTION}?a1=page_viewed&period=30d")
    back = next(
        link for link in links(page) if "who.cohort" in link and "who.after=1" in link and "outcome" not in link
    )
    found = carol.client.get(back)
    assert names(found) == [str(ada.person)]
    assert found.context["title"].startswith("Who came back in week 1, of those who began in the week of ")
    away = {words: url for words, url, _ in found.context["outcomes"]}
    assert names(carol.client.get(away["Did not"])) == [str(ben.person)]
    assert names(carol.client.get(away["All who began"])) == [str(ada.person), str(ben.person)]


def test_every_link_of_the_heat_map_leads_to_as_many_as_it_says(visits, carol):
    page = carol.client.get(f"{RETENTION}?a1=page_viewed&period=30d&by=device")
    cells = re.findall(r'title="(\d+) of \d+[^"]*"><a data-drawer href="([^"]*)"', page.content.decode())
    assert cells
    for count, link in cells:
        assert carol.client.get(html.unescape(link)).context["total"] == int(count)


def test_a_number_of_a_trends_table_leads_to_its_people(visits, carol, ada, ben):
    page = carol.client.get(f"{TREND}?e1=page_viewed&period=30d&each=month&by=device")
    found = [carol.client.get(link) for link in links(page) if "who.at" in link]
    assert sum(each.context["total"] for each in found) >= 2
    assert {name for each in found for name in names(each)} == {str(ada.person), str(ben.person)}
    assert "(device: desktop)" in found[0].context["title"]
    chart = json.loads(page.context["charts"][0]["json"])
    assert chart["series"][0]["who"] == "who.line=1&who.group=desktop"
    assert len(chart["at"]) == len(chart["x"])


def test_a_count_of_paths_leads_to_its_people(visits, carol, ada):
    page = carol.client.get(f"{PATHS}?a1=page_viewed&period=30d")
    link = next(link for link in links(page) if "who.node=form_submitted" in link)
    found = carol.client.get(link)
    assert names(found) == [str(ada.person)]
    assert found.context["title"] == "Whose path has “Form submitted”, 1 step after “Page viewed”"


def test_a_flow_of_paths_leads_to_its_people(visits, carol, ada, ben):
    page = carol.client.get(f"{PATHS}?a1=page_viewed&period=30d")
    link = next(link for link in links(page) if "who.from=page_viewed" in link and "who.to=form_submitted" in link)
    found = carol.client.get(link)
    assert names(found) == [str(ada.person)]
    assert (
        found.context["title"] == "Whose path goes from “Page viewed” to “Form submitted”, 1 step after “Page viewed”"
    )
    opens = re.findall(r'<path data-opens="([^"]*)" class="flow', page.content.decode())
    assert [html.unescape(one) for one in opens if "who.to=form_submitted" in one] == [link]
    assert len(opens) == len(page.context["picture"].drawing.flows)


def test_every_link_of_the_table_of_paths_leads_to_as_many_as_it_says(visits, carol):
    page = carol.client.get(f"{PATHS}?a1=page_viewed&period=30d&by=device")
    cells = [cell for row in page.context["table"].rows for cell in row if getattr(cell, "who", "")]
    assert len(cells) == len(page.context["table"].rows)
    for cell in cells:
        link = f"{PATHS}people/?{page.context['link']}&{cell.who}"
        assert carol.client.get(link).context["total"] == int(cell)


def test_a_node_that_is_none_is_refused_in_a_sentence_with_the_nearest(visits, carol):
    page = carol.client.get(f"{PATHS}people/?a1=page_viewed&period=30d&who.node=form_submited&who.node_depth=1")
    assert page.context["asked"].message == (
        "This is no node at depth 1 of this question; use one that its nodes name; did you mean 'form_submitted'?"
    )


STRANGE = [
    "who.after=x",
    "who.cohort=%00",
    "who.at=",
    "who.node=",
    "who.node_depth=99",
    "who.from=page_viewed",
    "who.from=&who.to=%00&who.link_depth=x",
    "who.nogroup=1",
    "page=-4",
    "who.line=0",
]


def test_a_strange_address_is_a_refusal_and_no_error_of_ours(visits, carol):
    for page, asked in ((TREND, "e1=page_viewed"), (RETENTION, "a1=page_viewed"), (PATHS, "a1=page_viewed")):
        for strange in STRANGE:
            assert carol.client.get(f"{page}people/?{asked}&{strange}").status_code == 200


def test_what_chooses_people_is_read_as_it_was_written():
    fields = {"cohort": "2026-01-05", "after": 2, "outcome": "began"}
    for row, group in (({}, {}), ({"group": None}, {"group": None}), ({"group": "a&b=c"}, {"group": "a&b=c"})):
        assert read_people_link(dict(parse_qsl(who(row, **fields)))) == fields | group


def test_a_trend_split_by_groups_stands_beside_the_period_before(visits, carol, ben):
    ben.visits("/old", at=days_ago(40))
    context = carol.client.get(f"{TREND}?e1=page_viewed&e1.measure=events&period=30d&by=device").context
    series = json.loads(context["charts"][0]["json"])["series"]
    assert [(one["name"], sum(one["values"]), one.get("dashed", False)) for one in series] == [
        ("desktop", 3, False),
        ("The period before", 1, True),
    ]
    assert context["is_compared"]


def test_an_endless_label_ends_after_a_word():
    assert short_label({"label": "Form submitted"}) == "Form submitted"
    assert (
        short_label({"label": "one two three four five six seven eight nine ten"})
        == "one two three four five six seven…"
    )
    assert short_label({"label": "x" * 190}) == "x" * 39 + "…"


@pytest.mark.parametrize(
    ("target", "says"), [("waiting-page", 'id="said"'), ("waiting-here", 'id="said-here"'), ("", None)]
)
def test_an_end_without_an_answer_is_told_where_the_question_stands(carol, workspace, target, says):
    row = Asking.objects.create(workspace=workspace, key="k", state=Asking.State.CANCELLED, heartbeat_at=clock.now())
    told = carol.client.get(f"/w/halden/asking/{row.pk}/", headers={"HX-Target": target} if target else {})
    assert ("hx-swap-oob" in told.content.decode()) == bool(says)
    assert (says or "Cancelled") in told.content.decode()
