"""Two trends side by side as lines: a period and the one before it. Pure."""

from dataclasses import dataclass
from datetime import date
from json import dumps
from typing import Any

from fullfunnel.core.numbers import number

Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One measure. `chart` is what core/static/charts.js draws; `said` is its accessible name."""

    title: str
    said: str
    chart: Json

    def json(self) -> str:
        return dumps(self.chart)


@dataclass(frozen=True)
class Lines:
    """The two measures of the overview and the table behind them: (bucket, people, before, events, before)."""

    by: str
    people: Line
    events: Line
    rows: list[tuple[str, Any, Any, Any, Any]]


def lines_of(now: Json, before: Json) -> Lines:
    """From the answers of two trends with the series people and events: buckets of one place stand above each other."""
    buckets = [row for row in now["rows"] if row["series"] == 1]
    days = [day_words(row["at"]) for row in buckets]
    incomplete = bool(buckets) and buckets[-1]["incomplete"]
    values = [
        [row["value"] for row in answer["rows"] if row["series"] == series]
        for series in (1, 2)
        for answer in (now, before)
    ]
    padded = [series[: len(days)] + [None] * (len(days) - len(series)) for series in values]
    return Lines(
        by=now["by"],
        people=_line("People", days, padded[0], padded[1], incomplete),
        events=_line("Events", days, padded[2], padded[3], incomplete),
        rows=list(zip(days, *padded, strict=True)),
    )


def _line(name: str, days: list[str], values: list[Any], before: list[Any], incomplete: bool) -> Line:
    said = f"{name}: no data"
    if values:
        most = max(range(len(values)), key=lambda at: values[at] or 0)
        open_words = ", which is not over yet" if incomplete else ""
        said = (
            f"{name}, from {days[0]} to {days[-1]}: at most {number(values[most])} ({days[most]}); "
            f"{number(values[-1])} at the end{open_words}."
        )
    series = [
        {"name": name, "values": values, "hue": 1},
        {"name": "The period before", "values": before, "hue": 6, "dashed": True},
    ]
    return Line(
        name, said, {"kind": "line", "x": days, "unit": name.lower(), "incomplete_last": incomplete, "series": series}
    )


def day_words(text: str) -> str:
    day = date.fromisoformat(text[:10])
    return f"{day.day} {day:%b %Y}"
