from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullfunnel.core.clock import EPOCH, to_us
from fullfunnel.events.times import FIRST_US, LAST_US, TimeError, read_time, time_reader

APRIL = to_us(datetime(2021, 4, 15, 0, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "2021-04-15T00:03:00Z",
        "2021-04-15 00:03",
        "20210415T000300Z",
        "2021-04-15T02:03:00+02:00",
        "2021-04-14 22:03:00 -0200",
        "2021-04-15 00:03:00 UTC",
        "2021/4/15 00:03",
        "15 Apr, 2021 00:03:00",
        "15-Apr-2021 00:03",
        "April 15th, 2021 at 12:03 a.m.",
        "Apr 15, 2021 12:03 AM",
        "Thu, 15 Apr 2021 00:03:00 GMT",
        "Thu Apr 15 00:03:00 2021",
        "15/04/2021 00:03",
        "4/15/2021 12:03:00 AM",
        "15.04.2021, 00:03:00",
        "1618444980",
        "1618444980000",
        " 1618444980.0 ",
        1618444980,
        1618444980000,
        1618444980.0,
        Decimal("1618444980"),
        datetime(2021, 4, 15, 2, 3, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_one_moment_is_read_in_every_form_people_write(text):
    assert read_time(text) == APRIL


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-04-15", "2021-04-15T00:00:00+00:00"),
        ("20210415", "2021-04-15T00:00:00+00:00"),
        ("3.4.2021", "2021-04-03T00:00:00+00:00"),
        ("12/12/2021", "2021-12-12T00:00:00+00:00"),
        (99_999_999_999, "5138-11-16T09:46:39+00:00"),
        (100_000_000_000, "1973-03-03T09:46:40+00:00"),
        (-1, "1969-12-31T23:59:59+00:00"),
        (Decimal("1577836800.123456"), "2020-01-01T00:00:00.123456+00:00"),
        (Decimal("1577836800123.456"), "2020-01-01T00:00:00.123456+00:00"),
        ("0001-01-01", "0001-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_what_a_form_means(value, expected):
    assert read_time(value) == to_us(datetime.fromisoformat(expected))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "there is no time"),
        ("  ", "there is no time"),
        (True, "'True' is no time: write ISO 8601 such as 2026-01-31T12:00:00Z, or epoch seconds"),
        ("03/04/2021", "'03/04/2021' could be day or month first: say --time-format day-first or month-first"),
        ("32 Apr 2021", "'32 Apr 2021' is no time: day is out of range for month"),
        ("15 Mai 2021", "'15 Mai 2021': 'Mai' is no English name of a month"),
        ("9999-12-31T23:59:59-05:00", "'9999-12-31T23:59:59-05:00' lies outside the years 1 to 9999"),
        (10**18, "'1000000000000000000' lies outside the years 1 to 9999"),
        (Decimal("1e999999"), "'1E+999999' lies outside the years 1 to 9999"),
        (float("nan"), "'nan' is no time"),
    ],
)
def test_what_is_no_time_is_refused_with_its_reason(value, reason):
    with pytest.raises(TimeError) as refusal:
        read_time(value)
    assert str(refusal.value) == reason


def test_the_order_of_day_and_month_can_be_said():
    assert time_reader("day-first")("03/04/2021") == to_us(datetime(2021, 4, 3, tzinfo=UTC))
    assert time_reader("month-first")("03/04/2021") == to_us(datetime(2021, 3, 4, tzinfo=UTC))
    assert time_reader("month-first")("03.04.2021") == to_us(datetime(2021, 3, 4, tzinfo=UTC))


def test_a_form_of_ones_own_can_be_said():
    read = time_reader("%d|%m|%y %H.%M")
    assert read("15|04|21 00.03") == APRIL
    with pytest.raises(TimeError, match=r"is not of the form %d\|%m\|%y %H.%M"):
        read("2021-04-15")
    with pytest.raises(TimeError, match="the time format '%Q' cannot be used"):
        time_reader("%Q")


@pytest.mark.parametrize("base", ["2020/01/01 12:00", "1 Jan 2020 12:00", "Mon, 1 Jan 2020", "Jan 1 12:00"])
def test_a_text_made_to_be_slow_is_refused_at_once(base):
    # In time cubic in the spaces, these would not end today.
    for length in (80, 60_000):
        with pytest.raises(TimeError, match="is no time"):
            read_time(base + " " * length + "x")
    assert read_time("1 Jan 2020   12:00    PM") == read_time("2020-01-01T12:00Z")


@given(st.integers(FIRST_US, LAST_US))
def test_every_microsecond_of_the_years_1_to_9999_is_read_exactly(moment):
    written = (EPOCH + timedelta(microseconds=moment)).isoformat()
    assert read_time(written) == moment
    assert read_time(written.replace("+00:00", "Z").replace("T", " ")) == moment


@given(st.text(max_size=40) | st.from_regex(r"\A[A-Za-z0-9 ,:./+-]{1,30}\Z"))
def test_any_text_is_a_time_or_refused(text):
    try:
        moment = read_time(text)
    except TimeError:
        return
    assert FIRST_US <= moment <= LAST_US
