"""Working hours and two moments -> the working time and the time between them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fullfunnel.core.business_time import NO_TIME, elapsed
from tests.cases import Outcome, Row, each, only
from tests.cases.business_calendars import read_calendar

ROW = (
    "id",
    "name",
    "calendar",
    "start",
    "end",
    "expected_business_seconds",
    "expected_wall_seconds",
    "note",
    "source",
    "licence",
)


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    only(row, ROW, "the row")
    start, end = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    found = (elapsed(read_calendar(row["calendar"]), start, end), max(end - start, NO_TIME))
    names = ("expected_business_seconds", "expected_wall_seconds")
    expected = tuple(timedelta(seconds=row[name]) for name in names)
    return ("" if found == expected else f"{found}, expected {expected}"), ""
