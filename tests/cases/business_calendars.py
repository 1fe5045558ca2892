"""A calendar as the cases of deadlines write it."""

from datetime import date
from typing import Any

from fullfunnel.core.business_time import Calendar, Spans
from tests.cases import only

CALENDAR = ("zone", "week", "holidays", "exceptions")


def read_calendar(written: dict[str, Any]) -> Calendar:
    only(written, CALENDAR, "the calendar")
    days: dict[date, Spans] = {date.fromisoformat(day): () for day in written.get("holidays", ())}
    days |= {date.fromisoformat(day): read_spans_of(spans) for day, spans in written.get("exceptions", {}).items()}
    return Calendar(written["zone"], {int(day): read_spans_of(spans) for day, spans in written["week"].items()}, days)


def read_spans_of(written: list[list[str]]) -> Spans:
    return tuple((minutes(begin), minutes(end)) for begin, end in written)


def minutes(text: str) -> int:
    hours, _, rest = text.partition(":")
    return int(hours) * 60 + int(rest)
