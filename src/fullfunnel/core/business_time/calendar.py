"""Working time: when so much of it is over, and how much of it lies between two moments. Pure.

A span is local, [begin, end), and belongs to the day on which it begins, also when it ends on the next one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTES = 24 * 60
NO_TIME = timedelta(0)
# Whoever has no hours for so long has none: a walk over days ends there.
HORIZON = 40_000
# (begin, end) as minutes since local midnight; an end that is not after its begin is that of the next day.
Span = tuple[int, int]
Spans = tuple[Span, ...]
Interval = tuple[datetime, datetime]
NO_DAYS: Mapping[date, Spans] = MappingProxyType({})


@dataclass(frozen=True)
class Calendar:
    """week: ISO weekday (Monday is 1) -> spans; days: what holds on a date instead, () for closed; away: first to last day."""

    zone: str
    week: Mapping[int, Spans]
    days: Mapping[date, Spans] = field(default_factory=lambda: NO_DAYS)
    away: tuple[tuple[date, date], ...] = ()

    def spans_on(self, day: date) -> Spans:
        """Return the spans that begin on a day."""
        if any(first <= day <= last for first, last in self.away):
            return ()
        found = self.days.get(day)
        return self.week.get(day.isoweekday(), ()) if found is None else found

    def may_open_after(self, day: date) -> bool:
        """Return whether any day from this one on can have hours."""
        return any(self.week.values()) or any(spans for each, spans in self.days.items() if each >= day)


def due(calendar: Calendar, start: datetime, duration: timedelta) -> datetime | None:
    """Return the earliest moment (UTC) by which `duration` of working time is over since `start`; None: there are no hours."""
    left = duration
    if left <= NO_TIME:
        return start.astimezone(UTC)
    for begin, end in _open_from(calendar, start):
        if left <= end - begin:
            return (begin + left).astimezone(UTC)
        left -= end - begin
    return None


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how much working time lies between two moments; nothing when `end` is not after `start`."""
    total = NO_TIME
    for opens, closes in _open_from(calendar, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def is_open(calendar: Calendar, moment: datetime) -> bool:
    """Return whether a moment is working time."""
    for begin, _ in _open_from(calendar, moment):
        return begin <= moment
    return False


def next_open_day(calendar: Calendar, day: date) -> date | None:
    """Return the first day from `day` on that has hours; None: none has."""
    for step in range(HORIZON):
        if calendar.spans_on(found := day + step * DAY):
            return found
        if not calendar.may_open_after(found):
            return None
    return None


def open_day(calendar: Calendar, moment: datetime) -> date | None:
    """Return the local day of the first working time at or after a moment; None: there is none."""
    for begin, _ in _open_from(calendar, moment):
        return begin.astimezone(ZoneInfo(calendar.zone)).date()
    return None


def working_days(calendar: Calendar, first: date, last: date) -> int:
    """Return how many of these days have hours; give a calendar without absences to count what somebody is away."""
    return sum(1 for step in range((last - first).days + 1) if calendar.spans_on(first + step * DAY))


def _open_from(calendar: Calendar, start: datetime) -> Iterator[Interval]:
    """Yield what is open from `start` on, in order; no two of these intervals overlap."""
    zone = ZoneInfo(calendar.zone)
    # A span of the day before may still be open, and a zone may have skipped a day.
    first = start.astimezone(zone).date() - 2 * DAY
    reached = start
    for step in range(HORIZON):
        day = first + step * DAY
        for begin, end in sorted(_interval(day, span, zone) for span in calendar.spans_on(day)):
            if end > max(begin, reached):
                yield max(begin, reached), end
                reached = end
        if not calendar.may_open_after(day):
            return


def _interval(day: date, span: Span, zone: ZoneInfo) -> Interval:
    begin, end = span
    return _moment(day, begin, zone), _moment(day, end if end > begin else end + MINUTES, zone)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return a local time in UTC. One that the clocks skip is read by the offset before, one that comes twice is the first."""
    # Within one zone Python adds on the clock's face.
    local = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minutes)
    return local.astimezone(UTC)
