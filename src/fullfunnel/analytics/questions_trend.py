"""Reading a trend question: the JSON of spec/questions.md into a `Trend`."""

from collections.abc import Mapping
from typing import Any

from fullfunnel.analytics.questions_fields import Canonical, Fields, read_breakdown, read_period
from fullfunnel.analytics.questions_shapes import Series, Trend
from fullfunnel.analytics.questions_steps import label_of, refuse_segment

MOST_SERIES = 20


def read_trend(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Trend:
    """The trend that `given` asks for; QuestionError where it cannot be read."""
    fields = Fields(given, "", ("kind", "series", "by", "where", "breakdown", "period", "people"))
    refuse_segment(fields)
    return Trend(
        series=tuple(
            _series(one, f"series[{at}]", canonical)
            for at, one in enumerate(fields.some("series", MOST_SERIES, "series"))
        ),
        by=fields.choice("by", ("hour", "day", "week", "month"), "day"),
        where=fields.where(of=("event", "person")),
        breakdown=read_breakdown(fields, ("event", "person", "company"), 0),
        period=read_period(fields, timezone),
    )


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
