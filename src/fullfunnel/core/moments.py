"""Write days as the reader does, in the workspace's zone; times of day in the reader's own, named where it may differ."""

from datetime import date, datetime

from django.utils import timezone

from fullfunnel.core import clock
from fullfunnel.core.numbers import NBSP
from fullfunnel.core.texts import locales


def when(moment: datetime) -> str:
    """Write a moment in full, with its zone."""
    local = own_time(clock.shown(moment))
    return f"{day(local)}, {time_of_day(moment)} {local:%Z}"


def day(of: date | datetime, *, has_year: bool = True) -> str:
    """Write a day: "14 Oct 2026", where the month goes first "Oct 14, 2026"."""
    if locales.current().month_first:
        return f"{of:%b} {of.day}, {of.year}" if has_year else f"{of:%b} {of.day}"
    return f"{of.day} {of:%b %Y}" if has_year else f"{of.day} {of:%b}"


def own_time(moment: datetime) -> datetime:
    """Return the moment in the reader's zone."""
    return timezone.localtime(moment, locales.own_zone())


def time_of_day(moment: datetime, *, has_seconds: bool = False) -> str:
    """Write a time in the reader's zone: "15:04", "3:04 pm"."""
    local = own_time(clock.shown(moment))
    if not locales.current().half_days:
        return f"{local:%H:%M:%S}" if has_seconds else f"{local:%H:%M}"
    minutes = f"{local:%M:%S}" if has_seconds else f"{local:%M}"
    return f"{local.hour % 12 or 12}:{minutes} {'am' if local.hour < 12 else 'pm'}"


def ago(moment: datetime) -> str:
    """Write "just now", "3 min ago", "in 5 d"; a date beyond 30 days."""
    seconds = (clock.now() - moment).total_seconds()
    if abs(seconds) < 10:
        return "just now"
    if abs(seconds) > 30 * 86_400:
        local = timezone.localtime(clock.shown(moment))
        return day(local)
    size, unit = next((s, u) for s, u in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")) if abs(seconds) >= s)
    said = f"{int(abs(seconds) // size)}{NBSP}{unit}"
    return f"{said} ago" if seconds > 0 else f"in {said}"
