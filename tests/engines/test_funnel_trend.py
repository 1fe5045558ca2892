"""`show: trend`: the funnel of each bucket, by when the entries that stand began."""

import pytest

from fullfunnel.journeys.questions.reading import QuestionError
from tests.engines.stream import Row, Stream, microseconds
from tests.engines.tell import ask, told


def shown(rows):
    return [(row["at"], row["units"], [step["count"] for step in row["steps"]], row["incomplete"]) for row in rows]


def test_each_day_has_the_entries_that_began_in_it():
    world = told("ada see 0", "ada buy 30", "ben see 1", "cleo see 49", until=60)
    answer = world.ask(ask("see", "buy", show="trend", window={"value": 2, "unit": "day"}))
    assert (answer["by"], answer["timezone"]) == ("day", "UTC")
    assert shown(answer["rows"]) == [
        ("2026-03-02", 2, [2, 1], False),
        ("2026-03-03", 0, [0, 0], False),
        ("2026-03-04", 1, [1, 0], False),
        ("2026-03-05", 0, [0, 0], True),
    ]
    # 60 hours after noon of the 2nd, ben's two days are over, and cleo's are not.
    assert [(row["steps"][1]["dropped"], row["steps"][1]["pending"]) for row in answer["rows"]] == [
        (1, 0),
        (0, 0),
        (0, 1),
        (0, 0),
    ]
    assert answer["rows"][0]["steps"][1] == {
        "label": "buy",
        "count": 1,
        "from_previous": 0.5,
        "from_first": 0.5,
        "dropped": 1,
        "pending": 0,
    }


def test_buckets_are_those_of_the_zone_whatever_its_clock_does():
    moments = ["2026-03-28T22:59:00Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:00Z", "2026-03-29T22:00:00Z"]
    world = Stream([Row(f"p{at}", "see", microseconds(moment)) for at, moment in enumerate(moments)])
    rows = world.ask(ask("see", show="trend", period={"timezone": "Europe/Berlin"}))["rows"]
    assert [(row["at"], row["units"]) for row in rows] == [("2026-03-28", 1), ("2026-03-29", 2), ("2026-03-30", 1)]
    hours = world.ask(ask("see", show="trend", by="hour", period={"timezone": "Europe/Berlin"}))["rows"]
    assert len(hours) == 25  # from 23 o'clock of the 28th to 0 o'clock of the 30th, over a day of 23 hours
    assert [row["at"] for row in hours[2:5]] == [
        "2026-03-29T01:00:00+01:00",
        "2026-03-29T03:00:00+02:00",
        "2026-03-29T04:00:00+02:00",
    ]


def test_each_group_has_all_buckets():
    world = told("ada see 0 p=x", "ada buy 1", "ben see 24 p=y", "cleo see 25 p=x")
    answer = world.ask(ask("see", "buy", show="trend", breakdown={"property": "p"}))
    assert [(row["group"], row["at"][-2:], row["units"]) for row in answer["rows"]] == [
        ("x", "02", 1),
        ("x", "03", 1),
        ("y", "02", 0),
        ("y", "03", 1),
    ]


def test_a_period_shows_its_empty_days_and_what_it_cuts():
    world = told("ada see 0", "ada buy 1", until=200)
    period = {"from": "2026-03-02T06:00:00", "to": "2026-03-04T06:00:00"}
    rows = world.ask(ask("see", "buy", show="trend", period=period))["rows"]
    assert [(row["at"], row["units"], row["incomplete"]) for row in rows] == [
        ("2026-03-02", 1, True),
        ("2026-03-03", 0, False),
        ("2026-03-04", 0, True),
    ]


def test_an_empty_world_has_no_rows():
    assert Stream([]).ask(ask("see", show="trend"))["rows"] == []


def test_more_rows_than_an_answer_holds_are_refused():
    world = Stream([Row("ada", "see", 0), Row("ben", "see", microseconds("2026-03-02T00:00Z"))])
    with pytest.raises(QuestionError) as refused:
        world.ask(ask("see", show="trend", by="hour"))
    assert refused.value.field == "period"
    assert "100,000 are the most" in refused.value.message
