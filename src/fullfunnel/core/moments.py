"""Write days as the reader does, in the workspace's zone; times of day in the reader's own, named where it may differ."""

from datetime import datetime

from django.utils import timezone

from fullfunnel.core import clock
from fullfunnel.core.numbers import NBSP
from fullfunnel.core.texts import dates, locales


def when(moment: datetime) -> str:
    """Write a moment in full, with its zone."""
    local = own_time(clock.shown(moment))
    return f"{dates.day(local)}, {time_of_day(moment)} {local:%Z}"


def long_when(moment: datetime, *, has_year: bool = False) -> str:
    """Write "Wednesday, 14 October, 15:04" in the reader's zone, which is named where it is not the current one."""
    local = own_time(clock.shown(moment))
    elsewhere = local.utcoffset() != timezone.localtime(moment).utcoffset()
    return f"{dates.long_day(local, has_year=has_year)}, {time_of_day(moment)}" + (f" {local:%Z}" if elsewhere else "")


def own_time(moment: datetime) -> datetime:
    """Return the moment in the reader's zone."""
    return timezone.localtime(moment, locales.own_zone())


def time_of_day(moment: datetime, *, has_seconds: bool = False) -> str:
    """Write a time in the reader's zone: "15:04", "3:04 pm"."""
    return dates.clock_time(own_time(clock.shown(moment)), has_seconds=has_seconds)


def ago(moment: datetime) -> str:
    """Write "just now", "3 min ago", "in 5 d"; a date beyond 30 days."""
    seconds = (clock.now() - moment).total_seconds()
    if abs(seconds) < 10:
        return "just now"
    if abs(seconds) > 30 * 86_400:
        local = timezone.localtime(clock.shown(moment))
        return dates.day(local)
    size, unit = next((s, u) for s, u in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")) if abs(seconds) >= s)
    said = f"{int(abs(seconds) // size)}{NBSP}{unit}"
    return f"{said} ago" if seconds > 0 else f"in {said}"
