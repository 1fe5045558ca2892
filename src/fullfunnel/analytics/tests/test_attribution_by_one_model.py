"""Attribution opens with one model, the workspace's; three others are beside it, and all are compared where one asks for it."""

from datetime import timedelta

import pytest

from fullfunnel.analytics.kinds.attribution_models import MODEL_NAMES, MODEL_WORDS, OFFERED, offered_models
from fullfunnel.journeys.attribution.models import RULES
from tests.kit.cast import days_ago

PAGE = "/w/halden/attribution/"
MORE = "c1=order_completed&of=source&period=30d"


@pytest.fixture
def orders(ada, ben):
    """Ada comes by LinkedIn, then by the newsletter, and buys for 100; Ben comes by the newsletter and buys for 60, twice."""
    ada.visits("/?utm_source=linkedin&utm_medium=paid", at=days_ago(21))
    ada.visits("/?utm_source=newsletter&utm_medium=email", at=days_ago(20))
    ada.does("order_completed", at=days_ago(20) + timedelta(minutes=5), revenue="100", currency="EUR")
    ben.visits("/?utm_source=newsletter&utm_medium=email", at=days_ago(9))
    for hours in (1, 2):
        ben.does("order_completed", at=days_ago(9) + timedelta(hours=hours), revenue="60", currency="EUR")


def chosen(response):
    assert response.status_code == 200, response.content[:500]
    return [(one.name, one.is_on) for one in response.context["choices_of_model"]]


def test_the_page_opens_with_the_model_of_the_workspace_and_no_other(orders, carol, workspace):
    page = carol.client.get(PAGE)
    assert page.context["asked"].question["models"] == ["last_non_direct"]
    assert chosen(page) == [("Last non-direct", True), ("First touch", False), ("U-shaped", False), ("Markov", False)]
    assert "How far the models disagree" not in page.content.decode()
    workspace.attribution_model = "linear"
    workspace.save()
    page = carol.client.get(PAGE)
    assert page.context["asked"].question["models"] == ["linear"]
    assert chosen(page) == [("Linear", True), ("First touch", False), ("U-shaped", False), ("Markov", False)]


def test_money_stands_beside_the_share(orders, carol):
    page = carol.client.get(f"{PAGE}?{MORE}&models=first_touch")
    rows = [(row.name, row.width, row.conversions, row.money) for row in page.context["earned"]]
    assert rows == [("newsletter", 100.0, "2", "€120"), ("linkedin", 50.0, "1", "€100")]
    text = " ".join(page.content.decode().split())
    assert '<th scope="col" class="num">Money</th> <th scope="col" class="num">Conversions</th>' in text
    assert page.context["sentence"].endswith(
        "newsletter earned 2 of them (€120) and linkedin 1 of them (€100), by the model First touch."
    )


def test_of_twenty_and_more_the_share_is_told(carol, ada):
    ada.visits("/?utm_source=linkedin&utm_medium=paid", at=days_ago(9))
    for number in range(20):
        ada.does("order_completed", at=days_ago(9) + timedelta(minutes=number + 1), revenue="5", currency="EUR")
    page = carol.client.get(f"{PAGE}?{MORE}&models=first_touch")
    assert [(row.share, row.money) for row in page.context["earned"]] == [("100\xa0%", "€100")]
    assert "linkedin earned 100\xa0% (€100), by the model First touch." in page.context["sentence"]


def test_each_model_is_one_press_away_and_all_are_behind_compare_all(orders, carol):
    page = carol.client.get(f"{PAGE}?{MORE}&models=first_touch")
    last = next(one for one in page.context["choices_of_model"] if one.name == "Last non-direct")
    assert [row.name for row in carol.client.get(f"{PAGE}?{last.link}").context["earned"]] == ["newsletter"]
    compared = carol.client.get(f"{PAGE}?{page.context['compare_link']}")
    assert len(compared.context["heads"]) == 13
    assert "earned" not in compared.context
    assert (compared.context["is_comparing"], any(is_on for _, is_on in chosen(compared))) == (True, False)
    assert "How far the models disagree" in compared.content.decode()
    # From the comparison each model's name leads to it alone.
    assert (
        f'href="{PAGE}?{page.context["compare_link"].replace("&", "&amp;")}&amp;models=linear"'
        in compared.content.decode()
    )


def test_another_model_than_those_offered_stands_beside_them_while_it_is_shown(orders, carol):
    assert chosen(carol.client.get(f"{PAGE}?{MORE}&models=linear"))[-1] == ("Linear", True)


def test_an_address_that_names_no_model_still_means_all(orders, carol):
    assert "models" not in carol.client.get(f"{PAGE}?{MORE}").context["asked"].question


def test_what_does_not_add_up_is_shown_alone_with_its_words(orders, carol):
    page = carol.client.get(f"{PAGE}?{MORE}&models=participation")
    assert [(row.name, row.conversions, row.money) for row in page.context["earned"]] == [
        ("newsletter", "3", "€220"),
        ("linkedin", "1", "€100"),
    ]
    assert "does not add up" in page.content.decode()
    assert "No touch came before" not in page.context["sentence"]


def test_the_choice_of_a_model_does_not_open_the_further_options(orders, carol):
    assert carol.client.get(f"{PAGE}?{MORE}&models=linear").context["is_unfolded"] is False
    assert carol.client.get(f"{PAGE}?{MORE}&models=linear&most=3").context["is_unfolded"] is True


def test_the_names_of_the_models_are_those_that_the_engine_knows():
    assert set(MODEL_NAMES) == set(MODEL_WORDS) == {*RULES, "markov", "shapley"}
    assert offered_models("markov") == [*OFFERED]
    assert offered_models("shapley") == ["shapley", "first_touch", "u_shaped", "markov"]
