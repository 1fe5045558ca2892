"""Two trends side by side as lines: a period and the one before it. Pure."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median
from typing import Any

from fullfunnel.analytics.presenters.strokes import Strokes, strokes
from fullfunnel.core.numbers import number
from fullfunnel.core.texts import dates

Json = dict[str, Any]
# Below this many events in the usual bucket, one without any is nothing strange.
PLENTY = 20


@dataclass(frozen=True)
class Line:
    """One measure: what is drawn, and its accessible name `said`."""

    title: str
    said: str
    chart: Json

    def strokes(self) -> Strokes:
        """The paths of the drawing."""
        now, before = (series["values"] for series in self.chart["series"])
        return strokes(self.chart["x"], now, before, incomplete_last=self.chart["incomplete_last"])


@dataclass(frozen=True)
class Lines:
    """The two measures of the overview and the table behind them: (bucket, people, before, events, before).
    `silence` says when nothing at all arrived; there the lines are broken and the table has no value."""

    by: str
    people: Line
    events: Line
    rows: list[tuple[str, Any, Any, Any, Any]]
    silence: str = ""


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
    gone = silent(padded[2], incomplete), silent(padded[3], False)
    for at, series in enumerate(padded):
        padded[at] = [None if place in gone[at % 2] else value for place, value in enumerate(series)]
    return Lines(
        by=now["by"],
        people=_line("People", days, padded[0], padded[1], incomplete),
        events=_line("Events", days, padded[2], padded[3], incomplete),
        rows=list(zip(days, *padded, strict=True)),
        silence=silence_words([day if at in gone[0] else "" for at, day in enumerate(days)], now["by"]),
    )


def silent(events: list[Any], incomplete: bool) -> set[int]:
    """The buckets in which nothing arrived though plenty usually does: no data, rather than zero."""
    over = events[:-1] if incomplete else events
    known = [value for value in over if value is not None]
    if not known or median(known) < PLENTY:
        return set()
    return {at for at, value in enumerate(over) if value == 0}


def silence_words(days: list[str], by: str) -> str:
    """ "No event arrived from 16 Nov 2026 to 21 Nov 2026." for buckets in a row ("" is one in which some did)."""
    runs = [list(run) for heard, run in groupby(days, key=bool) if heard]
    if not runs:
        return ""
    first, last = runs[-1][0], runs[-1][-1]
    unit = "" if by == "day" else f"the {by} of "
    when = f"in {unit}{first}" if unit else f"on {first}"
    if first != last:
        when = f"from {unit}{first} to {unit}{last}"
    return f"No event arrived {when}{', nor at times before' if len(runs) > 1 else ''}: there the line is broken."


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
        {"name": "The period before", "values": before, "hue": 1, "dashed": True},
    ]
    return Line(
        name, said, {"kind": "line", "x": days, "unit": name.lower(), "incomplete_last": incomplete, "series": series}
    )


def day_words(text: str) -> str:
    return dates.day(date.fromisoformat(text[:10]))
