"""Periods as people choose them: "the last 90 days" moves on with the day, two dates do not. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PRESETS = {
    "7d": "Last 7 days",
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "365d": "Last 12 months",
    "month": "This month",
    "last-month": "Last month",
    "all": "All time",
    "custom": "From … to …",
}
DEFAULT = "90d"


@dataclass(frozen=True)
class PeriodFields:
    """`preset` is a key of PRESETS; `start` and `end` (ISO dates) count with "custom" only; `zone` empty is the workspace's."""

    preset: str = DEFAULT
    start: str = ""
    end: str = ""
    zone: str = ""


def zone_of(name: str) -> tzinfo:
    """The time zone of that name; UTC when there is none (the question's reader says what is wrong with it)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def days_of(preset: str, today: date) -> tuple[date, date] | None:
    """First and last day of a preset, both included; None for all time."""
    if preset.endswith("d") and preset in PRESETS:
        return today - timedelta(days=int(preset[:-1]) - 1), today
    if preset == "month":
        return today.replace(day=1), today
    if preset == "last-month":
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    return None


def previous_days(start: date, end: date) -> tuple[date, date]:
    """The period of the same length just before."""
    length = end - start
    return start - timedelta(days=1) - length, start - timedelta(days=1)


def period_of(fields: PeriodFields, now: datetime, workspace_zone: str) -> dict[str, Any] | None:
    """The contract's `period`; None for all time."""
    zone = fields.zone or workspace_zone
    if fields.preset == "custom":
        period = {"from": fields.start, "to": fields.end}
        return {key: value for key, value in period.items() if value} | {"timezone": zone}
    days = days_of(fields.preset, now.astimezone(zone_of(zone)).date())
    if days is None:
        return {"timezone": zone}
    return {"from": days[0].isoformat(), "to": days[1].isoformat(), "timezone": zone}
