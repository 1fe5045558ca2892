"""Reading the fields of a question's JSON: every refusal says where, what is wrong, and what would be right."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fullfunnel.core import clock
from fullfunnel.core.suggest import did_you_mean, quoted
from fullfunnel.events.conditions import Condition, QuestionError, parse_condition, text_of
from fullfunnel.journeys.questions.shapes import ANY, DAY, Breakdown, Period

Canonical = Callable[[str], str]
UNITS = {
    "second": DAY // 86_400,
    "minute": DAY // 1_440,
    "hour": DAY // 24,
    "day": DAY,
    "week": 7 * DAY,
    "month": 30 * DAY,
}
MAX_SPAN = 20_000 * 365 * DAY
MAX_NAME_LENGTH, MAX_NAMES, MAX_CONDITIONS = 1_000, 1_000, 50
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?\Z")


class Fields:
    """The fields of one object of a question, at `path` ("" for the question itself); unknown ones are refused at once."""

    def __init__(self, given: Any, path: str, known: Sequence[str]) -> None:
        self.path = path
        if not isinstance(given, Mapping):
            raise QuestionError(path or "question", f"must be an object with the fields {', '.join(known)}")
        self.given = given
        for name in given:
            if name not in known:
                meant = did_you_mean(name, known) or f"; use: {', '.join(known)}"
                raise QuestionError(self.at(str(name)), f"is not known here{meant}")

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        return name in self.given

    def refuse(self, name: str, message: str) -> QuestionError:
        return QuestionError(self.at(name), message)

    def choice(self, name: str, options: Sequence[str], default: str) -> str:
        """One of `options`."""
        value = self.given.get(name, default)
        if value not in options:
            meant = did_you_mean(value, options)
            raise self.refuse(name, f"{quoted(value)} is not known; use one of: {', '.join(options)}{meant}")
        return str(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self.given.get(name, default)
        if not isinstance(value, bool):
            raise self.refuse(name, "must be true or false")
        return value

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        value = self.given.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            wanted = f"a whole number from {low} to {high}" if low < high else f"{low}, the only one possible here"
            raise self.refuse(name, f"must be {wanted}")
        return value

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name, default)
        if not isinstance(value, str) or len(value) > MAX_NAME_LENGTH:
            raise self.refuse(name, f"must be a text of at most {MAX_NAME_LENGTH} characters")
        return value

    def some(self, name: str, most: int, what: str) -> list[Any]:
        """A list of 1 to `most` items."""
        value = self.given.get(name)
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise self.refuse(name, f"must be a list of 1 to {most} {what}")
        return value

    def events(self, canonical: Canonical) -> tuple[str, ...]:
        """The names under `event`; "*" stays as it is."""
        value = self.given.get("event")
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
            raise self.refuse("event", 'must be the name of an event, a list of names, or "*" for any event')
        if len(names) > MAX_NAMES or max(map(len, names)) > MAX_NAME_LENGTH:
            raise self.refuse("event", f"may be {MAX_NAMES:,} names of at most {MAX_NAME_LENGTH:,} characters")
        return tuple(dict.fromkeys(name if name == ANY else canonical(name) for name in names))

    def where(
        self, name: str = "where", *, of: Sequence[str] = ("event", "person", "person_then")
    ) -> tuple[Condition, ...]:
        value = self.given.get(name) or []
        if not isinstance(value, list) or len(value) > MAX_CONDITIONS:
            said = f'a list of at most {MAX_CONDITIONS} conditions, such as [{{"property": "path", "op": "=", "value": "/"}}]'
            raise self.refuse(name, f"must be {said}")
        found = tuple(parse_condition(one, f"{self.at(name)}[{at}]") for at, one in enumerate(value))
        for at, condition in enumerate(found):
            if condition.of not in of:
                raise QuestionError(f"{self.at(name)}[{at}].of", f"must be {' or '.join(of)} here")
        return found

    def span(self, name: str, default: int | None) -> int | None:
        """A span such as {"value": 14, "unit": "day"} in microseconds; null is None."""
        if name not in self.given:
            return default
        if self.given[name] is None:
            return None
        inner = Fields(self.given[name], self.at(name), ("value", "unit"))
        unit = UNITS[inner.choice("unit", tuple(UNITS), "day")]
        value = inner.given.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            raise inner.refuse("value", "must be a number, 0 or more, such as 14")
        if value > MAX_SPAN / unit:
            named = inner.given.get("unit", "day")
            raise inner.refuse("value", f"must be at most {MAX_SPAN // unit:,} {named}s; for no limit, say null")
        return round(value * unit)

    def group(self, name: str) -> tuple[str | None, ...]:
        """The value of one group as text; null is the group of those without a value; absent is ()."""
        if name not in self.given:
            return ()
        value = self.given[name]
        if isinstance(value, bool):
            value = "true" if value else "false"
        if value is not None and not isinstance(value, str | int | float):
            raise self.refuse(name, "must be the value of a group: a text, a number, true, false or null")
        return (value if value is None or isinstance(value, str) else text_of(value),)


def read_breakdown(fields: Fields, of: Sequence[str], steps: int) -> Breakdown | None:
    """The `breakdown` of a question with so many steps (0: none, and no attribution either)."""
    if fields.given.get("breakdown") is None:
        return None
    known = ("property", "of", "limit") + (("attribution", "step") if steps else ())
    inner = Fields(fields.given["breakdown"], fields.at("breakdown"), known)
    name = inner.text("property")
    if not name:
        raise inner.refuse("property", "must be the name of a property, such as 'device'")
    return Breakdown(
        property=name,
        of=inner.choice("of", of, "event"),
        attribution=inner.choice("attribution", ("first", "last", "all", "step"), "first"),
        step=inner.whole("step", 1, 1, max(steps, 1)),
        limit=inner.whole("limit", 25, 1, 1_000),
    )


def read_period(fields: Fields, timezone: str) -> Period:
    """The `period`: whole days of its `timezone`, both included; with a time of day, that moment is included."""
    if fields.given.get("period") is None:
        return Period(timezone=timezone)
    inner = Fields(fields.given["period"], fields.at("period"), ("from", "to", "timezone"))
    zone = inner.given.get("timezone", timezone)
    try:
        known = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        known = None
    # Careful: "localtime" is a file beside the zones, and whatever this machine is set to.
    if known is None or zone in ("localtime", "posixrules"):
        raise inner.refuse("timezone", f"{quoted(zone)} is no time zone; use a name such as 'Europe/Berlin' or 'UTC'")
    start = _moment(inner, "from", known, is_end=False)
    end = _moment(inner, "to", known, is_end=True)
    if start is not None and end is not None and end <= start:
        raise inner.refuse("to", "must not be before 'from'")
    return Period(start, end, zone)


def _moment(fields: Fields, name: str, zone: ZoneInfo, *, is_end: bool) -> int | None:
    value = fields.given.get(name)
    if value is None:
        return None
    wrong = fields.refuse(name, "must be a date such as '2026-03-31', or a time such as '2026-03-31T18:00:00'")
    if not isinstance(value, str) or not _MOMENT.match(value):
        raise wrong
    try:
        if len(value) == 10:
            day = date.fromisoformat(value) + timedelta(days=1 if is_end else 0)
            moment = datetime(day.year, day.month, day.day, tzinfo=zone)
        else:
            moment = datetime.fromisoformat(value.replace(",", "."))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return clock.to_us(moment.astimezone(UTC)) + (1 if is_end and len(value) > 10 else 0)
    except OverflowError:
        # The day after the last one, or the first one somewhere east of UTC.
        raise fields.refuse(
            name, "is too far away; use a moment from 0001-01-02 to 9999-12-30, or leave it out"
        ) from None
    except ValueError:
        raise wrong from None
