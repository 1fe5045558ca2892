"""How numbers are written, by UI.md."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from fullfunnel.core import clock, moments, numbers

NOW = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "said"),
    [(1204, "1,204"), (0, "0"), (None, "–"), (3.14159, "3.1"), (2.0, "2"), (1234567.89, "1,234,567.9"), (-5, "-5")],
)
def test_thousands_are_separated_and_no_data_is_not_zero(value, said):
    assert numbers.number(value) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0 %"),
        (0.0004, "< 0.1 %"),
        (0.083, "8.3 %"),
        (0.0999, "10 %"),
        (0.0994, "9.9 %"),
        (0.42, "42 %"),
        (0.985, "99 %"),
        (0.994, "99.4 %"),
        (0.999, "99.9 %"),
        (0.9999, "100 %"),
        (1, "100 %"),
        (1.5, "150 %"),
        (None, "–"),
    ],
)
def test_percentages_have_a_decimal_only_where_it_tells_something(share, said):
    assert plain(numbers.percent(share)) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (42, 100, "42 %"),
        (42, 99, "42 % (n = 99)"),
        (7, 20, "35 % (n = 20)"),
        (7, 19, "7 of 19"),
        (0, 0, "0 of 0"),
        (None, 5, "–"),
    ],
)
def test_small_groups_show_n_and_tiny_ones_no_percentage(part, whole, said):
    assert plain(numbers.percent_of(part, whole)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (187_200, "2 d 4 h"),
        (0, "0 s"),
        (0.4, "< 1 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (3599.9, "1 h"),
        (86_399, "1 d"),
        (86_400, "1 d"),
        (86_400 * 1000, "1,000 d"),
        (-90, "−1 min 30 s"),
        (None, "–"),
    ],
)
def test_durations_are_said_in_the_two_largest_units(seconds, said):
    assert plain(numbers.duration(seconds)) == said


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (Decimal("1234.5"), "EUR", "€1,234.50"),
        (Decimal("-3"), "USD", "−$3.00"),
        (Decimal("1234.5"), "NOK", "NOK 1,234.50"),
        (Decimal("1234.5"), "JPY", "JPY 1,235"),
        (Decimal("0.005"), "EUR", "€0.01"),
        (None, "EUR", "–"),
    ],
)
def test_money_carries_its_currency_and_is_exact(amount, currency, said):
    assert plain(numbers.money(amount, currency)) == said


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (920, 1000, "8.0 % fewer than in September (1,000)"),
        (2000, 1000, "100 % more than in September (1,000)"),
        (5, 5, "as many as in September (5)"),
        (12, 10, "2 more than in September (10)"),
        (12, None, "nothing to compare with in September"),
    ],
)
def test_a_change_names_its_base(now, before, words):
    assert plain(numbers.change(now, before, "September").words) == words


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=45), "45 s ago"),
        (timedelta(minutes=3, seconds=59), "3 min ago"),
        (timedelta(hours=25), "1 d ago"),
        (timedelta(days=31), "13 Sep 2026"),
        (timedelta(days=-5), "in 5 d"),
    ],
)
def test_moments_are_said_from_now(away, said):
    with clock.frozen(NOW):
        assert plain(moments.ago(NOW - away)) == said


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_the_first_and_the_last_moment_can_be_said_in_every_zone(zone):
    with timezone.override(zone):
        for moment in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)):
            assert str(moment.year) in moments.when(moment)
            assert str(moment.year) in moments.ago(moment)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.00005, "0.05 ms"),
        (0.25, "250 ms"),
        (200, "3 min 20 s"),
        (200.5, "3 min 20.5 s"),
        (100, "1 min 40 s"),
        (90_000, "1 d 1 h"),
        (2_592_000 + 1800, "30 d 30 min"),
        (604_800 * 200, "1,400 d"),
    ],
)
def test_an_exact_duration_says_all_of_its_units(seconds, said):
    assert plain(numbers.exact_duration(seconds)) == said
