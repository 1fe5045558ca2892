"""Points that halve, event by event, against journeys/stages/score.py."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tests.cases import Outcome, Row, each, only

ROW = ("id", "name", "half_life_days", "events", "at", "expected_score", "tolerance", "falls_to_10_at", "law", "source")
DAY = 86_400_000_000


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    from fullfunnel.core import clock
    from fullfunnel.journeys.stages.score import Point, decayed, falls_to

    only(row, (*ROW, "licence"), "the row")
    points = []
    for event in row["events"]:
        only(event, ("at", "points", "actor", "bot"), "an event")
        at = clock.to_us(datetime.fromisoformat(event["at"]))
        points.append(Point(at, event["points"], "", event.get("actor", "person"), event.get("bot", False)))
    now, half_life = clock.to_us(datetime.fromisoformat(row["at"])), row["half_life_days"] * DAY
    score = decayed(points, now, half_life)
    if abs(score - row["expected_score"]) > row["tolerance"]:
        return f"{score}, expected {row['expected_score']}", ""
    falls = falls_to(10, score, now, half_life)
    said = None if falls is None else clock.from_us(falls).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return ("" if said == row["falls_to_10_at"] else f"falls to 10 at {said}, expected {row['falls_to_10_at']}"), ""
