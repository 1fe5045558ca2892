"""The pages of trend, retention and paths over a real store: picture, table, file, what is wrong, what is nothing."""

import csv
import io
import json
from datetime import timedelta

import pytest

from tests.kit.cast import days_ago

TREND, RETENTION, PATHS = "/w/halden/trend/", "/w/halden/retention/", "/w/halden/paths/"
PAGES = {TREND: "e1=page_viewed&period=30d", RETENTION: "a1=page_viewed&period=30d", PATHS: "a1=page_viewed&period=30d"}


@pytest.fixture
def visits(ada, ben):
    """Ada comes three weeks ago and again a week later, Ben once."""
    came = days_ago(21)
    ada.visits("/pricing", at=came)
    ada.submits("demo", at=came + timedelta(hours=2))
    ada.visits("/docs", at=came + timedelta(days=7))
    ben.visits("/pricing", at=came)


def body(response):
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def rows_of(response):
    assert response.status_code == 200, response.content
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_page_without_a_question_suggests_one_and_answers_it(visits, carol):
    for page in PAGES:
        response = carol.client.get(page)
        assert response.context["asked"].answer["kind"] == page.split("/")[-2]
        assert ("“Form submitted”" if page == PATHS else "“Page viewed”") in response.context["sentence"]
        assert "Ask by API" in body(response)


def test_htmx_gets_the_answer_alone_and_the_split(visits, carol):
    for page in PAGES:
        response = carol.client.get(f"{page}?{PAGES[page]}", headers={"HX-Request": "true", "HX-Target": "result"})
        assert body(response).lstrip().startswith('<section id="result"')
        assert f'data-link="{page}?{PAGES[page].replace("&", "&amp;")}"' in body(response)
        assert 'id="split"' in body(response)


def test_the_split_by_device_is_one_press_and_stands_in_the_link(visits, carol):
    for page in [*PAGES, "/w/halden/funnel/"]:
        link = PAGES.get(page, "s1=page_viewed&s2=form_submitted")
        once = carol.client.get(f"{page}?{link}")
        split = carol.client.get(page + once.context["split_url"])
        assert split.context["asked"].question["breakdown"]["property"] == "device"
        assert (once.context["is_split"], split.context["is_split"]) == (False, True)
        assert split.context["split_url"] == f"?{link}"


def test_period_and_breakdown_stay_when_one_moves_to_a_neighbouring_page(visits, carol):
    for page in [*PAGES, "/w/halden/funnel/"]:
        response = carol.client.get(f"{page}?period=7d&by=device")
        assert response.context["fields"].period.preset == "7d"
        assert response.context["fields"].breakdown.property == "device"
        assert f"{RETENTION}?period=7d&amp;by=device" in body(response)


def test_a_page_of_a_workspace_without_events_says_what_is_missing(carol):
    for page in PAGES:
        assert "no source has sent anything" in body(carol.client.get(page))


STRANGE = [
    "e1",
    "a1=%00&e1=%00",
    "e99=a",
    "a1=a&e1=a&do=up:x",
    "saved=99999",
    "a1=" + "b" * 3000,
    "period=x",
    "do=a-add",
]


def test_a_strange_address_is_no_error_of_ours(visits, carol):
    for page in PAGES:
        for strange in STRANGE:
            body(carol.client.get(f"{page}?{strange}"))


WRONG = {
    f"{TREND}?e1=a&e1.measure=sum": "e1-property",
    f"{TREND}?e1=a&each=year": "each",
    f"{TREND}?e1=a&tz=Mars": "tz",
    f"{RETENTION}?a1=a&periods=many": "periods",
    f"{RETENTION}?a1=a&a1.p=path&a1.op=like&a1.v=x": "a1-0-op",
    f"{PATHS}?a1=a&depth=99": "depth",
}


def test_what_is_wrong_is_said_with_its_field(visits, carol):
    for address, control in WRONG.items():
        response = carol.client.get(address)
        assert response.context["asked"].control == control
        assert f'id="{control}"' in body(response)


def test_a_press_changes_the_form_and_keeps_the_focus(visits, carol):
    response = carol.client.get(
        f"{TREND}?e1=page_viewed&do=e-add", headers={"HX-Request": "true", "HX-Target": "result"}
    )
    assert response["HX-Retarget"] == "#builder"
    assert 'data-focus="e2-e0"' in body(response)


def test_a_trend_stands_beside_the_period_before(visits, carol, ada):
    ada.visits("/old", at=days_ago(31))
    context = carol.client.get(f"{TREND}?e1=page_viewed&e1.measure=events&period=30d").context
    (line,) = context["lines"]
    assert (sum(line.values), sum(line.before), len(line.values)) == (3, 1, 30)
    assert len(context["table"].rows) == 30
    drawn = json.loads(context["charts"][0]["json"])
    assert [(series["name"], series.get("dashed", False)) for series in drawn["series"]] == [
        ("Page viewed (events)", False),
        ("The period before", True),
    ]
    assert drawn["incomplete_last"] is True


def test_a_trend_that_is_compared_with_nothing_asks_once(visits, carol):
    context = carol.client.get(f"{TREND}?e1=page_viewed&period=30d&compare=0").context
    assert context["lines"][0].before == []
    assert context["link"] == "e1=page_viewed&compare=0&period=30d"


def test_the_lines_of_a_trend_are_its_groups(visits, carol):
    context = carol.client.get(f"{TREND}?e1=page_viewed&e1.measure=events&by=path&period=30d").context
    assert [(line.name, sum(line.values)) for line in context["lines"]] == [("/pricing", 2), ("/docs", 1)]


def test_a_trend_of_money_is_drawn_and_told(ada, carol):
    ada.does("deal_won", at=days_ago(21), revenue="9600.50", currency="EUR")
    ada.does("deal_won", at=days_ago(20), revenue="80", currency="EUR")
    response = carol.client.get(f"{TREND}?e1=deal_won&e1.measure=sum&e1.property=revenue&period=30d")
    assert "“revenue of Deal won”: 9,680 in all in the last 30 days; most on" in body(response)
    (line,) = response.context["lines"]
    assert sorted(value for value in line.values if value) == [80, 9600.5]
    (drawn,) = (json.loads(chart["json"]) for chart in response.context["charts"])
    assert drawn["unit"] == "revenue in all"
    assert sorted(value for value in drawn["series"][0]["values"] if value) == [80, 9600.5]


def test_what_is_counted_in_another_unit_has_a_picture_of_its_own(ada, carol):
    for days, amount in ((21, "9600.50"), (20, "80")):
        ada.does("deal_won", at=days_ago(days), revenue=amount, currency="EUR")
    money = "e{0}=deal_won&e{0}.measure=sum&e{0}.property=revenue&e{0}.p=currency&e{0}.op=%3D&e{0}.v=EUR"
    link = f"e1=deal_won&e1.measure=events&{money.format(2)}&e3=deal_won&compare=0&period=30d"
    context = carol.client.get(f"{TREND}?{link}").context
    drawn = [json.loads(chart["json"]) for chart in context["charts"]]
    assert [(chart["unit"], [series["hue"] for series in chart["series"]]) for chart in drawn] == [
        ("events", [1]),
        ("revenue in all, EUR", [2]),
        ("people", [3]),
    ]
    assert all(chart["has_legend"] for chart in drawn)
    assert context["charts"][1]["said"].startswith("“revenue of Deal won”: revenue in all, EUR, from ")


def test_each_currency_of_a_breakdown_has_a_picture_and_the_smaller_unit_is_drawn_too(ada, carol):
    for currency, amount in (("EUR", "100000"), ("NOK", "2"), (None, "1")):
        ada.does("deal_won", at=days_ago(20), revenue=amount, **({"currency": currency} if currency else {}))
    link = "e1=deal_won&e1.measure=sum&e1.property=revenue&e2=deal_won&e2.measure=events&by=currency&period=30d"
    units = [json.loads(chart["json"])["unit"] for chart in carol.client.get(f"{TREND}?{link}").context["charts"]]
    assert sorted(units) == ["events", "revenue in all", "revenue in all, EUR", "revenue in all, NOK"]


def test_the_file_of_a_trend_has_every_row(visits, carol):
    rows = rows_of(carol.client.get(f"{TREND}table.csv?e1=page_viewed&e1.measure=events&period=30d"))
    assert len(rows) == 30
    assert sum(float(row["value"]) for row in rows) == 3
    assert {row["incomplete"] for row in rows} == {"false", "true"}


def test_the_file_of_a_trend_says_what_each_value_is_and_the_zone_of_its_day(ada, carol):
    ada.does("deal_won", at=days_ago(2), revenue="9600.50", currency="EUR")
    link = "e1=deal_won&e1.measure=events&e2=deal_won&e2.measure=sum&e2.property=revenue&period=30d&tz=Europe/Oslo"
    rows = rows_of(carol.client.get(f"{TREND}table.csv?{link}"))
    names = ("label", "measure", "property", "timezone", "value")
    assert [[row[name] for name in names] for row in rows if row["value"] not in ("", "0")] == [
        ["deal_won", "events", "", "Europe/Oslo", "1"],
        ["deal_won", "sum", "revenue", "Europe/Oslo", "9600.5"],
    ]


def test_a_file_of_what_cannot_be_answered_says_why(visits, carol):
    for page in PAGES:
        response = carol.client.get(f"{page}table.csv?e1=a&a1=a&tz=Mars")
        assert response.status_code == 400
        assert b"is no time zone" in response.content


def test_the_heat_map_has_a_row_for_each_cohort_and_marks_what_is_not_over(visits, carol):
    response = carol.client.get(f"{RETENTION}?{PAGES[RETENTION]}")
    (row,) = response.context["rows"]
    # Of two, one came back after a week: too few for a percentage.
    assert [cell.text for cell in row.cells][:3] == ["0", "1/2", "0"]
    assert row.cells[-1].is_incomplete
    assert response.context["overall"].cells[1].text == "1/2"
    assert 'class="num heat-0" title="1 of 2, week 1"' in body(response)


def test_a_control_asks_for_the_first_of_all_time(visits, carol, ada):
    ada.visits("/pricing", at=days_ago(200))
    link = "a1=page_viewed&a1.first=1&r1=form_submitted&r1.first=1&period=30d"
    response = carol.client.get(f"{RETENTION}?{link}")
    question = response.context["asked"].question
    assert (question["start"]["first_ever"], question["return"]["first_ever"]) == (True, True)
    # Ada's first view lies before the period: only Ben began in it.
    assert [row.size for row in response.context["rows"]] == [1]
    assert response.context["sentence"].startswith(
        "1 person began with “Page viewed”, their first ever, in the last 30"
    )
    page = body(response)
    assert page.count('<option value="1" selected>only the first of all time</option>') == 2
    assert 'name="a1.first"' in page
    assert 'name="r1.first"' in page
    without = carol.client.get(f"{RETENTION}?a1=page_viewed&r1=form_submitted&period=30d")
    assert [row.size for row in without.context["rows"]] == [2]


def test_the_heat_map_of_a_breakdown_has_a_row_for_each_group(visits, carol):
    context = carol.client.get(f"{RETENTION}?a1=page_viewed&by=path&period=30d").context
    assert [(row.name, row.size) for row in context["rows"]] == [("/pricing", 2)]


def test_the_file_of_retention_ends_with_the_averages(visits, carol):
    rows = rows_of(carol.client.get(f"{RETENTION}table.csv?{PAGES[RETENTION]}"))
    assert {"size": "2", "count": "1", "share": "0.5"}.items() <= next(
        row for row in rows if row["cohort"] == "" and row["period"] == "1"
    ).items()


def test_paths_are_drawn_listed_and_begin_anew_at_a_node(visits, carol):
    link = "a1=form_submitted&direction=before&node=path&of=page_viewed&period=30d"
    response = carol.client.get(f"{PATHS}?{link}")
    picture = response.context["picture"]
    assert [(flow.start.name, flow.end.name, flow.count) for flow in picture.drawing.flows] == [
        ("/pricing", "form_submitted", 1),
        ("(start)", "/pricing", 1),
    ]
    assert [(words, [place.words for place in places]) for words, places in picture.steps] == [
        ("End", ["Form submitted"]),
        ("1 step before", ["/pricing"]),
        ("2 steps before", ["(start)"]),
    ]
    node = next(place for place in picture.places if place.node.name == "/pricing")
    again = carol.client.get(f"{PATHS}?{node.link}")
    assert again.context["asked"].question["anchor"] == {
        "event": "page_viewed",
        "where": [{"property": "path", "op": "=", "value": "/pricing"}],
    }
    assert response.context["table"].rows[0][1:4] == ["/pricing", "Form submitted", "1"]


def test_the_file_of_paths_has_a_row_for_each_link(visits, carol):
    rows = rows_of(carol.client.get(f"{PATHS}table.csv?a1=form_submitted&direction=before&by=device&period=30d"))
    assert [(row["group"], row["from"], row["to"], row["share"], row["median_seconds"]) for row in rows[:2]] == [
        ("", "page_viewed", "form_submitted", "1.0", "7200.0"),
        ("", "(start)", "page_viewed", "1.0", ""),
    ]


def test_no_page_carries_inline_code_or_style(visits, carol):
    import re

    for page, link in PAGES.items():
        for more in ("", "&by=device"):
            text = body(carol.client.get(f"{page}?{link}{more}"))
            assert not re.search(r"\sstyle=|\son[a-z]+=", text), page
            assert not re.search(r"<script(?![^>]*(src=|application/json))", text), page
