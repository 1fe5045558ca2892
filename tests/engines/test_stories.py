"""One tiny story for each sentence of the contract on funnels, counted by hand."""

import pytest

from tests.engines.stream import Row, Stream, microseconds

HOUR = 3_600_000_000
NOON = microseconds("2026-03-02T12:00:00Z")


def told(*happened, people=None, until=None):
    """A world from texts "ada price 0 device=phone by=us in=s1": who, what, hours after noon, properties."""
    rows = []
    for one in happened:
        who, what, hours, *rest = one.split()
        given = dict(part.split("=") for part in rest)
        actor, session = given.pop("by", "person"), given.pop("in", None)
        rows.append(Row(who, what, NOON + round(float(hours) * HOUR), given, session, actor))
    return Stream(rows, people, until=None if until is None else NOON + round(until * HOUR))


def ask(*steps, **fields):
    return {"kind": "funnel", "steps": [{"event": step} if isinstance(step, str) else step for step in steps], **fields}


def hours(value):
    return {"value": value, "unit": "hour"}


def groups(world, question):
    return [(one["value"], [step["count"] for step in one["steps"]]) for one in world.ask(question)["groups"]]


def listed(world, question, **fields):
    return [one["person"] for one in world.ask(question | {"show": "people"} | fields)["people"]]


# A journey


def test_equal_times_are_taken_in_step_order_whatever_came_in_first():
    assert told("ada buy 0", "ada see 0").counts(ask("see", "buy")) == [1, 1]


def test_a_tie_never_costs_a_conversion_also_where_an_event_matches_two_steps():
    assert told("ada a 0", "ada a 1", "ada b 1").counts(ask("a", "b", "a")) == [1, 1, 1]


def test_of_two_events_at_once_the_one_that_fits_both_steps_is_left_for_the_second():
    world = told("ada start 0", "ada step 1 p=both q=yes", "ada step 1 p=first")
    first = {"event": "step"}
    second = {"event": "step", "where": [{"property": "q", "op": "=", "value": "yes"}]}
    assert world.counts(ask("start", first, second)) == [1, 1, 1]


def test_one_event_never_serves_two_steps():
    assert told("ada a 0").counts(ask("a", "a")) == [1, 0]
    assert told("ada a 0", "ada a 0").counts(ask("a", "a")) == [1, 1]
    assert told("ada a 0", "ada a 1").counts(ask("a", "a", "a")) == [1, 1, 0]


def test_any_event_is_one_that_the_person_did_unless_a_step_names_it():
    assert told("ada see 0", "ada mail 1 by=us").counts(ask("see", "*")) == [1, 0]
    assert told("ada see 0", "ada mail 1 by=us").counts(ask("see", "mail")) == [1, 1]
    assert told("ada see 0", "ada mail 1 by=us", "ada mail 2 by=us").counts(ask("see", "mail", "*")) == [1, 1, 1]


# Steps


def test_a_step_may_be_any_of_several_events_and_is_labelled_so():
    answer = told("ada see 0", "ada form 1", "ben see 0", "ben demo 1").ask(ask("see", {"event": ["form", "demo"]}))
    assert [(step["label"], step["count"]) for step in answer["steps"]] == [("see", 2), ("form or demo", 2)]


def test_conditions_of_a_step_are_joined_by_and():
    step = {"event": "see", "where": [{"property": "p", "value": "x"}, {"property": "q", "op": "is_set"}]}
    assert told("ada see 0 p=x", "ben see 0 p=x q=1", "cleo see 0 q=1").counts(ask(step)) == [1]


def test_a_person_condition_takes_the_value_of_today():
    step = {"event": "see", "where": [{"property": "plan", "value": "pro", "of": "person"}]}
    assert told("ada see 0", "ben see 0", people={"ben": {"plan": "pro"}}).counts(ask(step)) == [1]


@pytest.mark.parametrize(("begins", "count"), [(0, 1), (2, 1), (3, 0)])
def test_a_condition_on_then_takes_the_value_when_the_entry_began(begins, count):
    change = "ada trait_changed 3 trait=plan old=free new=pro by=system"
    buy = {"event": "buy", "where": [{"property": "plan", "value": "free", "of": "person_then"}]}
    world = told(f"ada see {begins}", "ada buy 5", change, people={"ada": {"plan": "pro"}})
    assert world.counts(ask("see", buy)) == [1, count]


def test_without_any_change_then_is_as_today():
    see = {"event": "see", "where": [{"property": "plan", "value": "pro", "of": "person_then"}]}
    assert told("ada see 0", "ben see 0", people={"ada": {"plan": "pro"}}).counts(ask(see)) == [1]


def test_an_optional_step_is_counted_and_never_needed_for_the_next():
    question = ask("see", {"event": "read", "optional": True}, "buy")
    world = told("ada see 0", "ada read 1", "ada buy 3", "ben see 0", "ben buy 1", "cleo see 0", "cleo read 1")
    assert world.counts(question) == [3, 2, 2]
    steps = world.ask(question)["steps"]
    assert steps[2]["seconds_from_previous"]["mean"] == 1.5 * 3600
    assert (steps[2]["from_previous"], steps[2]["dropped"] + steps[2]["pending"]) == (2 / 3, 1)


def test_what_comes_after_the_next_step_is_no_optional_step_any_more():
    question = ask("see", {"event": "read", "optional": True}, "buy")
    assert told("ada see 0", "ada buy 1", "ada read 2").counts(question) == [1, 0, 1]


def test_first_ever_matches_only_the_first_event_of_that_kind():
    question = ask({"event": "see", "first_ever": True, "where": [{"property": "p", "value": "x"}]}, "buy")
    assert told("ada see 0 p=x", "ada buy 1", "ben see 0 p=y", "ben see 1 p=x", "ben buy 2").counts(question) == [1, 1]


def test_first_ever_looks_before_the_period_too():
    question = ask({"event": "see", "first_ever": True}, period={"from": "2026-03-02T13:00:00"})
    assert told("ada see 0", "ada see 2", "ben see 2").counts(question) == [1]


# Order


def test_other_events_may_come_between_the_steps_of_an_ordered_funnel():
    assert told("ada see 0", "ada x 1", "ada buy 2").counts(ask("see", "buy")) == [1, 1]


def test_no_other_event_may_come_between_the_steps_of_a_strict_funnel():
    world = told("ada see 0", "ada x 1", "ada buy 2", "ben see 0", "ben buy 2")
    assert world.counts(ask("see", "buy", order="strict")) == [2, 1]


def test_what_was_sent_to_a_person_does_not_break_a_strict_funnel_unless_a_step_names_it():
    world = told("ada see 0", "ada mail 1 by=us", "ada note 1.5 by=system", "ada buy 2")
    assert world.counts(ask("see", "buy", order="strict")) == [1, 1]
    assert world.counts(ask("see", "buy", "mail", order="strict")) == [1, 0, 0]


def test_an_event_at_the_same_moment_does_not_break_a_strict_funnel():
    assert told("ada x 0", "ada see 0", "ada buy 1", "ada x 1").counts(ask("see", "buy", order="strict")) == [1, 1]
    assert told("ada see 0", "ada x 1", "ada buy 1", "ada pay 2").counts(ask("see", "buy", "pay", order="strict")) == [
        1,
        1,
        0,
    ]


def test_in_any_order_step_k_counts_who_completed_k_distinct_steps_in_one_window():
    world = told("ada b 0", "ada a 1", "ben a 0", "ben a 1", "cleo c 0", "cleo a 5", "cleo b 6")
    assert world.counts(ask("a", "b", "c", order="any", window=hours(2))) == [3, 2, 0]


def test_in_any_order_too_a_step_named_twice_needs_two_events():
    assert told("ada a 0", "ada b 1").counts(ask("a", "b", "a", order="any")) == [1, 1, 0]
    assert told("ada a 0", "ada b 1", "ada a 2").counts(ask("a", "b", "a", order="any")) == [1, 1, 1]


# Window


def test_the_end_of_the_window_is_included_to_the_microsecond():
    rows = [
        Row("ada", "see", NOON),
        Row("ada", "buy", NOON + HOUR),
        Row("ben", "see", NOON),
        Row("ben", "buy", NOON + HOUR + 1),
    ]
    assert Stream(rows).counts(ask("see", "buy", window=hours(1))) == [2, 1]


def test_the_window_is_fourteen_days_unless_said_and_null_is_no_limit():
    world = told("ada see 0", f"ada buy {14 * 24}", "ben see 0", f"ben buy {14 * 24 + 1}")
    assert world.counts(ask("see", "buy")) == [2, 1]
    assert world.counts(ask("see", "buy", window=None)) == [2, 2]


def test_a_month_is_thirty_days():
    world = told("ada see 0", "ada buy 720", "ben see 0", "ben buy 721")
    assert world.counts(ask("see", "buy", window={"value": 1, "unit": "month"})) == [2, 1]


def test_a_day_of_the_window_is_24_hours_when_the_clocks_change():
    before = microseconds("2026-03-28T12:00:00+01:00")
    rows = [
        Row("ada", "see", before),
        Row("ada", "buy", before + 24 * HOUR),
        Row("ben", "see", before),
        Row("ben", "buy", before + 24 * HOUR + 1),
    ]
    question = ask(
        "see", "buy", window={"value": 1, "unit": "day"}, period={"from": "2026-03-28", "timezone": "Europe/Berlin"}
    )
    assert Stream(rows).counts(question) == [2, 1]


def test_a_step_may_carry_a_window_of_its_own_counted_from_the_step_before():
    question = ask("see", "read", {"event": "buy", "within": hours(1)})
    assert told("ada see 0", "ada read 5", "ada buy 6", "ben see 0", "ben read 1", "ben buy 3").counts(question) == [
        2,
        2,
        1,
    ]


# Entries and count


def test_any_entry_may_be_the_one_that_converts_furthest():
    world = told("ada see 0", "ada see 5", "ada buy 5.5")
    assert world.counts(ask("see", "buy", window=hours(1))) == [1, 1]
    assert world.counts(ask("see", "buy", window=hours(1), entries="first")) == [1, 0]


def test_among_equal_entries_the_most_recent_stands():
    world = told("ada see 0", "ada see 2", "ada buy 3")
    assert world.ask(ask("see", "buy"))["steps"][1]["seconds_from_previous"]["median"] == 3600.0
    assert world.ask(ask("see", "buy", show="people"))["people"] == [
        {"person": "ada", "entered_at": "2026-03-02T14:00:00Z"}
    ]


def test_within_an_entry_each_step_is_its_first_possible_event():
    world = told("ada see 0", "ada buy 1", "ada buy 2")
    assert world.ask(ask("see", "buy"))["steps"][1]["seconds_from_previous"]["mean"] == 3600.0


def test_every_entry_counts_and_a_new_one_begins_after_the_last_converted_or_timed_out():
    question = ask("see", "buy", count="entries", window=hours(2))
    assert told("ada see 0", "ada see 1", "ada buy 2", "ada buy 2.5", "ada see 3", "ada see 5", "ada see 5.5").counts(
        question
    ) == [3, 1]


def test_a_new_entry_begins_after_the_last_was_excluded():
    question = ask("see", "buy", count="entries", exclude=[{"event": "x"}])
    assert told("ada see 0", "ada see 1", "ada x 2", "ada see 3", "ada buy 4").counts(question) == [1, 1]


def test_sessions_hold_the_whole_entry():
    world = told("ada see 0 in=s1", "ada buy 1 in=s2", "ada see 2 in=s3", "ada buy 3 in=s3", "ada see 4")
    assert world.counts(ask("see", "buy", count="sessions")) == [2, 1]
    assert listed(world, ask("see", "buy", count="sessions"), step=1) == ["ada", "ada"]


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
    world = told("ada see 0", "ada buy 1", "ben see 0", "ben buy 2", "cleo see 0", "cleo buy 5", "dan see 0")
    answer = world.ask(ask("see", "buy", show="time_to_convert", from_step=1, to_step=2, bins=2))
    assert (answer["converted"], [one["count"] for one in answer["bins"]]) == (3, [2, 1])
    assert (answer["bins"][0]["from"], answer["seconds"]["median"]) == (3600.0, 7200.0)


def test_a_moment_is_written_with_its_fraction_only_where_it_has_one():
    rows = [Row("ada", "see", NOON + 1)]
    assert Stream(rows).ask(ask("see"))["data_until"] == "2026-03-02T12:00:00.000001Z"
