"""`hold`: an entry keeps the values that it had at its first step."""

import pytest

from tests.engines.tell import ask, groups, hours, listed, told


def test_every_step_has_the_value_of_the_first():
    world = told(
        "ada see 0 p=x",
        "ada buy 1 p=x",
        "ben see 0 p=x",
        "ben buy 1 p=y",
        "cleo see 0 p=x",
        "cleo see 1 p=y",
        "cleo buy 2 p=y",
    )
    assert world.counts(ask("see", "buy")) == [3, 3]
    assert world.counts(ask("see", "buy", hold=["p"])) == [3, 2]
    assert listed(world, ask("see", "buy", hold=["p"])) == ["ada", "cleo"]


def test_a_step_takes_the_first_event_that_keeps_the_value():
    world = told("ada see 0 p=x", "ada buy 1 p=y", "ada buy 3 p=x")
    [_, buy] = world.ask(ask("see", "buy", hold=["p"]))["steps"]
    assert buy["seconds_from_previous"]["median"] == 3 * 3600


def test_no_value_is_a_value_of_its_own():
    world = told("ada see 0", "ada buy 1", "ben see 0", "ben buy 1 p=x", "cleo see 0 p=", "cleo buy 1")
    assert listed(world, ask("see", "buy", hold=["p"])) == ["ada", "cleo"]


def test_several_properties_are_held_together():
    world = told("ada see 0 p=x q=1", "ada buy 1 p=x q=1", "ben see 0 p=x q=1", "ben buy 1 p=x q=2")
    assert world.counts(ask("see", "buy", hold=["p"])) == [2, 2]
    assert world.counts(ask("see", "buy", hold=["p", "q"])) == [2, 1]


def test_a_person_with_several_values_counts_once_by_the_furthest_entry():
    world = told("ada see 0 p=x", "ada buy 1 p=x", "ada see 2 p=y", "ada see 3 p=z", until=4)
    answer = world.ask(ask("see", "buy", hold=["p"]))
    assert [step["count"] for step in answer["steps"]] == [1, 1]


def test_strict_is_broken_by_an_event_with_another_value():
    world = told("ada see 0 p=x", "ada buy 1 p=y", "ada buy 2 p=x", "ben see 0 p=x", "ben buy 2 p=x")
    assert world.counts(ask("see", "buy", order="strict")) == [2, 2]
    assert listed(world, ask("see", "buy", order="strict", hold=["p"])) == ["ben"]


def test_an_exclusion_bars_whatever_its_value():
    world = told("ada see 0 p=x", "ada leave 1 p=y", "ada buy 2 p=x", "ben see 0 p=x", "ben buy 2 p=x")
    question = ask("see", "buy", hold=["p"], exclude=[{"event": "leave"}])
    assert listed(world, question) == ["ben"]
    assert world.ask(question | {"exclude": [{"event": "leave", "effect": "remove"}]})["units"] == 1


def test_any_order_holds_the_value_of_the_step_that_came_first():
    world = told("ada buy 0 p=x", "ada see 1 p=x", "ben buy 0 p=x", "ben see 1 p=y")
    assert listed(world, ask("see", "buy", order="any", hold=["p"])) == ["ada"]


def test_only_the_first_entry_of_all_values_counts_with_entries_first():
    world = told("ada see 0 p=x", "ada see 1 p=y", "ada buy 2 p=y")
    assert world.counts(ask("see", "buy", hold=["p"])) == [1, 1]
    assert world.counts(ask("see", "buy", hold=["p"], entries="first")) == [1, 0]


def test_entries_of_all_values_follow_one_another():
    world = told("ada see 0 p=x", "ada see 1 p=y", "ada buy 2 p=x", "ada see 3 p=y", "ada buy 4 p=y")
    # The entry of y at 1 lies inside that of x, which ended at 2.
    assert world.counts(ask("see", "buy", hold=["p"], count="entries")) == [2, 2]


def test_of_entries_that_begin_at_once_the_one_that_comes_furthest_is_taken():
    world = told("ada see 0 p=a", "ada see 0 p=z", "ada buy 1 p=z")
    for fields in ({}, {"entries": "first"}, {"count": "entries"}):
        assert world.counts(ask("see", "buy", hold=["p"], window=hours(2), **fields)) == [1, 1]


@pytest.mark.parametrize(
    ("attribution", "expected"),
    [
        ("first", [("app", [1, 1]), ("web", [1, 0])]),
        ("all", [("app", [2, 0]), ("web", [2, 0])]),
        ("step", [("app", [2, 1]), ("web", [2, 0])]),
    ],
)
def test_a_held_value_and_a_breakdown_go_together(attribution, expected):
    world = told(
        "ada see 0 p=x on=app", "ada see 1 p=y on=web", "ada buy 2 p=x on=web", "ben see 0 p=x on=web", "ben buy 1 p=y on=web", "ben see 2 p=z on=app"
    )  # fmt: skip
    question = ask("see", "buy", hold=["p"], breakdown={"property": "on", "attribution": attribution})
    assert groups(world, question) == expected
