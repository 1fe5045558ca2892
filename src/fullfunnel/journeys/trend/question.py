"""Reading a trend question: the JSON of docs/spec/questions.md into a `Trend`."""

from collections.abc import Mapping
from typing import Any

from fullfunnel.journeys.questions.fields import Canonical, Fields, read_breakdown, read_period
from fullfunnel.journeys.questions.people_lists import PIECE, lists_people, read_piece
from fullfunnel.journeys.questions.shapes import BucketList, Series, Trend
from fullfunnel.journeys.questions.steps import label_of, refuse_segment

MAX_SERIES = 20


def read_trend(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Trend:
    """The trend that `given` asks for; QuestionError where it cannot be read."""
    fields = Fields(given, "", ("kind", "series", "by", "where", "breakdown", "period", "people", *PIECE, "at", "line"))
    refuse_segment(fields)
    series = tuple(
        _series(one, f"series[{at}]", canonical) for at, one in enumerate(fields.some("series", MAX_SERIES, "series"))
    )
    return Trend(
        series=series,
        by=fields.choice("by", ("hour", "day", "week", "month"), "day"),
        where=fields.where(of=("event", "person")),
        breakdown=read_breakdown(fields, ("event", "person", "company"), 0),
        period=read_period(fields, timezone),
        people_list=_people_list(fields, len(series)) if lists_people(fields) else None,
    )


def _people_list(fields: Fields, lines: int) -> BucketList:
    if not fields.text("at"):
        raise fields.refuse("at", "is needed: the bucket whose people are listed, as the answer's rows name it")
    return BucketList(**read_piece(fields), at=fields.text("at"), line=fields.whole("line", 1, 1, lines))


def _series(given: Any, path: str, canonical: Canonical) -> Series:
    fields = Fields(given, path, ("event", "where", "measure", "property", "label"))
    events = fields.events(canonical)
    measure = fields.choice("measure", ("events", "people", "sum", "mean", "median", "p90"), "events")
    name = fields.text("property")
    if measure not in ("events", "people") and not name:
        raise fields.refuse("property", f"'{measure}' needs the name of a property to measure, such as 'revenue'")
    return Series(
        events=events,
        where=fields.where(of=("event", "person")),
        label=fields.text("label") or label_of(events),
        measure=measure,
        property=name or None,
    )
