"""Working time adds up, grows with what it is made of, and is found again from its end."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullfunnel.core.business_time import (
    MINUTES,
    NO_TIME,
    Calendar,
    due,
    elapsed,
    is_open,
    next_open_day,
    open_day,
    read_spans,
    short_spans,
    week_words,
    working_days,
    written_spans,
)
from fullfunnel.core.refused import Refused
from tests.cases import outcomes_of

BERLIN = "Europe/Berlin"
OFFICE = Calendar(BERLIN, dict.fromkeys(range(1, 6), ((540, 1020),)))
# In each the clocks change in another way: by half an hour, at midnight, by skipping a whole day, not at all.
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia", "UTC")
SPANS = st.lists(
    st.tuples(st.integers(0, MINUTES - 1), st.integers(0, MINUTES)).filter(lambda span: span[0] != span[1]), max_size=3
).map(tuple)
DAYS = st.dates(date(2026, 2, 1), date(2026, 12, 31))
CALENDARS = st.builds(
    Calendar,
    st.sampled_from(ZONES),
    st.dictionaries(st.integers(1, 7), SPANS, max_size=7),
    st.dictionaries(DAYS, SPANS, max_size=4),
    st.lists(st.tuples(DAYS, DAYS).map(sorted).map(tuple), max_size=2).map(tuple),
)
MOMENTS = st.integers(0, 28_000_000).map(lambda seconds: datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=seconds))
DURATIONS = st.timedeltas(NO_TIME, timedelta(hours=60))


@given(CALENDARS, MOMENTS, DURATIONS)
def test_what_is_due_is_over_then_and_not_a_moment_before(calendar, start, duration):
    found = due(calendar, start, duration)
    if found is None:
        assert not any(calendar.week.values())
    else:
        assert elapsed(calendar, start, found) == duration
        just_before = found - timedelta.resolution
        assert duration == NO_TIME or elapsed(calendar, start, just_before) < duration


@given(CALENDARS, st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up_over_any_cut(calendar, moments):
    first, cut, last = moments
    assert elapsed(calendar, first, last) == elapsed(calendar, first, cut) + elapsed(calendar, cut, last)
    assert elapsed(calendar, last, first) == NO_TIME
    assert elapsed(calendar, first, last) <= last - first


@given(CALENDARS, st.lists(MOMENTS, min_size=2, max_size=2).map(sorted), DURATIONS, DURATIONS)
def test_who_asks_later_or_is_promised_more_waits_no_less(calendar, starts, duration, more):
    found = [due(calendar, starts[0], duration), due(calendar, starts[1], duration)]
    longer = due(calendar, starts[0], duration + more)
    if None not in found:
        assert found[0] <= found[1]
    if longer is not None:
        assert found[0] <= longer


def at(text):
    return datetime.fromisoformat(f"{text}+00:00")


def test_friday_evening_is_due_on_monday():
    assert due(OFFICE, at("2026-11-27T18:00"), timedelta(hours=4)) == at("2026-11-30T12:00")


def test_a_calendar_without_hours_makes_nothing_due():
    assert due(Calendar(BERLIN, {}), at("2026-11-27T18:00"), timedelta(hours=1)) is None
    assert elapsed(Calendar(BERLIN, {1: ()}), at("2026-11-27T18:00"), at("2027-11-27T18:00")) == NO_TIME
    assert next_open_day(Calendar(BERLIN, {}), date(2026, 11, 27)) is None


def test_a_night_belongs_to_the_day_on_which_it_begins():
    nights = Calendar(BERLIN, {5: ((1320, 360),)}, {date(2026, 11, 28): ()})
    assert is_open(nights, at("2026-11-28T04:59"))
    assert not is_open(nights, at("2026-11-28T05:00"))
    assert elapsed(nights, at("2026-11-27T00:00"), at("2026-11-29T00:00")) == timedelta(hours=8)


def test_an_absence_ends_with_its_last_day():
    away = Calendar(BERLIN, OFFICE.week, away=((date(2026, 11, 20), date(2026, 12, 2)),))
    assert due(away, at("2026-11-20T10:00"), timedelta(hours=1)) == at("2026-12-03T09:00")
    assert next_open_day(away, date(2026, 11, 20)) == date(2026, 12, 3)
    assert open_day(away, at("2026-11-20T10:00")) == date(2026, 12, 3)
    assert working_days(OFFICE, date(2026, 11, 20), date(2026, 12, 2)) == 9


def test_round_the_clock_is_real_time():
    always = Calendar(BERLIN, dict.fromkeys(range(1, 8), ((0, MINUTES),)))
    assert elapsed(always, at("2026-01-01T00:00"), at("2026-12-31T00:00")) == timedelta(days=364)
    assert due(always, at("2026-03-28T12:00"), timedelta(days=1)) == at("2026-03-29T12:00")


def test_two_thousand_hours_are_found_in_five_milliseconds():
    due(OFFICE, at("2026-01-05T08:00"), timedelta(hours=1))
    took = []
    for _ in range(20):
        began = time.process_time()
        assert due(OFFICE, at("2026-01-05T08:00"), timedelta(hours=2000)) == at("2026-12-18T16:00")
        took.append(time.process_time() - began)
    assert min(took) < 0.005


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("9-17", ((540, 1020),)),
        ("13:30–18:00, 9:00-12:30", ((540, 750), (810, 1080))),
        ("22-6", ((1320, 360),)),
        ("0:00-24:00", ((0, 1440),)),
        (" ", ()),
    ],
)
def test_hours_are_read_as_people_write_them(text, spans):
    assert read_spans(text) == spans
    assert read_spans(written_spans(spans)) == spans


@pytest.mark.parametrize("text", ["9", "9-9", "25-26", "9:60-10", "24:00-3", "nine-five", "9-17-18", "²-³"])
def test_what_is_no_span_of_hours_is_refused(text):
    refused = read_spans(text)
    assert isinstance(refused, Refused)
    assert "write them like 9:00-12:30" in refused.sentence


def test_hours_that_overlap_are_refused():
    assert read_spans("9-13, 12-17") == Refused("“9-13, 12-17” has hours that overlap.")


def test_hours_are_written_short():
    assert short_spans(((540, 750), (810, 1080))) == "9–12:30, 13:30–18"
    assert week_words({**OFFICE.week, 5: ((540, 720),), 7: ((600, 720),)}) == "Mon–Thu 9–17, Fri 9–12, Sun 10–12"
    assert week_words({}) == "no hours"


@pytest.mark.parametrize(("name", "rows"), [("sla_deadline", 16), ("sla_elapsed", 8)])
def test_the_cases_of_others_are_answered(name, rows, shared):
    outcomes = outcomes_of(shared(f"cases/selling/{name}.jsonl"))
    assert {outcome.name: outcome.wrong for outcome in outcomes if outcome.wrong} == {}
    assert len(outcomes) == rows
