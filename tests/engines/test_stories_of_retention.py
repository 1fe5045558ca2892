"""Retention counted by hand: one tiny story for each sentence of docs/spec/questions.md."""

import pytest

from fullfunnel.journeys.questions.reading import QuestionError
from tests.engines.sliced import Sliced
from tests.engines.stream import Row, microseconds


def told(*happened, until=None, people=None):
    """A world from texts "ada 2026-01-05T12:00Z visit plan=pro": who, when, what, properties."""
    rows = []
    for one in happened:
        who, when, what, *rest = one.split()
        given = dict(part.split("=") for part in rest)
        actor, company = given.pop("by", "person"), given.pop("for", None)
        rows.append(Row(who, what, microseconds(when), given, actor=actor, company=company))
    return Sliced(rows, people, until=microseconds(until) if until else None)


def ask(world, **fields):
    return world.ask({"kind": "retention", "start": "visit", "periods": 3, **fields})


def cells(answer):
    """{cohort: [size, count of period 0, 1, …]}, with a ? where the bucket is not over."""
    found = {}
    for row in answer["rows"]:
        counts = found.setdefault(row["cohort"] + (f" {row['group']}" if "group" in row else ""), [row["size"]])
        counts.append(f"{row['count']}?" if row["incomplete"] else row["count"])
    return found


FIRST = {"event": "visit", "first_ever": True}


def test_first_ever_begins_with_the_first_of_all_time_also_before_the_period():
    world = told(
        "ada 2026-01-05T12:00Z visit",
        "ada 2026-01-12T12:00Z visit",
        "ben 2026-01-13T12:00Z visit",
        "ben 2026-01-20T12:00Z visit",
        until="2026-02-09T00:00Z",
    )
    period = {"from": "2026-01-12", "to": "2026-01-18"}
    assert cells(ask(world, period=period)) == {"2026-01-12": [2, 0, 1, 0, 0]}
    assert cells(ask(world, start=FIRST, period=period)) == {"2026-01-12": [1, 0, 1, 0, 0]}


def test_a_first_that_fails_a_condition_is_still_the_first():
    world = told(
        "ada 2026-01-05T12:00Z visit plan=free", "ada 2026-01-12T12:00Z visit plan=pro", until="2026-02-09T00:00Z"
    )
    paid = {"where": [{"property": "plan", "value": "pro"}]}
    assert ask(world, start=FIRST | paid)["rows"] == []
    assert cells(ask(world, start={"event": "visit"} | paid))["2026-01-12"] == [1, 0, 0, 0, 0]


def test_a_first_ever_return_is_the_first_of_its_kind():
    world = told(
        "ada 2026-01-05T12:00Z visit",
        "ada 2026-01-06T12:00Z buy",
        "ada 2026-01-13T12:00Z buy",
        until="2026-02-09T00:00Z",
    )
    assert cells(ask(world, **{"return": "buy"}))["2026-01-05"] == [1, 1, 1, 0, 0]
    assert cells(ask(world, **{"return": {"event": "buy", "first_ever": True}}))["2026-01-05"] == [1, 1, 0, 0, 0]


def test_cohorts_are_weeks_from_monday_and_periods_the_weeks_after():
    world = told(
        "ada 2026-01-11T23:59Z visit",
        "ada 2026-01-12T00:00Z visit",
        "ben 2026-01-12T09:00Z visit",
        "ben 2026-01-31T09:00Z visit",
        until="2026-02-02T00:00Z",
    )
    assert cells(ask(world)) == {
        "2026-01-05": [1, 0, 1, 0, 0],
        "2026-01-12": [1, 0, 0, 1, "0?"],
        "2026-01-19": [0, 0, 0, "0?"],
        "2026-01-26": [0, 0, "0?"],
        "2026-02-02": [0, "0?"],
    }


def test_overall_adds_up_the_cohorts_whose_bucket_is_over():
    world = told(
        "ada 2026-01-05T12:00Z visit",
        "ada 2026-01-13T12:00Z visit",
        "ben 2026-01-12T12:00Z visit",
        until="2026-01-20T00:00Z",
    )
    assert ask(world)["overall"] == [
        {"period": 0, "size": 2, "count": 0, "share": 0.0},
        {"period": 1, "size": 1, "count": 1, "share": 1.0},
        {"period": 2, "size": 0, "count": 0, "share": None},
        {"period": 3, "size": 0, "count": 0, "share": None},
    ]


def test_a_unit_has_one_cohort_that_of_its_first_start_in_the_period():
    happened = ("ada 2026-01-05T12:00Z visit", "ada 2026-01-20T12:00Z visit", "ada 2026-02-17T12:00Z visit")
    answer = ask(told(*happened), period={"from": "2026-01-12", "to": "2026-01-25"})
    assert cells(answer) == {"2026-01-12": [0, 0, 0, 0, 0], "2026-01-19": [1, 0, 0, 0, 0]}
    assert (
        cells(ask(told(*happened), period={"from": "2026-01-19", "to": "2026-01-25"}, periods=4))["2026-01-19"][-1]
        == "1?"
    )


def test_one_event_never_starts_and_returns():
    assert cells(ask(told("ada 2026-01-05T12:00Z visit"), periods=1)) == {"2026-01-05": [1, "0?"]}
    twice = told("ada 2026-01-05T12:00Z visit", "ada 2026-01-05T12:00Z visit")
    assert cells(ask(twice, periods=1)) == {"2026-01-05": [1, "1?"]}


@pytest.mark.parametrize("order", [("visit", "buy"), ("buy", "visit")])
def test_a_return_at_the_moment_of_the_start_counts_whatever_came_in_first(order):
    world = told(*(f"ada 2026-01-05T12:00Z {name}" for name in order))
    assert cells(ask(world, **{"return": "buy"})) == {"2026-01-05": [1, "1?"]}


def test_what_came_before_the_start_is_no_return():
    world = told("ada 2026-01-05T11:00Z buy", "ada 2026-01-05T12:00Z visit", until="2026-01-20T12:00Z")
    assert cells(ask(world, **{"return": "buy"}))["2026-01-05"] == [1, 0, 0, "0?"]


def test_on_or_after_counts_a_return_for_the_buckets_before_it():
    world = told(
        "ada 2026-01-05T12:00Z visit",
        "ada 2026-01-20T12:00Z visit",
        "ben 2026-01-05T12:00Z visit",
        until="2026-02-20T12:00Z",
    )
    assert cells(ask(world, mode="on"))["2026-01-05"] == [2, 0, 0, 1, 0]
    assert cells(ask(world, mode="on_or_after"))["2026-01-05"] == [2, 1, 1, 1, 0]


def test_a_return_beyond_the_last_period_counts_for_all_of_them_on_or_after():
    world = told("ada 2026-01-05T12:00Z visit", "ada 2027-01-20T12:00Z visit", until="2027-02-20T12:00Z")
    assert cells(ask(world, mode="on_or_after", period={"to": "2026-01-31"}))["2026-01-05"] == [1, 1, 1, 1, 1]


def test_days_of_23_and_25_hours_are_days():
    # In Berlin 29 March 2026 has 23 hours, 25 October has 25.
    spring = told(
        "ada 2026-03-28T23:30Z visit",
        "ada 2026-03-29T21:59Z visit",
        "ben 2026-03-28T22:59Z visit",
        "ben 2026-03-29T22:00Z visit",
    )
    zone = {"timezone": "Europe/Berlin"}
    assert cells(ask(spring, by="day", period=zone))["2026-03-29"] == [1, 1, "0?"]
    assert cells(ask(spring, by="day", period=zone))["2026-03-28"] == [1, 0, 0, "1?"]
    autumn = told(
        "ada 2026-10-24T22:00Z visit",
        "ada 2026-10-25T22:59Z visit",
        "ben 2026-10-24T22:00Z visit",
        "ben 2026-10-25T23:00Z visit",
    )
    assert cells(ask(autumn, by="day", period=zone)) == {"2026-10-25": [2, 1, "1?"], "2026-10-26": [0, "0?"]}


def test_months_and_hours_are_those_of_the_zone():
    world = told("ada 2026-01-31T23:30Z visit", "ada 2026-03-31T21:59Z visit")
    assert list(cells(ask(world, by="month", period={"timezone": "Europe/Berlin"}))) == ["2026-02-01", "2026-03-01"]
    assert cells(ask(world, by="month", period={"timezone": "Europe/Berlin"}))["2026-02-01"] == [1, 0, "1?"]
    night = told("ada 2026-10-25T00:30Z visit", "ada 2026-10-25T01:30Z visit")
    hours = cells(ask(night, by="hour", period={"timezone": "Europe/Berlin"}))
    assert hours == {"2026-10-25T02:00:00+02:00": [1, 0, "1?"], "2026-10-25T02:00:00+01:00": [0, "0?"]}


def test_any_event_is_what_the_person_did_or_a_step_names():
    world = told("ada 2026-01-05T12:00Z visit", "ada 2026-01-13T12:00Z mail by=us", until="2026-01-30T00:00Z")
    assert cells(ask(world, **{"return": "*"}))["2026-01-05"][2] == 0
    assert cells(ask(world, **{"return": ["*", "mail"]}))["2026-01-05"][2] == 1


def test_groups_are_by_the_value_on_the_start_the_largest_first():
    world = told(
        "ada 2026-01-05T12:00Z visit plan=pro",
        "ben 2026-01-05T12:00Z visit plan=free",
        "cleo 2026-01-06T12:00Z visit plan=free",
        "ada 2026-01-13T12:00Z visit plan=free",
        "dan 2026-01-06T12:00Z visit",
    )
    answer = ask(world, breakdown={"property": "plan"}, periods=1, period={"to": "2026-01-11"})
    assert cells(answer) == {
        "2026-01-05 free": [2, 0, "0?"],
        "2026-01-05 None": [1, 0, "0?"],
        "2026-01-05 pro": [1, 0, "1?"],
    }
    answer = ask(world, breakdown={"property": "plan", "limit": 1}, periods=1, period={"to": "2026-01-11"})
    assert cells(answer) == {"2026-01-05 free": [2, 0, "0?"], "2026-01-05 (other)": [2, 0, "1?"]}


def test_companies_come_back_by_whoever_does():
    world = told("ada 2026-01-05T12:00Z visit for=k", "ben 2026-01-13T12:00Z visit for=k")
    assert cells(ask(world, count="companies", periods=1))["2026-01-05"] == [1, 0, "1?"]
    assert cells(ask(world, periods=1))["2026-01-05"] == [1, 0, "0?"]


def test_without_a_start_there_is_no_row():
    answer = ask(told("ada 2026-01-05T12:00Z buy"), periods=1)
    assert (answer["rows"], answer["overall"][0]) == ([], {"period": 0, "size": 0, "count": 0, "share": None})
    assert cells(ask(told(), periods=1, period={"from": "1970-01-01"})) == {"1969-12-29": [0, "0?"]}


def test_stray_events_far_away_do_not_matter():
    far = ("eve 0001-01-02T00:00Z buy", "eve 9999-12-30T00:00Z buy")
    world = told("ada 2026-01-05T12:00Z visit", *far, until="2026-01-20T00:00Z")
    assert cells(ask(world, by="hour", periods=1, period={"to": "2026-01-05"}))["2026-01-05T12:00:00Z"] == [1, 0, 0]


@pytest.mark.parametrize(
    ("happened", "fields", "field", "message"),
    [
        (
            ["ada 2026-01-05T12:00Z visit"],
            {"by": "hour", "period": {"from": "2000-01-01"}},
            "by",
            "100,000 are the most",
        ),
        (
            ["ada 1926-01-05T12:00Z visit", "ada 2026-01-05T12:00Z visit"],
            {"by": "day"},
            "period",
            "100,000 are the most",
        ),
        (["ada 9999-12-30T12:00Z visit"], {"by": "month"}, "period", "beyond the years 1 to 9999"),
    ],
)
def test_too_many_rows_are_refused_with_what_would_help(happened, fields, field, message):
    with pytest.raises(QuestionError) as refused:
        ask(told(*happened), **fields)
    assert refused.value.field == field
    assert message in refused.value.message
