"""Write days and months as the reader does (core.texts.locales): the month first or the day, always in letters."""

from datetime import date, datetime

from fullfunnel.core.texts import locales


def day(of: date, *, has_year: bool = True) -> str:
    """Write a day: "14 Oct 2026", where the month goes first "Oct 14, 2026"."""
    if locales.current().month_first:
        return f"{of:%b} {of.day}" + (f", {of.year}" if has_year else "")
    return f"{of.day} {of:%b}" + (f" {of.year}" if has_year else "")


def weekday(of: date, *, has_year: bool = False) -> str:
    """Write a day with its weekday: "Wed 14 Oct", "Wed, Oct 14"."""
    comma = "," if locales.current().month_first else ""
    return f"{of:%a}{comma} {day(of, has_year=has_year)}"


def long_day(of: date, *, has_year: bool = True) -> str:
    """Write a day in full: "Wednesday, 14 October 2026", "Wednesday, October 14, 2026"."""
    if locales.current().month_first:
        return f"{of:%A, %B} {of.day}" + (f", {of.year}" if has_year else "")
    return f"{of:%A}, {of.day} {of:%B}" + (f" {of.year}" if has_year else "")


def month(of: date) -> str:
    """ "Oct 2026"."""
    return f"{of:%b} {of.year}"


def clock_time(local: datetime, *, has_seconds: bool = False) -> str:
    """Write the time of day that `local` holds: "15:04", "3:04 pm"."""
    if not locales.current().half_days:
        return f"{local:%H:%M:%S}" if has_seconds else f"{local:%H:%M}"
    minutes = f"{local:%M:%S}" if has_seconds else f"{local:%M}"
    return f"{local.hour % 12 or 12}:{minutes} {'am' if local.hour < 12 else 'pm'}"
