"""Read written times exactly: µs since 1970 UTC, years 1 to 9999, no float."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from fullfunnel.core.clock import EPOCH

FIRST_US = -62_135_596_800_000_000  # 0001-01-01T00:00:00Z
LAST_US = 253_402_300_799_999_999  # 9999-12-31T23:59:59.999999Z
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
# The longest written form, with room.
MAX_TEXT_LENGTH = 100

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_BASIC_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d\d:?\d\d)?"
)
_AFTER_DATE = r"(?:(?:\s*,\s*|\s+at\s+|\s+|T)" + _CLOCK + r")?\s*(?:\([A-Za-z ]+\))?"
_WEEKDAY = r"(?:[A-Za-z]{3,9}\.?,?\s+)?"
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_SHAPES = [
    re.compile(r"(?P<year>\d{4})[./-](?P<m>\d{1,2})[./-](?P<day>\d{1,2})" + _AFTER_DATE),
    re.compile(r"(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})[./-](?P<year>\d{4})" + _AFTER_DATE),
    re.compile(
        _WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s./-]*" + _MONTH + r"[\s,./-]+(?P<year>\d{4})" + _AFTER_DATE
    ),
    re.compile(_WEEKDAY + _MONTH + r"[\s./-]+(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s,./-]+(?P<year>\d{4})" + _AFTER_DATE),
    re.compile(_WEEKDAY + _MONTH + r"\s+(?P<day>\d{1,2})\s+" + _CLOCK + r"\s+(?P<year>\d{4})"),
]
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class TimeError(ValueError):
    """A time that cannot be read: why, and what would be right."""


def time_reader(time_format: str | None = None) -> Callable[[Any], int]:
    """Return a function from a value to µs. TimeError: the value, or at once the format.

    `time_format`: None (unambiguous forms), "day-first", "month-first", or strptime's such as "%d/%m/%Y %H:%M".
    """
    if time_format is None or time_format in (DAY_FIRST, MONTH_FIRST):
        return lambda value: read_time(value, time_format)
    try:
        datetime.strptime(datetime(2001, 2, 3, tzinfo=UTC).strftime(time_format), time_format)  # noqa: DTZ007
    except (ValueError, re.error) as error:
        raise TimeError(f"the time format {time_format!r} cannot be used: {error}") from error
    return lambda value: _read_formatted(value, time_format)


def read_time(value: Any, order: str | None = None) -> int:
    """Read ISO 8601 (default UTC), epoch seconds or milliseconds (from 1e11 on), and common forms."""
    if isinstance(value, str):
        return _read_text(value, order)
    if isinstance(value, datetime):
        return _exact(value, value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _from_number(value, value)
    if isinstance(value, float):
        return _from_number(Decimal(repr(value)), value)
    if value is None:
        raise TimeError("there is no time")
    raise TimeError(f"{_shown(value)} is no time: write ISO 8601 such as 2026-01-31T12:00:00Z, or epoch seconds")


def _read_text(value: str, order: str | None) -> int:
    text = value.strip()
    # Only digits mean epoch time, but 20210415 is a date of ISO 8601.
    if text[4:5] != "-" and _NUMBER.fullmatch(text) and not _BASIC_DATE.fullmatch(text):
        return _from_number(Decimal(text), value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _read_written(text, order)
    return _exact(moment, value)


def _exact(moment: datetime, value: Any) -> int:
    since = (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment) - EPOCH
    return _within((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds, value)


def _within(microseconds: int, value: Any) -> int:
    if FIRST_US <= microseconds <= LAST_US:
        return microseconds
    raise TimeError(f"{_shown(value)} lies outside the years 1 to 9999")


def _from_number(number: int | Decimal, value: Any) -> int:
    try:
        size = number if number >= 0 else -number
        # Careful: to make an int of 1e999999 takes for ever; what is this large is refused by the last line.
        factor = 0 if size > 10**18 else 1_000 if size >= 10**11 else 1_000_000
        return _within(int(number * factor) if factor else LAST_US + 1, value)
    except ArithmeticError as error:
        raise TimeError(f"{_shown(value)} is no time") from error


def _read_written(text: str, order: str | None) -> int:
    if not text:
        raise TimeError("there is no time")
    # Careful: runs of spaces between the optional parts would be tried in every division, which takes cubic time.
    plain = " ".join(text.split()) if len(text) <= MAX_TEXT_LENGTH else ""
    for shape in _SHAPES:
        if found := shape.fullmatch(plain):
            return _from_parts(found.groupdict(), text, order)
    raise TimeError(
        f"{_shown(text)} is no time: write ISO 8601 such as 2026-01-31T12:00:00Z, or say the form with --time-format"
    )


def _from_parts(parts: dict[str, str | None], text: str, order: str | None) -> int:
    month, day = _month_and_day(parts, text, order)
    hour = int(parts["hour"] or 0)
    if half := parts["half"]:
        if not 1 <= hour <= 12:
            raise TimeError(f"{_shown(text)}: there is no {hour} o'clock with {half}")
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    micro = int((parts["fraction"] or "0")[:6].ljust(6, "0"))
    clock = (hour, int(parts["minute"] or 0), int(parts["second"] or 0), micro)
    try:
        moment = datetime(int(parts["year"] or 0), month, day, *clock, tzinfo=_zone(parts["zone"]))
    except ValueError as error:
        raise TimeError(f"{_shown(text)} is no time: {error}") from error
    return _exact(moment, text)


def _month_and_day(parts: dict[str, str | None], text: str, order: str | None) -> tuple[int, int]:
    if month := parts.get("month"):
        number = next((i for i, name in enumerate(_MONTHS, 1) if month.lower().startswith(name)), 0)
        if not number:
            raise TimeError(f"{_shown(text)}: {month!r} is no English name of a month")
        return number, int(parts["day"] or 0)
    if "m" in parts:
        return int(parts["m"] or 0), int(parts["day"] or 0)
    a, b = int(parts["a"] or 0), int(parts["b"] or 0)
    if a > 12 or a == b or order == DAY_FIRST or (parts["sep"] == "." and order is None):
        return b, a
    if b > 12 or order == MONTH_FIRST:
        return a, b
    raise TimeError(f"{_shown(text)} could be day or month first: say --time-format day-first or month-first")


def _zone(zone: str | None) -> timezone:
    digits = re.sub(r"[^\d]", "", zone or "")
    if not digits:
        return UTC
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if "-" in (zone or "") else offset)


def _read_formatted(value: Any, time_format: str) -> int:
    text = value if isinstance(value, str) else str(value)
    try:
        moment = datetime.strptime(text.strip(), time_format)  # noqa: DTZ007
    except ValueError as error:
        raise TimeError(f"{_shown(value)} is not of the form {time_format}") from error
    return _exact(moment, value)


def _shown(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else text[:57] + "…")
