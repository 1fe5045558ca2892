"""The list of people is filtered by conditions: added by a form, kept in the address, said in words, taken away."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.kit.cast import days_ago

HERE = "/w/halden/people/"


@pytest.fixture
def three(ada, ben, cleo):
    ada.visits("/pricing", at=days_ago(5))
    ada.visits("/pricing", at=days_ago(3))
    ada.identifies("a", plan="pro")
    ben.visits("/pricing", at=days_ago(4))
    ben.identifies("b", plan="free")
    cleo.visits("/", at=days_ago(60))
    return {"ada": ada, "ben": ben, "cleo": cleo}


def listed(page, three):
    people = {visitor.person: name for name, visitor in three.items()}
    return sorted(people[person] for person in page.context["listing"].page.rows)


def where(*clauses):
    return HERE + "?" + urlencode({"where": json.dumps(clauses)})


def test_a_condition_on_a_trait_and_one_on_a_journey(alice, three):
    page = alice.client.get(HERE, {"property": "plan", "op": "=", "value": "pro"})
    assert listed(page, three) == ["ada"]
    assert "1 person matches the conditions." in page.content.decode()
    page = alice.client.get(HERE, {"event": "page_viewed", "least": "1", "count": "times", "days": "30"})
    assert listed(page, three) == ["ada", "ben"]


def test_conditions_add_up_are_said_in_words_and_can_be_taken_away(alice, three):
    seen = {"has": {"event": "page_viewed", "at_least": 1, "since": {"days_ago": 30}}}
    page = alice.client.get(where(seen) + "&property=plan&op=!=&value=pro")
    assert listed(page, three) == ["ben"]
    words, links = zip(*page.context["bar"].chips, strict=True)
    assert words == ("page_viewed, since 30 days ago", "plan is not pro")
    kept = json.loads(parse_qs(links[0])["where"][0])
    assert kept == [{"property": "plan", "op": "!=", "value": "pro"}]
    assert listed(alice.client.get(f"{HERE}?{links[0]}"), three) == ["ben", "cleo"]


def test_links_of_the_list_keep_the_conditions(alice, three):
    page = alice.client.get(where({"property": "plan", "op": "is_set"}))
    sorts = [heading.url for heading in page.context["listing"].headings if heading.url]
    query = parse_qs(urlsplit(sorts[0]).query)
    assert json.loads(query["where"][0]) == [{"property": "plan", "op": "is_set"}]


@pytest.mark.parametrize(
    "text", ["{", "[7]", '[{"has": {}}]', "[" * 9_000, '{"all": [{"all": [{"all": [{"all": []}]}]}]}']
)
def test_what_cannot_be_read_filters_nothing_and_says_why(alice, three, text):
    page = alice.client.get(HERE, {"where": text})
    assert listed(page, three) == ["ada", "ben", "cleo"]
    assert "The filter was not read" in page.content.decode()


def test_a_pattern_that_is_none_is_a_sentence(alice, three):
    page = alice.client.get(HERE, {"property": "plan", "op": "matches", "value": "("})
    assert page.status_code == 200
    assert "is no regular expression" in page.content.decode()


def test_the_form_says_properties_of_an_event_and_a_span(alice, three):
    asked = {
        "event": "page_viewed",
        "least": "2",
        "count": "times",
        "of": ["path", "", "host"],
        "of_value": ["/pricing", "", ""],
    }
    asked |= {"of_op": ["=", "=", "is_not_set"], "within": "3", "unit": "day"}
    page = alice.client.get(HERE, asked)
    assert listed(page, three) == ["ada"]
    assert page.context["bar"].chips[0][0] == (
        "page_viewed where path is /pricing and host has no value, at least 2 times within 3 days"
    )
    assert listed(alice.client.get(HERE, asked | {"within": "1"}), three) == []
    assert listed(alice.client.get(HERE, asked | {"of_value": ["/", "", ""]}), three) == []


@pytest.mark.parametrize("page", ["people/", "deals/", "deals/list/"])
@pytest.mark.parametrize(
    "text",
    [
        '[{"property": "plan", "value": "\\ud800"}]',
        '[{"property": "\\ud800", "value": "a"}]',
        '[{"has": {"event": "x", "where": [{"property": "a", "value": "\\ud800"}]}}]',
        '[{"property": "a", "value": NaN}]',
        '[{"has": {"event": "x", "within": {"value": 1, "unit": []}}}]',
        '[{"property": "first_seen", "op": "since", "value": "0001-01-01"}]',
        '[{"property": "opened", "op": "before", "value": "9999-12-31"}]',
        '[{"has": {"event": "x", "since": "0001-01-01"}}]',
    ],
)
def test_what_no_index_and_no_calendar_has_filters_nothing(alice, three, page, text):
    said = alice.client.get(f"/w/halden/{page}", {"where": text})
    assert said.status_code == 200
    # The board has no line for it.
    assert page == "deals/" or "The filter was not read" in said.content.decode()
