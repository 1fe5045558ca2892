"""One tiny story for each sentence of the contract on steps, order, window and entries, counted by hand."""

import pytest

from tests.engines.stream import Row, Stream, microseconds
from tests.engines.tell import HOUR, NOON, ask, hours, listed, told

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
