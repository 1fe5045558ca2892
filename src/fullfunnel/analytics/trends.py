"""How many, by hour, day, week or month: the rows of a trend, without gaps, from what SQL counted."""

from typing import Any

from fullfunnel.analytics import buckets
from fullfunnel.analytics.buckets import Bucket
from fullfunnel.analytics.deadline import check
from fullfunnel.analytics.questions_shapes import Trend
from fullfunnel.analytics.trend_sql import Counting, Size
from fullfunnel.analytics.world import World
from fullfunnel.core import clock
from fullfunnel.events.conditions import QuestionError

OTHER = "(other)"
MOST_ROWS = 100_000


def answer_trend(trend: Trend, world: World, deadline: float) -> dict[str, Any]:
    """One row for each series, group and bucket, also where nothing happened. QuestionTimeout after `deadline`.

    {"kind", "by", "timezone", "rows": [{"series" (from 1), "label", "at", "value", "group" (with a breakdown), "incomplete"}],
    "data_until"}; docs/adr/0020 says what they hold.
    """
    counted = [Counting(trend, series, world, deadline) for series in trend.series]
    sizes = [one.sizes() for one in counted]
    start, end = _reach(trend, world, [size for each in sizes for size in each.values()])
    groups, has_other = _groups(trend, sizes)
    width = len(counted) * (len(groups) + has_other)
    listed = _listed(trend, start, end, width)
    spans = buckets.spans(trend.period.timezone, start, end) if listed else []
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(counted, 1):
        found = one.measured(spans, groups) if spans else {}
        for at, group in enumerate([*groups, OTHER] if has_other else groups):
            for bucket in listed:
                row = {"series": number, "label": one.series.label, "at": bucket.label}
                row |= {"group": group} if trend.breakdown else {}
                value = found.get((bucket.wall, bucket.span, at), one.nothing)
                rows.append(row | {"value": value, "incomplete": _is_cut(trend, bucket, end)})
        check(deadline)
    answer = {"kind": "trend", "by": trend.by, "timezone": trend.period.timezone, "rows": rows}
    return answer | {"data_until": clock.from_us(world.data_until).isoformat().replace("+00:00", "Z")}


def _reach(trend: Trend, world: World, sizes: list[Size]) -> tuple[int, int]:
    """From when to when there are buckets: the period, but no further than the data reaches."""
    # What a live clock dates a little into the future still is in the data.
    until = max([world.data_until, *(size.last for size in sizes)]) + 1
    end = until if trend.period.end is None else min(trend.period.end, until)
    first = min([end, *(size.first for size in sizes)])
    return (first if trend.period.start is None else trend.period.start), end


def _groups(trend: Trend, sizes: list[dict[str | None, Size]]) -> tuple[list[str | None], bool]:
    """The groups, the largest (in events of all series) first, and whether there are more than the limit."""
    if trend.breakdown is None:
        return [None], False
    total: dict[str | None, int] = {}
    for each in sizes:
        for group, size in each.items():
            total[group] = total.get(group, 0) + size.events
    ordered = sorted(total, key=lambda group: (-total[group], group is not None, group or ""))
    return ordered[: trend.breakdown.limit], len(ordered) > trend.breakdown.limit


def _listed(trend: Trend, start: int, end: int, width: int) -> list[Bucket]:
    try:
        if (many := buckets.count(trend.by, start, end) * width) <= MOST_ROWS:
            listed = buckets.buckets(trend.by, trend.period.timezone, start, end)
            if (many := len(listed) * width) <= MOST_ROWS:
                return listed
    except OverflowError:
        raise QuestionError(
            "period", "the buckets reach beyond the years 1 to 9999; give a 'from' and a 'to'"
        ) from None
    field = "by" if trend.period.start is not None else "period"
    raise QuestionError(
        field,
        f"this would be {many:,} rows, and {MOST_ROWS:,} are the most; ask about a shorter period or longer buckets",
    )


def _is_cut(trend: Trend, bucket: Bucket, end: int) -> bool:
    """Whether the bucket holds less than its whole time: the period or the data ends (or the period begins) inside it."""
    start = trend.period.start
    return bucket.end > end or (start is not None and bucket.start < start)
