"""The hours, days, weeks and months of a time zone, as they really are: days of 23 and 25 hours, weeks from Monday."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fullfunnel.core import clock
from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.questions.shapes import Period

MAX_ROWS = 100_000
# Days between two looks at the watch.
AT_ONCE = 4_096
SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
_WALL = datetime(1970, 1, 1)  # noqa: DTZ001  wall-clock time has no zone


@dataclass(frozen=True)
class Span:
    """A stretch of time (from `start`, included, to `end`, excluded, µs) in which a zone keeps one distance to UTC (µs)."""

    start: int
    end: int
    offset: int


@dataclass(frozen=True)
class Bucket:
    """One hour, day, week or month. `wall`: its beginning on the clock of the zone; `span`: which span (hours only, else 0)."""

    wall: datetime
    span: int
    label: str
    start: int
    end: int


def unwatched() -> None:
    """Nobody looks at a watch: what is asked for is short."""


def spans(zone: str, start: int, end: int, check: Callable[[], None] = unwatched) -> list[Span]:
    """How far a zone's clock is from UTC between two moments (µs). OverflowError beyond the years 1 to 9999.

    `check` is called now and then, and may raise: periods of 9,999 years have millions of days.
    """
    known = ZoneInfo(zone)
    found: list[Span] = []
    begin, offset = start, _offset(known, start)
    for day, moment in enumerate(range(start + DAY, end + DAY, DAY)):
        if day % AT_ONCE == 0:
            check()
        moment = min(moment, end)
        while (later := _offset(known, moment)) != offset:
            change = _first_change(known, max(begin, moment - DAY), moment, offset)
            found.append(Span(begin, change, offset))
            begin, offset = change, _offset(known, change)
            if offset == later:
                break
    return [*found, Span(begin, end, offset)]


def _offset(zone: ZoneInfo, moment: int) -> int:
    return (clock.from_us(moment).astimezone(zone).utcoffset() or timedelta()) // timedelta(microseconds=1)


def _first_change(zone: ZoneInfo, low: int, high: int, offset: int) -> int:
    """The first whole second after `low` with another offset; `high` has one."""
    low, high = low // SECOND, -(-high // SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle * SECOND) == offset:
            low = middle
        else:
            high = middle
    return high * SECOND


def count(by: str, start: int, end: int) -> int:
    """About how many buckets there are between two moments: enough to refuse too many before they are made."""
    return (end - start) // {"hour": HOUR, "day": DAY, "week": 7 * DAY, "month": 31 * DAY}[by]


def buckets(by: str, zone: str, start: int, end: int) -> list[Bucket]:
    """Every bucket from the one that holds `start` to the one before `end` (µs, excluded), in order, without gaps."""
    if start >= end:
        return []
    return list(_hours(spans(zone, start, end)) if by == "hour" else _dates(by, ZoneInfo(zone), start, end))


def listed(by: str, period: Period, start: int, end: int, width: int) -> list[Bucket]:
    """The buckets of an answer with `width` rows each; QuestionError where they would be more than MAX_ROWS rows.

    A bucket without rows costs as much as one with a row, so that it counts as one.
    """
    width = max(width, 1)
    try:
        if (many := count(by, start, end) * width) <= MAX_ROWS:
            found = buckets(by, period.timezone, start, end)
            if (many := len(found) * width) <= MAX_ROWS:
                return found
    except OverflowError:
        raise QuestionError(
            "period", "the buckets reach beyond the years 1 to 9999; give a 'from' and a 'to'"
        ) from None
    raise QuestionError(
        "by" if period.start is not None else "period",
        f"this would be {many:,} rows, and {MAX_ROWS:,} are the most; ask about a shorter period or longer buckets",
    )


def is_cut(period: Period, bucket: Bucket, end: int) -> bool:
    """Whether the bucket holds less than its whole time: the period or the data ends (or the period begins) inside it."""
    return bucket.end > end or (period.start is not None and bucket.start < period.start)


def _hours(known: list[Span]) -> Iterator[Bucket]:
    for at, span in enumerate(known):
        first, last = (span.start + span.offset) // HOUR, (span.end - 1 + span.offset) // HOUR
        for hour in range(first, last + 1):
            # An hour cut by a change of the clock is two buckets, each told by its distance to UTC.
            start, end = hour * HOUR - span.offset, (hour + 1) * HOUR - span.offset
            start = max(start, span.start) if at else start
            end = min(end, span.end) if at < len(known) - 1 else end
            wall = _WALL + timedelta(hours=hour)
            yield Bucket(wall, at, wall.isoformat() + _written(span.offset), start, end)


def _written(offset: int) -> str:
    if offset == 0:
        return "Z"
    sign, seconds = "-" if offset < 0 else "+", abs(offset) // SECOND
    text = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def _dates(by: str, zone: ZoneInfo, start: int, end: int) -> Iterator[Bucket]:
    day = clock.from_us(start).astimezone(zone).date()
    day = day - timedelta(days=day.weekday()) if by == "week" else day.replace(day=1) if by == "month" else day
    begin = _midnight(day, zone)
    while begin < end:
        after = _next(by, day)
        until = _midnight(after, zone)
        yield Bucket(datetime(day.year, day.month, day.day), 0, day.isoformat(), begin, until)  # noqa: DTZ001
        day, begin = after, until


def _next(by: str, day: date) -> date:
    if by == "month":
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if by == "week" else 1)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return clock.to_us(datetime(day.year, day.month, day.day, tzinfo=zone))
