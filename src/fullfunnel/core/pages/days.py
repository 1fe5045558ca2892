"""A day as people type it. Pure."""

import re
from datetime import date, timedelta

from fullfunnel.core.refused import Refused

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# As written in German, where that differs.
MONTHS_DE = {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1}
_BY_NAME = re.compile(r"(\d{1,2})\.?\s+([a-zä]{3})[a-zä]*\.?(?:\s+(\d{4}))?")
_BY_NAME_US = re.compile(r"([a-zä]{3})[a-zä]*\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?")


def read_day(text: str, today: date, *, field: str = "") -> date | Refused:
    """Return the day in `text`: 2026-12-03 always, 3.12.2026, 3 Dec 2026, Dec 3; without a year the next such day.

    Also today, tomorrow, "in 5 days", and the next weekday by its name. 3/12/2026 is refused, for it is two days.
    """
    typed = " ".join(text.split())
    words = typed.lower()
    near = _near(words, today)
    if near is not None:
        return near
    found = _parts(words)
    if isinstance(found, Refused):
        return Refused(found.sentence, field)
    if found is None:
        return Refused(f"“{typed[:40]}” is no day; write one like 2026-12-03 or 3 Dec.", field)
    year, month, day = found
    try:
        if year is not None:
            return date(year, month, day)
        this = date(today.year, month, day)
        return this if this >= today else date(today.year + 1, month, day)
    except ValueError:
        return Refused(f"“{typed[:40]}” is no day of the calendar; write one like 2026-12-03.", field)


def _near(words: str, today: date) -> date | None:
    if words in NEAR:
        return today + timedelta(days=NEAR[words])
    if found := re.fullmatch(r"in (\d{1,3}) days?|\+(\d{1,3})", words, re.ASCII):
        return today + timedelta(days=int(found[1] or found[2]))
    if re.fullmatch(r"[a-z]{3,9}", words) and words[:3] in WEEKDAYS:
        ahead = (WEEKDAYS.index(words[:3]) - today.weekday()) % 7
        return today + timedelta(days=ahead or 7)
    return None


def _parts(words: str) -> tuple[int | None, int, int] | Refused | None:
    """(year, month, day)"""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words, re.ASCII):
        return int(found[1]), int(found[2]), int(found[3])
    if found := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})?", words, re.ASCII):
        return int(found[3]) if found[3] else None, int(found[2]), int(found[1])
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", words, re.ASCII):
        one, other, year = int(found[1]), int(found[2]), int(found[3])
        if one == other or max(one, other) > 12:
            return year, min(one, other), max(one, other)
        ways = f"{year}-{other:02}-{one:02} or {year}-{one:02}-{other:02}"
        return Refused(f"“{words[:40]}” can be two days; write {ways}.")
    if found := _BY_NAME.fullmatch(words):
        return _named(found[2], found[1], found[3])
    if found := _BY_NAME_US.fullmatch(words):
        return _named(found[1], found[2], found[3])
    return None


def _named(month: str, day: str, year: str | None) -> tuple[int | None, int, int] | None:
    number = MONTHS_DE.get(month) or (MONTHS.index(month) + 1 if month in MONTHS else 0)
    return (int(year) if year else None, number, int(day)) if number else None
