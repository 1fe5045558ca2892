"""Amounts, days and next steps as cards and rows say them. Pure."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from fullfunnel.core.numbers import money
from fullfunnel.core.texts import dates

NO_STEP, LATE = "none", "late"
FULL_WEEK = 7


def amount_words(amount: Decimal | None, currency: str) -> str:
    """Return "€9,600", "CHF 9,600.50"; "" without an amount."""
    if amount is None:
        return ""
    written = money(amount, currency or "EUR")
    return written.removesuffix(".00")


def sums_words(sums: Iterable[tuple[str, Decimal | None]]) -> str:
    """Return sums by currency, the largest first: "€76,800 · CHF 19,200". They are never added."""
    ordered = sorted(((total, currency) for currency, total in sums if total), reverse=True)
    return " · ".join(amount_words(total, currency) for total, currency in ordered)


def day_words(day: date, today: date) -> str:
    """Return "today", "tomorrow", "Wed 2 Dec", in another year "2 Dec 2027"."""
    apart = (day - today).days
    if apart in (-1, 0, 1):
        return ("yesterday", "today", "tomorrow")[apart + 1]
    return dates.weekday(day) if day.year == today.year else dates.day(day)


def step_words(step: str, on: date | None, closes_on: date | None, today: date) -> tuple[str, str]:
    """Return what a card says of the next step, and how it is: "", NO_STEP or LATE."""
    if on is not None and on < today:
        since = f"overdue since {day_words(on, today)}"
        return (f"{step}, {since}" if step else since.capitalize()), LATE
    if closes_on is not None and closes_on < today:
        return f"Past its close date{f': {step}' if step else ''}", LATE
    if not step and on is None:
        return "No next step", NO_STEP
    return ", ".join(part for part in (step or "Next step", day_words(on, today) if on else "") if part), ""
