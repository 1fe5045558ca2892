"""The page of attribution over a real store: what it says, what it draws, its file, what is wrong, what is nothing."""

import csv
import io
import json
from datetime import timedelta

import pytest

from fullfunnel.analytics.kinds.attribution_groups import shown_groups
from fullfunnel.analytics.kinds.credits import brief_money
from fullfunnel.capture.models import ChannelGroup
from tests.kit.cast import days_ago

PAGE = "/w/halden/attribution/"
LINK = "c1=form_submitted&of=source&period=30d"


@pytest.fixture
def visits(ada, ben):
    """Ada comes by LinkedIn, then by the newsletter, and sends the form; Ben comes and sends nothing."""
    came = days_ago(21)
    ada.visits("/?utm_source=linkedin&utm_medium=paid", at=came)
    ada.visits("/?utm_source=newsletter&utm_medium=email", at=came + timedelta(days=1))
    ada.submits("demo", at=came + timedelta(days=1, minutes=5))
    ben.visits("/?utm_source=linkedin&utm_medium=paid", at=came)


def body(response):
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def test_the_page_says_how_far_the_models_disagree(visits, carol):
    response = carol.client.get(f"{PAGE}?{LINK}")
    assert response.context["sentence"] == (
        "Of 1\u00a0× “Form submitted” in the last 30 days, newsletter earned between 0 and 1 and linkedin between 0 and 1, "
        "depending on the model."
    )
    spans = {span.name: span.said for span in response.context["spans"]}
    assert spans == {"newsletter": "0 (First touch) to 1 (Last touch)", "linkedin": "0 (Last touch) to 1 (First touch)"}


def test_it_compares_by_the_workspaces_own_channels(visits, carol, workspace):
    rules = [{"name": "Social ads", "where": [{"property": "source", "value": "linkedin"}]}]
    ChannelGroup.objects.create(workspace=workspace, rules=rules)
    response = carol.client.get(f"{PAGE}?{LINK.replace('of=source', 'of=channel_group')}")
    assert {span.name for span in response.context["spans"]} == {"Social ads", "Email"}
    assert '<option value="channel_group" selected>your channels</option>' in body(response)


def test_every_model_has_its_column_its_sentence_and_its_range(visits, carol):
    response = carol.client.get(f"{PAGE}?{LINK}")
    heads = [name for name, _, _ in response.context["heads"]]
    assert (len(heads), heads[-1]) == (13, "Participation")
    said = {model.name: (model.said, model.adds_up) for model in response.context["models_said"]}
    assert said["First touch"] == ("linkedin 1.", True)
    assert said["J-shaped"] == ("newsletter 0.8, linkedin 0.2.", True)
    assert said["Participation"] == ("newsletter 1, linkedin 1.", False)
    cell = response.context["rows"][0].cells[heads.index("Linear")]
    assert (cell.text, cell.said) == (
        "0.5",
        "Linear, newsletter: 0.5 of 1; had other people come by, 0 to 0.5 (95\u00a0%)",
    )
    assert "does not add up" in body(response)


def test_split_by_device_each_group_says_what_the_models_give_in_it(visits, carol, cleo):
    cleo.visits("/?utm_source=newsletter&utm_medium=email", at=days_ago(9))
    cleo.submits("demo", at=days_ago(9) + timedelta(minutes=5), device="mobile")
    response = carol.client.get(f"{PAGE}?{LINK}&by=device")
    assert response.context["asked"].question["breakdown"] == {"property": "device", "of": "event", "limit": 25}
    assert response.context["is_split"]
    assert response.context["group_heads"] == [("desktop", 1), ("mobile", 1)]
    rows = {row.name: [cell.text for cell in row.cells] for row in response.context["group_rows"]}
    assert rows == {"newsletter": ["0 to 1", "1"], "linkedin": ["0 to 1", "0"]}
    assert response.context["group_rows"][0].cells[0].said == "0 (First touch) to 1 (Last touch)"
    assert response.context["sentence"].endswith(" By device: desktop 1, mobile 1.")
    assert "Split by device: on" in body(response)


def test_where_no_conversion_has_a_value_the_page_says_so_and_what_to_do(visits, carol):
    response = carol.client.get(f"{PAGE}?{LINK}&by=favourite_colour")
    assert response.context["group_silence"] == "No conversion has a value for “favourite colour”."
    assert response.context["sentence"].endswith(" None of them has a value for “favourite colour”.")
    assert "group_rows" not in response.context
    assert "Ask about an event that has one" in body(response)


def test_the_table_and_the_file_have_the_groups_after_all_together(visits, carol):
    response = carol.client.get(f"{PAGE}?{LINK}&models=linear&by=device")
    assert [row[:4] for row in response.context["table"].rows] == [
        ["linkedin", "all", "Linear", "0.5"],
        ["newsletter", "all", "Linear", "0.5"],
        ["linkedin", "desktop", "Linear", "0.5"],
        ["newsletter", "desktop", "Linear", "0.5"],
    ]
    file = carol.client.get(f"{PAGE}table.csv?{LINK}&models=linear&by=device").content.decode("utf-8-sig")
    rows = [(row["group"], row["value"], row["conversions"]) for row in csv.DictReader(io.StringIO(file))]
    assert rows[:3] == [("all", "linkedin", "0.5"), ("all", "newsletter", "0.5"), ("all", "", "0.0")]
    assert rows[3] == ("desktop", "linkedin", "0.5")


def test_what_no_touch_came_before_is_seen(carol, ada):
    ada.visits("/", at=days_ago(20))
    ada.submits("demo", at=days_ago(5))
    response = carol.client.get(f"{PAGE}?c1=form_submitted&t1=page_viewed&of=source&back=1&period=30d")
    assert response.context["unattributed"] == 1
    assert [row.name for row in response.context["rows"]] == ["no touch"]
    assert "1 of 1 had no touch within 1 day before" in body(response)
    assert response.context["sentence"].startswith("No touch came before 1")


def test_money_is_shown_with_its_currency_and_to_the_cent_in_the_table(carol, ada):
    ada.visits("/?utm_source=linkedin&utm_medium=paid", at=days_ago(4))
    ada.visits("/?utm_source=newsletter&utm_medium=email", at=days_ago(3))
    ada.does("order_completed", at=days_ago(2), revenue="100.01", currency="EUR")
    response = carol.client.get(f"{PAGE}?c1=order_completed&of=source&show=money&models=linear&period=30d")
    assert [[cell.text for cell in row.cells] for row in response.context["rows"]] == [["€50"], ["€50"]]
    table = response.context["table"]
    assert sorted(row[-1] for row in table.rows) == ["€50.00", "€50.01"]
    assert [span.said for span in response.context["spans"]] == ["€50 (Linear)", "€50 (Linear)"]
    assert "depending on the model" not in response.context["sentence"]
    assert response.context["scale_end"] == "€50 of €100"
    assert "linkedin earned 0.5 of them (€50)" in response.context["sentence"]


def test_a_mistyped_property_of_money_is_said_with_the_one_that_was_meant(carol, ada):
    ada.visits("/?utm_source=linkedin&utm_medium=paid", at=days_ago(4))
    ada.does("order_completed", at=days_ago(2), revenue="100.01", currency="EUR")
    link = f"{PAGE}?c1=order_completed&of=source&models=linear&period=30d"
    page = carol.client.get(f"{link}&c1.worth=revenu")
    assert page.context["without_money"] == (
        "“Worth” is a property that no conversion has: 'revenu'; did you mean 'revenue'?"
    )
    assert "So no money is shown." in body(page)
    assert carol.client.get(link).context["without_money"] == ""


def test_who_asks_for_no_money_is_not_told_that_there_is_none(visits, carol):
    link = f"{PAGE}?c1=form_submitted&of=source&period=30d"
    assert carol.client.get(link).context["without_money"] == ""
    assert carol.client.get(f"{link}&show=money").context["without_money"] == (
        "“Worth” is a property that no conversion has: 'revenue'."
    )


def test_where_money_says_another_thing_than_counts_spans_and_sentence_say_it(carol, ada, ben):
    ada.visits("/?utm_source=linkedin&utm_medium=paid", at=days_ago(4))
    ada.does("order_completed", at=days_ago(3), revenue="9000", currency="EUR")
    ben.visits("/?utm_source=newsletter&utm_medium=email", at=days_ago(4))
    for days in (3, 2, 1):
        ben.does("order_completed", at=days_ago(days), revenue="1000", currency="EUR")
    link = f"{PAGE}?c1=order_completed&of=source&models=linear&period=30d"
    counted = carol.client.get(link).context
    assert [row.name for row in counted["rows"]] == ["newsletter", "linkedin"]
    earned = carol.client.get(f"{link}&show=money").context
    assert [row.name for row in earned["rows"]] == ["linkedin", "newsletter"]
    assert [span.said for span in earned["spans"]] == ["€9,000 (Linear)", "€3,000 (Linear)"]
    assert [row.cells[0].text for row in earned["rows"]] == ["€9k", "€3k"]
    assert "linkedin earned 1 of them (€9,000) and newsletter 3 of them (€3,000)" in earned["sentence"]


def test_amounts_in_a_cell_are_brief():
    amounts = ("240000", "40320", "9600", "999.5", "1234567", "0", "-2500", "99960")
    said = [brief_money({"amount": amount, "currency": "EUR"}) for amount in amounts]
    assert said == ["€240k", "€40k", "€9.6k", "€1,000", "€1.2m", "€0", "−€2.5k", "€100k"]


def test_why_deals_have_no_device_is_said():
    question = {"conversion": "deal_won", "breakdown": {"property": "device", "of": "event", "limit": 25}}
    said = shown_groups(question, {"groups": [{"value": None}]}, None)
    assert said["group_silence"].startswith("No “Deal won” has a value for “device”: a browser or an app tells it")


def test_where_a_form_would_have_a_value_it_is_one_press_away(carol, ada):
    ada.visits("/", at=days_ago(4))
    ada.submits("demo", at=days_ago(3))
    ada.does("deal_won", at=days_ago(2), revenue="10", currency="EUR")
    response = carol.client.get(f"{PAGE}?c1=deal_won&by=colour&period=30d")
    assert f'href="{PAGE}?c1=form_submitted&amp;by=colour&amp;period=30d"' in body(response)
    assert "such as <a" not in body(carol.client.get(f"{PAGE}?c1=form_submitted&by=colour&period=30d"))


def test_the_file_has_a_row_for_each_model_and_value(visits, carol):
    response = carol.client.get(f"{PAGE}table.csv?{LINK}")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 13 * 3
    linear = {row["value"]: row["conversions"] for row in rows if row["model"] == "linear"}
    assert linear == {"newsletter": "0.5", "linkedin": "0.5", "": "0.0"}
    assert {row["adds_up"] for row in rows if row["model"] == "participation"} == {"false"}


def test_the_address_is_the_question_and_a_saved_one_opens_as_it_was(visits, carol):
    link = f"{LINK}&show=conversions&back=4&back.unit=week&models=linear&models=markov"
    asked = carol.client.get(f"{PAGE}?{link}").context["asked"]
    assert asked.question == {
        "kind": "attribution",
        "conversion": {"event": "form_submitted", "value": "revenue"},
        "by": "source",
        "lookback": {"value": 4, "unit": "week"},
        "half_life": {"value": 7, "unit": "day"},
        "models": ["linear", "markov"],
        "limit": 12,
        "period": asked.question["period"],
    }


@pytest.mark.parametrize(
    ("link", "control", "message"),
    [
        ("back=-1", "back", "must be a number, 0 or more"),
        ("half=0", "half", "must be longer than nothing"),
        ("most=x", "most", "whole number from 1 to 100"),
        ("models=linear,guess", "models", "is not known"),
        ("of=device", "of", "is not known"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_control(visits, carol, link, control, message):
    response = carol.client.get(f"{PAGE}?c1=form_submitted&{link}")
    asked = response.context["asked"]
    assert message in asked.message
    assert asked.control == control
    assert 'role="alert"' in body(response)


def test_without_a_question_the_end_of_the_road_is_asked_about(visits, carol):
    response = carol.client.get(PAGE)
    assert response.context["asked"].question["conversion"]["event"] == "form_submitted"


def test_what_did_not_happen_is_said(visits, carol):
    response = carol.client.get(f"{PAGE}?c1=deal_won&period=30d")
    assert response.context["sentence"] == "“Deal won” did not happen in the last 30 days."
    assert "did not happen in the last 30 days. Choose a longer period, or another event." in body(response)


def test_the_question_can_be_asked_by_api_as_it_stands(visits, carol):
    response = carol.client.get(f"{PAGE}?{LINK}")
    assert json.dumps(response.context["asked"].question["conversion"])
    assert "Ask by API" in body(response)
