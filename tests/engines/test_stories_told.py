"""One tiny story for each sentence of the contract on exclusions, groups, period and what is shown, counted by hand."""

import pytest

from tests.engines.stream import Row, Stream, microseconds
from tests.engines.tell import NOON, ask, groups, hours, listed, told

# Exclusions

SHUT = ["ada see 0", "ada x 1", "ada buy 2", "ada see 3", "ada buy 4", "ben see 0", "ben x 1", "ben buy 2"]


@pytest.mark.parametrize(("effect", "expected"), [("drop", [1, 1]), ("remove", [0, 0]), ("stop", [2, 1])])
def test_an_exclusion_drops_the_entry_removes_the_unit_or_stops_the_entry(effect, expected):
    assert (
        told(*SHUT).counts(ask("see", "buy", exclude=[{"event": "x", "from": 1, "to": 2, "effect": effect}]))
        == expected
    )


def test_an_exclusion_drops_unless_it_says_otherwise():
    assert told(*SHUT).counts(ask("see", "buy", exclude=[{"event": "x", "from": 1, "to": 2}])) == [1, 1]


def test_an_exclusion_counts_after_from_and_before_to_only():
    world = told("ada x 0", "ada see 1", "ada read 2", "ada x 3", "ada buy 4", "ada x 5")
    assert world.counts(ask("see", "read", "buy", exclude=[{"event": "x", "from": 1, "to": 2}])) == [1, 1, 1]
    assert world.counts(ask("see", "read", "buy", exclude=[{"event": "x", "from": 2, "to": 3}])) == [0, 0, 0]


def test_an_exclusion_at_the_very_moment_of_a_step_costs_nothing():
    world = told("ada see 0", "ada x 0", "ada buy 1", "ada x 1")
    assert world.counts(ask("see", "buy", exclude=[{"event": "x"}])) == [1, 1]


def test_when_to_was_not_reached_an_exclusion_counts_until_the_window_ends():
    question = ask("see", "buy", window=hours(2), exclude=[{"event": "x"}])
    assert told("ada see 0", "ada x 1", "ben see 0", "ben x 3").counts(question) == [1, 0]


# Breakdown


def test_first_and_last_put_a_unit_into_one_group_by_its_values_on_matching_events():
    world = told("ada see 0", "ada x 0 p=no", "ada see 1 p=one", "ada buy 2 p=two")
    question = ask("see", "buy")
    assert groups(world, question | {"breakdown": {"property": "p"}}) == [("one", [1, 1])]
    assert groups(world, question | {"breakdown": {"property": "p", "attribution": "last"}}) == [("two", [1, 1])]


def test_all_runs_the_funnel_on_the_events_of_each_value_alone():
    world = told("ada see 0 p=one", "ada buy 1 p=two", "ada see 2 p=two", "ada buy 3 p=two")
    question = ask("see", "buy", breakdown={"property": "p", "attribution": "all"})
    assert groups(world, question) == [("one", [1, 0]), ("two", [1, 1])]


def test_with_step_the_step_must_carry_the_value_and_who_did_not_reach_it_is_in_no_group():
    world = told("ada see 0 p=one", "ada buy 1", "ben see 0 p=two", "ben buy 1 p=three", "cleo see 0 p=one")
    question = ask("see", "buy", breakdown={"property": "p", "attribution": "step", "step": 2})
    assert groups(world, question) == [(None, [1, 1]), ("three", [1, 1])]


def test_with_step_in_any_order_it_is_the_kth_completed_that_carries_the_value():
    world = told("ada buy 0 p=one", "ada see 1 p=two")
    question = ask("see", "buy", order="any", breakdown={"property": "p", "attribution": "step", "step": 1})
    assert groups(world, question) == [("one", [1, 1]), ("two", [1, 0])]


def test_groups_by_a_trait_of_the_person_or_the_company_take_the_value_of_today():
    people = {"ada": {"country": "DE", "company.size": "big"}, "ben": {"country": ""}}
    world = told("ada see 0", "ben see 0", "cleo see 0", people=people)
    assert groups(world, ask("see", breakdown={"property": "country", "of": "person"})) == [(None, [2]), ("DE", [1])]
    assert groups(world, ask("see", breakdown={"property": "size", "of": "company"})) == [(None, [2]), ("big", [1])]


def test_beyond_the_limit_the_smaller_groups_are_other_and_a_person_is_in_it_once():
    happened = [f"p{n} see 0 p=big" for n in range(3)] + ["ada see 0 p=x", "ada see 1 p=y", "ben see 0 p=x"]
    question = ask("see", breakdown={"property": "p", "attribution": "all", "limit": 1})
    assert groups(told(*happened), question) == [("big", [3]), ("(other)", [2])]


# Period


def test_entries_begin_inside_whole_days_of_the_time_zone_both_included():
    moments = [
        "2026-03-28T22:59:59.999999Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T21:59:59.999999Z",
        "2026-03-29T22:00:00Z",
    ]
    world = Stream([Row(f"p{n}", "see", microseconds(moment)) for n, moment in enumerate(moments)])
    question = ask("see", period={"from": "2026-03-29", "to": "2026-03-29", "timezone": "Europe/Berlin"})
    assert listed(world, question) == ["p1", "p2"]


def test_a_time_of_day_in_the_period_is_included():
    rows = [Row("ada", "see", NOON), Row("ben", "see", NOON + 1), Row("cleo", "see", NOON - 1)]
    question = ask("see", period={"from": "2026-03-02T12:00:00", "to": "2026-03-02T12:00:00Z"})
    assert listed(Stream(rows), question) == ["ada"]


def test_a_conversion_may_come_after_the_period_unless_late_conversions_is_false():
    world = told("ada see 0", "ada buy 24")
    period = {"from": "2026-03-02", "to": "2026-03-02"}
    assert world.counts(ask("see", "buy", period=period)) == [1, 1]
    assert world.counts(ask("see", "buy", period=period, late_conversions=False)) == [1, 0]


# Dropped and pending


@pytest.mark.parametrize(("until", "lost"), [(1, (0, 1)), (1.999, (0, 1)), (2, (1, 0)), (3, (1, 0))])
def test_who_still_has_time_is_pending_and_no_drop_off(until, lost):
    step = told("ada see 0", until=until).ask(ask("see", "buy", window=hours(2)))["steps"][1]
    assert (step["dropped"], step["pending"]) == lost


def test_who_can_convert_by_a_later_entry_is_pending():
    world = told("ada see 0", "ada read 1", "ada see 5", until=5.5)
    step = world.ask(ask("see", "read", "buy", window=hours(2)))["steps"][2]
    assert (step["count"], step["dropped"], step["pending"]) == (0, 0, 1)


def test_a_broken_strict_entry_is_dropped_at_once():
    world = told("ada see 0", "ada x 1", "ben see 0", until=1)
    question = ask("see", "buy", order="strict")
    assert (listed(world, question, outcome="dropped"), listed(world, question, outcome="pending")) == (
        ["ada"],
        ["ben"],
    )


# What is shown


def test_times_between_steps_are_exact_to_the_microsecond():
    rows = [Row("ada", "see", NOON), Row("ada", "buy", NOON + 1), Row("ben", "see", NOON), Row("ben", "buy", NOON + 4)]
    spread = Stream(rows).ask(ask("see", "buy"))["steps"][1]["seconds_from_previous"]
    assert spread == {"median": 2.5e-6, "mean": 2.5e-6, "p90": 3.7e-6}


def test_the_answer_has_the_shape_of_the_contract():
    answer = told("ada see 0", "ada buy 1", "ben see 0", until=9).ask(ask("see", "buy", window=hours(2)))
    nothing = {"median": None, "mean": None, "p90": None}
    hour = {"median": 3600.0, "mean": 3600.0, "p90": 3600.0}
    first = {"label": "see", "count": 2, "from_previous": 1.0, "from_first": 1.0, "dropped": 0, "pending": 0}
    second = {"label": "buy", "count": 1, "from_previous": 0.5, "from_first": 0.5, "dropped": 1, "pending": 0}
    assert answer == {
        "kind": "funnel",
        "steps": [first | {"seconds_from_previous": nothing}, second | {"seconds_from_previous": hour}],
        "units": 2,
        "data_until": "2026-03-02T21:00:00Z",
    }


def test_nobody_at_all_is_an_answer_too():
    answer = Stream([]).ask(ask("see", "buy", breakdown={"property": "p"}))
    assert ([step["count"] for step in answer["steps"]], answer["groups"], answer["units"]) == ([0, 0], [], 0)


def test_people_are_listed_oldest_entry_first_with_limit_and_offset():
    world = told("cleo see 2", "ada see 0", "ben see 1")
    assert listed(world, ask("see")) == ["ada", "ben", "cleo"]
    answer = world.ask(ask("see", show="people", limit=1, offset=1))
    assert answer == {"kind": "funnel", "people": [{"person": "ben", "entered_at": "2026-03-02T13:00:00Z"}], "total": 3}


def test_people_of_one_group_are_listed_alone():
    world = told("ada see 0 p=x", "ben see 0 p=y", "cleo see 0")
    question = ask("see", breakdown={"property": "p"})
    assert [listed(world, question, group=value) for value in ("x", "y", None, "z")] == [["ada"], ["ben"], ["cleo"], []]


def test_the_time_to_convert_is_a_histogram_between_two_steps():
    world = told("ada see 0", "ada buy 1", "ben see 0", "ben buy 2.5", "cleo see 0", "cleo buy 5.5", "dan see 0")
    answer = world.ask(ask("see", "buy", show="time_to_convert", from_step=1, to_step=2, bins=2))
    assert (answer["converted"], answer["seconds"]["median"]) == (3, 9000.0)
    assert answer["bins"] == [
        {"from": 0.0, "to": 10800.0, "count": 2},
        {"from": 10800.0, "to": 21600.0, "count": 1},
    ]


@pytest.mark.parametrize(
    ("hours", "bounds"),
    [
        ([1, 1.2, 1.9], [3600, 5400, 7200]),
        ([0.001, 0.0012], [3.5, 4.0, 4.5]),
        ([24, 100, 312], [0, 604800, 1209600]),
        ([0, 0], [0, 1e-6]),
    ],
)
def test_bins_have_round_bounds(hours, bounds):
    world = told(
        *(f"p{at} {what} {when}" for at, hour in enumerate(hours) for what, when in (("see", 0), ("buy", hour)))
    )
    bins = world.ask(ask("see", "buy", show="time_to_convert"))["bins"]
    assert [bins[0]["from"], *(one["to"] for one in bins)] == bounds
    assert sum(one["count"] for one in bins) == len(hours)


def test_a_moment_is_written_with_its_fraction_only_where_it_has_one():
    rows = [Row("ada", "see", NOON + 1)]
    assert Stream(rows).ask(ask("see"))["data_until"] == "2026-03-02T12:00:00.000001Z"


def test_an_entry_of_a_later_spell_of_traits_stands_though_an_earlier_one_converted_too():
    was_set = {"property": "plan", "op": "is_set", "of": "person_then"}
    world = told(
        "ada see 0",
        "ada buy 1",
        "ada trait_changed 2 trait=plan new=pro by=system",
        "ada see 3",
        "ada buy 5",
        "ada see 6",
    )
    question = ask("see", "buy", exclude=[{"event": "leave", "where": [was_set]}])
    [_, buy] = world.ask(question)["steps"]
    assert (buy["count"], buy["seconds_from_previous"]["median"]) == (1, 7200.0)
