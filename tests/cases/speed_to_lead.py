"""Hand-overs and what was done with them -> first human touch, how long it took, whether the promise was kept; and a summary."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import isclose
from typing import Any

from fullfunnel.core.business_time import Calendar, due
from fullfunnel.crm.promises.speed import Lead, Speed, State, Touch, speed_of, summary_of
from tests.cases import Outcome, Row, each, one_of, only
from tests.cases.business_calendars import read_calendar

ROW = (
    "id", "name", "calendar", "promise_business_seconds", "asked_at", "leads", "expected", "expected_summary", "rules",
    "source", "licence",
)  # fmt: skip
EVENT = ("at", "kind", "actor", "automatic", "direction", "outcome")
KINDS = ("email", "call", "meeting", "message", "note", "task")
WITHIN = {State.KEPT: True, State.BROKEN: False, State.WAITING: None}


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    only(row, ROW, "the row")
    calendar, now = read_calendar(row["calendar"]), datetime.fromisoformat(row["asked_at"])
    promised = timedelta(seconds=row["promise_business_seconds"])
    found = {given["lead"]: _found(given, calendar, promised, now) for given in row["leads"]}
    wrong = [
        f"{said['lead']} is {found[said['lead']][0]}, expected {said}"
        for said in row["expected"]
        if found[said["lead"]][0] != said
    ]
    if len(row["expected"]) != len(found):
        wrong.append(f"{len(row['expected'])} are expected of {len(found)}")
    return "; ".join(wrong + _wrong_summary(row, [speed for _, speed in found.values()])), ""


def _found(given: Row, calendar: Calendar, promised: timedelta, now: datetime) -> tuple[dict[str, Any], Speed]:
    only(given, ("lead", "handed_over_at", "events"), "the lead")
    begin = datetime.fromisoformat(given["handed_over_at"])
    by = due(calendar, begin, promised)
    speed = speed_of(Lead(begin, by), [_touch(event) for event in given["events"]], calendar, now)
    answer = {
        "lead": given["lead"],
        "first_human_touch_at": _written(speed.touch.at if speed.touch else None),
        "due": _written(by),
        "wall_seconds": speed.wall,
        "business_seconds": speed.business,
        "within": WITHIN[speed.state],
    }
    if speed.touch is None:
        answer["state"] = "waiting" if speed.state is State.WAITING else "never touched, overdue"
    return answer, speed


def _touch(event: Row) -> Touch:
    only(event, EVENT, "the event")
    one_of(event["kind"], KINDS, "the kind")
    one_of(event["actor"], ("us", "person"), "the actor")
    return Touch(
        datetime.fromisoformat(event["at"]), event["kind"], event["actor"] == "us", event.get("automatic", False)
    )


def _written(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _wrong_summary(row: Row, speeds: list[Speed]) -> list[str]:
    expected = row.get("expected_summary")
    if expected is None:
        return []
    found = summary_of(speeds)
    answer: dict[str, float | None] = {
        "touched": found.touched, "waiting": found.waiting, "never_touched": found.never_touched,
        "median_business_seconds": found.median_business, "p90_business_seconds": found.p90_business,
        "median_wall_seconds": found.median_wall, "p90_wall_seconds": found.p90_wall,
        "within": found.kept, "decided": found.decided,
    }  # fmt: skip
    only(expected, answer, "the summary")
    return [
        f"{name} is {found_one}, expected {value}"
        for name, value in expected.items()
        if (found_one := answer[name]) is None or not isclose(found_one, value)
    ]
