"""Trends: tiny stories counted by hand, then random worlds against a plain count in Python."""

import math
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullfunnel.events.values import number_text
from fullfunnel.journeys.ask import QuestionError, answer
from fullfunnel.journeys.datasets.file import dataset_of_rows


def trend(events, people=(), **question):
    return answer({"kind": "trend", **question}, dataset_of_rows(events, people))["rows"]


def values(rows):
    return [(row["at"], row["value"]) for row in rows]


def event(person, name, at, **properties):
    return {"person": person, "event": name, "timestamp": at, "properties": properties}


SHOP = [
    event("ada", "order", "2026-03-02T10:00:00Z", price="19.99", device="mobile"),
    event("ada", "order", "2026-03-02T12:00:00Z", price="0.01", device="desktop"),
    event("ben", "order", "2026-03-04T09:00:00Z", price="5", device="mobile"),
    event("ben", "visit", "2026-03-05T09:00:00Z"),
]


def test_days_without_events_are_there_with_nothing():
    rows = trend(SHOP, series=[{"event": "order"}])
    assert values(rows) == [("2026-03-02", 2), ("2026-03-03", 0), ("2026-03-04", 1), ("2026-03-05", 0)]
    assert [row["incomplete"] for row in rows] == [False, False, False, True]


def test_each_measure_counts_what_it_says():
    measures = ["events", "people", "sum", "mean", "median", "p90"]
    series = [{"event": "order", "measure": each, "property": "price"} for each in measures]
    rows = trend(SHOP, series=series, by="month")
    assert [row["value"] for row in rows] == [3, 2, "25", 25 / 3, 5.0, 16.992]
    assert [row["series"] for row in rows] == [1, 2, 3, 4, 5, 6]


def test_what_lies_between_two_amounts_is_told_as_one_would_write_it():
    rows = [event("a", "paid", 0, amount=text) for text in ("0.1", "0.2")]
    series = [{"event": "paid", "measure": each, "property": "amount"} for each in ("mean", "median", "p90")]
    assert [row["value"] for row in trend(rows, series=series)] == [0.15, 0.15, 0.19]


def test_where_there_are_no_numbers_a_sum_is_zero_and_a_mean_is_null():
    series = [{"event": "visit", "measure": each, "property": "price"} for each in ("sum", "mean", "median", "p90")]
    assert [row["value"] for row in trend(SHOP, series=series, by="month")] == ["0", None, None, None]


def test_a_sum_is_exact_where_floats_are_not():
    cents = [event("a", "paid", 0, amount="0.1") for _ in range(3)] + [event("a", "paid", 0, amount="900000000000000")]
    assert (
        trend(cents, series=[{"event": "paid", "measure": "sum", "property": "amount"}])[0]["value"]
        == "900000000000000.3"
    )


def test_revenue_is_summed_like_any_property_and_text_is_left_out():
    rows = [event("a", "paid", 0, revenue=text) for text in ("12.50", "7", "n/a", " 1", "1_000", "inf")]
    assert trend(rows, series=[{"event": "paid", "measure": "sum", "property": "revenue"}])[0]["value"] == "19.5"


def test_groups_come_by_size_and_the_rest_is_other():
    rows = trend(SHOP, series=[{"event": "*", "measure": "people"}], by="month", breakdown={"property": "device"})
    assert [(row["group"], row["value"]) for row in rows] == [("mobile", 2), (None, 1), ("desktop", 1)]
    one = trend(
        SHOP, series=[{"event": "*", "measure": "people"}], by="month", breakdown={"property": "device", "limit": 1}
    )
    assert [(row["group"], row["value"]) for row in one] == [("mobile", 2), ("(other)", 2)]


def test_conditions_and_groups_may_be_about_the_person():
    people = [{"person": "ada", "properties": {"plan": "pro"}}]
    rows = trend(SHOP, people, series=[{"event": "order"}], by="month", breakdown={"property": "plan", "of": "person"})
    assert [(row["group"], row["value"]) for row in rows] == [("pro", 2), (None, 1)]
    pro = {"property": "plan", "op": "=", "value": "pro", "of": "person"}
    assert trend(SHOP, people, series=[{"event": "order"}], by="month", where=[pro])[0]["value"] == 2
    none = {"property": "plan", "op": "is_not_set", "of": "person"}
    assert trend(SHOP, people, series=[{"event": "order", "where": [none]}], by="month")[0]["value"] == 1


def test_a_company_can_be_the_group():
    rows = [event("ada", "order", 0) | {"company": "Acme"}, event("ben", "order", 0)]
    told = trend(rows, series=[{"event": "order"}], breakdown={"property": "name", "of": "company"})
    assert [(row["group"], row["value"]) for row in told] == [(None, 1), ("Acme", 1)]


def test_any_event_is_what_people_did_and_a_named_one_whoever_did_it():
    rows = [event("a", "visit", 0), event("a", "mail_sent", 0) | {"actor": "us"}]
    assert values(trend(rows, series=[{"event": "*"}, {"event": "mail_sent"}])) == [
        ("1970-01-01", 1),
        ("1970-01-01", 1),
    ]


def test_a_day_of_25_hours_has_25_and_the_hour_that_comes_twice_is_told_by_its_distance():
    rows = [event("a", "x", "2026-10-24T22:00:00Z"), event("a", "x", "2026-10-25T00:30:00Z")]
    rows += [event("a", "x", "2026-10-25T01:30:00Z"), event("a", "x", "2026-10-25T22:59:59.999999Z")]
    berlin = {"timezone": "Europe/Berlin", "from": "2026-10-25", "to": "2026-10-25"}
    hours = trend(rows, series=[{"event": "x"}], by="hour", period=berlin)
    assert len(hours) == 25
    assert [row["at"] for row in hours if row["value"]] == [
        "2026-10-25T00:00:00+02:00",
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
        "2026-10-25T23:00:00+01:00",
    ]
    assert values(trend(rows, series=[{"event": "x"}], period=berlin)) == [("2026-10-25", 4)]


def test_a_day_of_23_hours_has_23():
    rows = [event("a", "x", "2026-03-29T00:30:00Z"), event("a", "x", "2026-03-29T21:59:00Z")]
    berlin = {"timezone": "Europe/Berlin", "from": "2026-03-29", "to": "2026-03-29"}
    hours = trend(rows, series=[{"event": "x"}], by="hour", period=berlin)
    assert len(hours) == 23
    assert [row["at"] for row in hours[:4]] == [
        "2026-03-29T00:00:00+01:00",
        "2026-03-29T01:00:00+01:00",
        "2026-03-29T03:00:00+02:00",
        "2026-03-29T04:00:00+02:00",
    ]


def test_weeks_begin_on_monday_and_a_bucket_that_the_period_cuts_is_marked():
    rows = [event("a", "x", f"2026-03-{day:02}") for day in range(1, 31)]
    told = trend(rows, series=[{"event": "x"}], by="week", period={"from": "2026-03-04", "to": "2026-03-17"})
    assert [(row["at"], row["value"], row["incomplete"]) for row in told] == [
        ("2026-03-02", 5, True),
        ("2026-03-09", 7, False),
        ("2026-03-16", 2, True),
    ]


def test_of_an_event_that_never_was_there_are_zeros_in_a_period_and_nothing_without_one():
    assert trend(SHOP, series=[{"event": "nope"}]) == []
    rows = trend(SHOP, series=[{"event": "nope"}], period={"from": "2026-03-04", "to": "2026-12-31"})
    assert values(rows) == [("2026-03-04", 0), ("2026-03-05", 0)]
    assert trend([], series=[{"event": "nope"}], by="month") == []


def test_too_many_rows_are_refused_with_what_would_be_right():
    rows = [event("a", "x", "0001-01-01"), event("a", "x", "9999-12-31T23:59:59.999999Z")]
    with pytest.raises(QuestionError) as refusal:
        trend(rows, series=[{"event": "x"}])
    assert (refusal.value.field, "ask about a shorter period" in refusal.value.message) == ("period", True)
    with pytest.raises(QuestionError, match="beyond the years 1 to 9999"):
        trend(rows[1:], series=[{"event": "x"}], period={"timezone": "Asia/Tokyo"})


# --- random worlds against a plain count -----------------------------------------------------------------------------

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Havana",
]
# Around changes of clocks: that is where buckets go wrong.
MOMENTS = st.sampled_from(
    [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 4, 4, 15, tzinfo=UTC)]
).flatmap(lambda at: st.timedeltas(timedelta(days=-3), timedelta(days=3)).map(lambda span: at + span))
AMOUNTS = st.none() | st.sampled_from(["0.1", "-2.50", "7", "1e3", "abc", "00.10"]) | st.integers(-99, 99).map(str)
EVENTS = st.builds(
    lambda person, name, at, amount, tag: event(
        person, name, at.isoformat(), **({"amount": amount} if amount else {}) | ({"tag": tag} if tag else {})
    ),
    st.sampled_from("abcd"),
    st.sampled_from(["x", "y"]),
    MOMENTS,
    AMOUNTS,
    st.sampled_from(["", "t1", "t2", "t3"]),
)


def floor(at, by, zone):
    """The label of the bucket that holds `at`, by zoneinfo alone."""
    local = at.astimezone(ZoneInfo(zone))
    if by == "hour":
        return local.replace(minute=0, second=0, microsecond=0, tzinfo=None).isoformat() + (
            local.strftime("%z")[:3] + ":" + local.strftime("%z")[3:5] if local.utcoffset() else "Z"
        )
    day = local.date()
    return str({"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[by])


def measured(rows, measure):
    texts = [row["properties"].get("amount", "") for row in rows]
    numbers = sorted(Decimal(t) for t in texts if t not in ("", "abc", "1e3"))
    if measure == "events":
        return len(rows)
    if measure == "people":
        return len({row["person"] for row in rows})
    if measure == "sum":
        return number_text(sum(numbers, Decimal(0)))
    if not numbers:
        return None
    if measure == "mean":
        return float(sum(numbers) / len(numbers))
    at = (len(numbers) - 1) * {"median": 0.5, "p90": 0.9}[measure]
    low = numbers[math.floor(at)]
    return float(low) + (float(numbers[math.ceil(at)]) - float(low)) * (at - math.floor(at))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(EVENTS, min_size=1, max_size=30),
    st.sampled_from(["hour", "day", "week", "month"]),
    st.sampled_from(ZONES),
    st.sampled_from(["events", "people", "sum", "mean", "median", "p90"]),
    st.sampled_from([None, 1, 2, 25]),
)
def test_every_trend_is_what_a_plain_count_gives(rows, by, zone, measure, limit):
    series = [{"event": ["x", "y"], "measure": measure, "property": "amount"}]
    breakdown = {"breakdown": {"property": "tag", "limit": limit}} if limit else {}
    told = trend(rows, series=series, by=by, period={"timezone": zone}, **breakdown)

    sizes = defaultdict(int)
    for row in rows:
        sizes[row["properties"].get("tag") if limit else None] += 1
    ordered = sorted(sizes, key=lambda group: (-sizes[group], group is not None, group or ""))
    kept = ordered[:limit] if limit else [None]
    expected = defaultdict(list)
    for row in rows:
        tag = row["properties"].get("tag") if limit else None
        at = floor(datetime.fromisoformat(row["timestamp"]), by, zone)
        expected[at, tag if tag in kept else "(other)"].append(row)

    found = {(row["at"], row.get("group")): row["value"] for row in told}
    assert len(found) == len(told)
    assert expected.keys() <= found.keys()
    for key, value in found.items():
        wanted = measured(expected.get(key, []), measure)
        assert value == (pytest.approx(wanted, abs=1e-9) if isinstance(wanted, float) else wanted)
    assert list(dict.fromkeys(group for _, group in found)) == kept + ["(other)"] * (len(ordered) > len(kept))
