"""What the drop-off analyst leads with: the first touch instead of the step's own channel, and never a cell of nothing."""

import pytest

from fullfunnel.journeys.ask import answer
from tests.engines.stream import Row, Stream
from tests.engines.tell import ask, told

HOUR = 3_600_000_000
DAY = 24 * HOUR


def drop_off(world, question, **more):
    return answer({"kind": "drop_off", "question": question, "step": 2, **more}, world.dataset)


def came(person, at, channel, source, **more):
    return Row(person, "page_viewed", at, {"channel": channel, "source": source, "path": "/", **more})


def site():
    """200 people, half of them by LinkedIn, see the form's page in a later visit; most of those by LinkedIn send it.

    As capture records it, only the first page of a visit says where it came from: the form's page has no channel, and who looked at
    another page last has one.
    """
    rows = []
    for number in range(200):
        name, at, is_linkedin = f"p{number}", number * DAY, number % 2 == 0
        rows.append(came(name, at, *(("Paid Social", "linkedin") if is_linkedin else ("Organic Search", "google"))))
        went_on = number % 10 < 7 if is_linkedin else number % 10 < 3
        if went_on:
            rows += [Row(name, "page_viewed", at + 2 * HOUR, {"path": "/demo"})]
            rows += [Row(name, "form_submitted", at + 3 * HOUR, {"path": "/demo"})]
        else:
            rows.append(came(name, at + 2 * HOUR, "Direct", "(direct)"))
    return Stream(rows, until=10**6 * DAY)


def test_the_first_touch_leads_and_not_the_channel_of_the_step_before():
    rows = drop_off(site(), ask("page_viewed", "form_submitted"))["rows"]
    first = rows[0]
    assert (first["factor"], first["property"], first["set_apart"]) == ("first_touch", "channel", False)
    assert [(one["factor"], one["property"]) for one in first["also"]] == [("first_touch", "source")]
    assert not [row for row in rows if row["factor"] == "property" and row["property"] in ("channel", "source")]


def test_the_first_touch_is_read_in_words():
    rows = drop_off(site(), ask("page_viewed", "form_submitted"))["rows"]
    assert rows[0]["sentence"].startswith("Those who first came by channel ")
    assert rows[0]["sentence"].startswith(rows[0]["who"] + ": ")


def test_each_number_of_the_first_touch_is_the_length_of_its_list():
    world, question = site(), ask("page_viewed", "form_submitted")
    row = drop_off(world, question)["rows"][0]
    named = {name: row[name] for name in ("factor", "property", "value")}
    for side, having in (("with", True), ("without", False)):
        for outcome, number in row[side].items():
            listed = drop_off(world, question, show="people", **named, **{"with": having}, outcome=outcome, limit=1_000)
            assert listed["total"] == number


def touched(world, **chosen):
    listed = drop_off(world, ask("a", "b"), show="people", factor="first_touch", outcome="dropped", **chosen)
    return [one["person"] for one in listed["people"]]


def test_all_of_a_first_touch_is_read_off_one_event():
    world = told(
        "ada look 0 channel=Email source=letter",
        "ada look 1 channel=Direct campaign=spring",
        "ada a 2",
        "ben a 2 campaign=spring",
        "cleo a 2 channel=Direct",
        "cleo look 3 channel=Email",
        until=9_000,
    )
    assert touched(world, property="channel", value="Email") == ["ada"]
    # Ben's event says a campaign and no channel, so it is no touch; what Cleo did after the step before is not looked at.
    assert touched(world, property="campaign", value="spring") == []
    assert touched(world, property="channel", value="Direct") == ["cleo"]
    assert touched(world, property="channel", value=None) == ["ben"]


def test_where_nothing_has_a_channel_the_first_event_that_says_anything_of_it_is_the_touch():
    world = told("ada look 0 source=letter", "ada a 1 source=web campaign=x", "ben a 1", until=9_000)
    assert touched(world, property="source", value="letter") == ["ada"]
    assert touched(world, property="campaign", value="x") == []
    assert touched(world, property="source", value=None) == ["ben"]


def layouts(*groups):
    """(layout, plan, how many went on, how many were lost)."""
    rows, number = [], 0
    for layout, plan, on, lost in groups:
        for place in range(on + lost):
            name, at = f"p{number}", number * DAY
            number += 1
            rows.append(Row(name, "a", at, {"layout": layout, "plan": plan}))
            if place < on:
                rows.append(Row(name, "b", at + HOUR))
    return Stream(rows, until=10**6 * DAY)


@pytest.mark.parametrize(("others", "apart"), [(4, True), (5, False)])
def test_what_has_too_little_in_a_cell_is_told_after_what_has_enough(others, apart):
    world = layouts(("old", "x", others, 400), ("new", "pro", 200, 200), ("new", "free", 100, 300))
    rows = [row for row in drop_off(world, ask("a", "b"))["rows"] if row["q"] < 0.05]
    told_of = {(row["property"], row["value"]): row["set_apart"] for row in rows}
    assert told_of["layout", "old"] == apart
    assert rows[0]["set_apart"] is False
    assert [row["set_apart"] for row in rows] == sorted(row["set_apart"] for row in rows)


def test_what_is_set_apart_was_tested_and_counted_as_all_others():
    world = layouts(("old", "x", 0, 400), ("new", "pro", 200, 200), ("new", "free", 100, 300))
    found = drop_off(world, ask("a", "b"))
    assert (found["tested"], len(found["rows"]), found["silent"]) == (3, 3, 0)


def test_a_property_that_is_all_or_nothing_for_most_of_its_values_leads_with_none_of_them():
    pages = [(page, "pro" if at % 2 else "free", 0, 100) for at, page in enumerate(("/", "/about", "/blog", "/price"))]
    world = layouts(*pages, ("/demo", "pro", 90, 60), ("/demo", "free", 60, 90))
    rows = drop_off(world, ask("a", "b"))["rows"]
    assert rows[0]["property"] == "plan"
    demo = next(row for row in rows if row["value"] == "/demo")
    assert (demo["set_apart"], min(*demo["with"].values(), demo["without"]["dropped"])) == (True, 150)
