"""Funnels as the tests of PostHog and ClickHouse expect them; the question is in our contract already."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.cases import Outcome, Row, each, one_of, only

ROW = ("name", "events", "people", "question", "expected", "source", "tags")
EVENT = ("person", "event", "timestamp", "properties", "session")
PERSON = ("person", "properties")
EXPECTED = ("steps", "groups", "people_reached", "mean_seconds_from_previous")
MAX_PEOPLE = 10_000


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    only(row, ROW, "the row")
    only(row["expected"], EXPECTED, "expected")
    one_of(row["question"].get("kind"), ["funnel"], "the kind")
    answer = answered(row)
    wrong = [
        f"{key} is {answer[key]}, expected {row['expected'][key]}" for key in answer if not _same(key, answer, row)
    ]
    return "; ".join(wrong), ""


def _same(key: str, answer: dict[str, Any], row: Row) -> bool:
    expected = row["expected"][key]
    return bool(answer[key] == (in_order(expected) if key == "groups" else expected))


def answered(row: Row) -> dict[str, Any]:
    """What our funnel says of each thing that the row expects, in the row's shape."""
    stream, question, expected = stream_of(row), row["question"], row["expected"]
    answer, found = stream.ask(question), dict[str, Any]()
    if "steps" in expected:
        found["steps"] = {key: answer["steps"][int(key) - 1]["count"] for key in expected["steps"]}
    if "groups" in expected:
        groups = [{"steps": [s["count"] for s in g["steps"]], "value": g["value"]} for g in answer["groups"]]
        found["groups"] = in_order(groups)
    if "people_reached" in expected:
        found["people_reached"] = {key: _reached(stream, question, int(key)) for key in expected["people_reached"]}
    if "mean_seconds_from_previous" in expected:
        found["mean_seconds_from_previous"] = {
            key: answer["steps"][int(key) - 1]["seconds_from_previous"]["mean"]
            for key in expected["mean_seconds_from_previous"]
        }
    return found


def _reached(stream: Any, question: Row, step: int) -> list[str]:
    listed = stream.ask(question | {"show": "people", "step": step, "limit": MAX_PEOPLE})
    return sorted(person["person"] for person in listed["people"])


def in_order(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups by their value, those without one first."""
    return sorted(groups, key=lambda group: (group["value"] is not None, group["value"] or ""))


def stream_of(row: Row) -> Any:
    """The row's events and people as a Dataset."""
    from tests.engines.stream import Row as Event
    from tests.engines.stream import Stream, microseconds

    for event in row["events"]:
        only(event, EVENT, "an event")
    for person in row.get("people") or []:
        only(person, PERSON, "a person")
    events = [
        Event(
            str(event["person"]),
            event["event"],
            microseconds(event["timestamp"]),
            {name: text(value) for name, value in (event.get("properties") or {}).items() if value is not None},
            event.get("session"),
        )
        for event in row["events"]
    ]
    people = {
        person["person"]: {name: text(value) for name, value in person["properties"].items() if value is not None}
        for person in row.get("people") or []
    }
    return Stream(events, people)


def text(value: Any) -> str:
    """A property as the stream holds it."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
