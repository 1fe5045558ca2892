"""Numbers, money, days and times of day are written as who reads them does."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from fullfunnel.core import moments, numbers
from fullfunnel.core.texts import dates, locales

NB = "\u00a0"


@pytest.mark.parametrize(
    ("code", "number", "share", "money", "small"),
    [
        ("", "1,204", f"8.3{NB}%", "€1,234.50", "3.1"),
        ("en-US", "1,204", f"8.3{NB}%", "€1,234.50", "3.1"),
        ("de-DE", "1.204", f"8,3{NB}%", f"1.234,50{NB}€", "3,1"),
        ("de-CH", "1’204", f"8.3{NB}%", "€1’234.50", "3.1"),
        ("fr-FR", f"1{NB}204", f"8,3{NB}%", f"1{NB}234,50{NB}€", "3,1"),
        ("xx-XX", "1,204", f"8.3{NB}%", "€1,234.50", "3.1"),
    ],
)
def test_numbers_and_money(code, number, share, money, small):
    with locales.using(code):
        assert numbers.number(1204) == number
        assert numbers.percent(0.0834) == share
        assert numbers.money(Decimal("1234.5"), "EUR") == money
        assert numbers.number(3.14159) == small


def test_amounts_keep_sign_and_currency():
    with locales.using("de-DE"):
        assert numbers.money(Decimal("-3"), "CHF") == f"−3,00{NB}CHF"
        assert numbers.percent_of(1204, 9000) == f"13{NB}%"
        assert numbers.percent_of(7, 12) == "7 of 12"
        assert numbers.percent(0.0004) == f"<{NB}0,1{NB}%"


def test_days_and_times_of_day():
    at = datetime(2026, 10, 14, 13, 4, 9, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        assert moments.when(at) == "14 Oct 2026, 15:04 CEST"
        with locales.using("en-US"):
            assert dates.day(date(2026, 10, 14)) == "Oct 14, 2026"
            assert dates.day(date(2026, 10, 14), has_year=False) == "Oct 14"
            assert moments.when(at) == "Oct 14, 2026, 3:04 pm CEST"
            assert moments.time_of_day(at, has_seconds=True) == "3:04:09 pm"
        with locales.using("", "America/New_York"):
            assert moments.when(at) == "14 Oct 2026, 09:04 EDT"


def test_days_with_a_weekday_and_months():
    at, of = datetime(2026, 10, 14, 22, 30, tzinfo=UTC), date(2026, 10, 14)
    with timezone.override("Europe/Berlin"):
        assert (dates.weekday(of), dates.long_day(of)) == ("Wed 14 Oct", "Wednesday, 14 October 2026")
        assert dates.month(of) == "Oct 2026"
        assert moments.long_when(at) == "Thursday, 15 October, 00:30"
        with locales.using("en-US", "America/New_York"):
            assert (dates.weekday(of), dates.long_day(of)) == ("Wed, Oct 14", "Wednesday, October 14, 2026")
            assert moments.long_when(at) == "Wednesday, October 14, 6:30 pm EDT"


def test_the_reader_ends_with_the_request():
    with locales.using("de-DE"), locales.using("fr-FR"):
        assert locales.current().code == "fr-FR"
    assert locales.current() is locales.BRITISH
