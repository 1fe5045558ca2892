"""Working hours, a start and a time promised -> the moment by which it is over."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fullfunnel.core.business_time import due, elapsed
from tests.cases import Outcome, Row, each, only
from tests.cases.business_calendars import read_calendar

ROW = ("id", "name", "calendar", "start", "business_seconds", "expected_due", "note", "source", "licence")


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    only(row, ROW, "the row")
    calendar, start = read_calendar(row["calendar"]), datetime.fromisoformat(row["start"])
    promised = timedelta(seconds=row["business_seconds"])
    found = due(calendar, start, promised)
    said = None if found is None else found.isoformat().replace("+00:00", "Z")
    if said != row["expected_due"]:
        return f"{said}, expected {row['expected_due']}", ""
    if found is not None and elapsed(calendar, start, found) != promised:
        return f"{elapsed(calendar, start, found)} is over then, promised {promised}", ""
    return "", ""
