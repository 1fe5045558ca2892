"""Amounts and days as people type them: every usual way is read, what could be two things is refused with both."""

from datetime import date
from decimal import Decimal

import pytest

from fullfunnel.core.pages.amounts import read_amount
from fullfunnel.core.pages.days import read_day
from fullfunnel.core.refused import Refused

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("9600", "9600"), ("1.234,50", "1234.5"), ("1,234.50", "1234.5"), ("1 234,50", "1234.5"), ("1'234.50", "1234.5"),
        ("1\u202f234,5", "1234.5"), ("12,5", "12.5"), ("12.50", "12.5"), ("0,123", "0.123"), ("1234.567", "1234.567"),
        ("1.234.567", "1234567"), ("1,234,567.8901", "1234567.8901"), ("€ 1.234,50", "1234.5"), ("1234 CHF", "1234"),
        ("12.", "12"), (" 7 ", "7"), ("0", "0"), ("1,2340", "1.234"), ("999999999999", "999999999999"),
    ],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(typed, amount):
    assert read_amount(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.234", "“1.234” can be two amounts; write 1234 or 1,2340."),
        ("12,345", "“12,345” can be two amounts; write 12345 or 12.3450."),
        ("many", "“many” is no amount; write one like 1234.50."),
        ("-5", "“-5” is no amount; write one like 1234.50."),
        ("1e9", "“1e9” is no amount; write one like 1234.50."),
        ("٣", "“٣” is no amount; write one like 1234.50."),
        ("", "“” is no amount; write one like 1234.50."),
        ("1,23,45.6", "“1,23,45.6” is no amount; thousands come in threes, as in 1,234.50."),
        ("1.5,5.5", "“1.5,5.5” is no amount; thousands come in threes, as in 1,234.50."),
        ("1.23456", "An amount has at most 12 digits and 4 decimals."),
        ("1234567890123", "An amount has at most 12 digits and 4 decimals."),
    ],
)
def test_what_is_no_amount_or_two_is_refused_with_what_would_be_right(typed, sentence):
    assert read_amount(typed, field="amount") == Refused(sentence, "amount")


@pytest.mark.parametrize("typed", ["1234 or 1,2340", "12345 or 12.3450"])
def test_what_a_refusal_proposes_is_read(typed):
    first, second = (read_amount(each) for each in typed.split(" or "))
    assert first == second * 1000


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-03", date(2026, 12, 3)), ("2026-1-5", date(2026, 1, 5)), ("3.12.2026", date(2026, 12, 3)),
        ("3. 12.", date(2026, 12, 3)), ("3 Dec 2026", date(2026, 12, 3)), ("3. Dezember 2026", date(2026, 12, 3)),
        ("Dec 3", date(2026, 12, 3)), ("March 5, 2027", date(2027, 3, 5)), ("3 mar", date(2027, 3, 3)),
        ("30 Nov", TODAY), ("today", TODAY), ("Tomorrow", date(2026, 12, 1)), ("in 5 days", date(2026, 12, 5)),
        ("+10", date(2026, 12, 10)), ("fri", date(2026, 12, 4)), ("Monday", date(2026, 12, 7)),
        ("13/12/2026", date(2026, 12, 13)), ("12/13/2026", date(2026, 12, 13)), ("5/5/2026", date(2026, 5, 5)),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(typed, day):
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("3/12/2026", "“3/12/2026” can be two days; write 2026-12-03 or 2026-03-12."),
        ("soon", "“soon” is no day; write one like 2026-12-03 or 3 Dec."),
        ("2026-02-30", "“2026-02-30” is no day of the calendar; write one like 2026-12-03."),
        ("0000-01-01", "“0000-01-01” is no day of the calendar; write one like 2026-12-03."),
        ("31 Foo", "“31 Foo” is no day; write one like 2026-12-03 or 3 Dec."),
        ("29 Feb", "“29 Feb” is no day of the calendar; write one like 2026-12-03."),
    ],
)
def test_what_is_no_day_or_two_is_refused_with_what_would_be_right(typed, sentence):
    assert read_day(typed, TODAY, field="closes_on") == Refused(sentence, "closes_on")
