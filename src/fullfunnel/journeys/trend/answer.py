"""How many, by hour, day, week or month: the rows of a trend, without gaps, from what SQL counted."""

from dataclasses import replace
from typing import Any

from fullfunnel.core import clock
from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys import buckets
from fullfunnel.journeys.datasets.dataset import Dataset
from fullfunnel.journeys.questions.shapes import BucketList, Trend
from fullfunnel.journeys.trend.people import BucketPeople
from fullfunnel.journeys.trend.sql import Counting, Size
from fullfunnel.journeys.watch import Watch

OTHER = "(other)"


def answer_trend(trend: Trend, dataset: Dataset, watch: Watch) -> dict[str, Any]:
    """One row for each series, group and bucket, also where nothing happened. `watch` may end it.

    {"kind", "by", "timezone", "rows": [{"series" (from 1), "label", "at", "value", "group" (with a breakdown), "incomplete"}],
    "data_until"}; docs/adr/0020 says what they hold.
    """
    counted = [Counting(trend, series, dataset, watch) for series in trend.series]
    sizes = [one.sizes() for one in counted]
    start, first_event, end = _reach(trend, dataset, [size for each in sizes for size in each.values()])
    groups, has_other = _groups(trend, sizes)
    width = len(counted) * (len(groups) + has_other)
    # Where nothing has the property there are no groups, and no rows whatever the period.
    listed = buckets.listed(trend.by, trend.period, start, end, width) if width or trend.people_list else []
    if trend.people_list:
        return _people(trend, trend.people_list, listed, groups, dataset, watch)
    # Only hours ask which span they are in; of all others those are enough that have events.
    first = start if trend.by == "hour" else max(start, first_event)
    spans = buckets.spans(trend.period.timezone, first, end, watch.check) if listed else []
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(counted, 1):
        found = one.measured(spans, groups) if spans else {}
        for at, group in enumerate([*groups, OTHER] if has_other else groups):
            for bucket in listed:
                row = {"series": number, "label": one.series.label, "at": bucket.label}
                row |= {"group": group} if trend.breakdown else {}
                value = found.get((bucket.wall, bucket.span, at), one.nothing)
                rows.append(row | {"value": value, "incomplete": buckets.is_cut(trend.period, bucket, end)})
        watch.check()
    answer = {"kind": "trend", "by": trend.by, "timezone": trend.period.timezone, "rows": rows}
    return answer | {"data_until": clock.from_us(dataset.facts.data_until).isoformat().replace("+00:00", "Z")}


def _people(
    trend: Trend,
    asked: BucketList,
    listed: list[buckets.Bucket],
    groups: list[str | None],
    dataset: Dataset,
    watch: Watch,
) -> dict[str, Any]:
    """Who is counted in one bucket. What is in none of `groups` is OTHER."""
    bucket = next((bucket for bucket in listed if bucket.label == asked.at), None)
    if bucket is None:
        hint = f", such as '{listed[-1].label}'" if listed else ""
        raise QuestionError("at", f"is no bucket of this question; use one that its rows name{hint}")
    period = trend.period
    start = bucket.start if period.start is None else max(period.start, bucket.start)
    end = bucket.end if period.end is None else min(period.end, bucket.end)
    inside = replace(trend, period=replace(period, start=start, end=end))
    return BucketPeople(inside, trend.series[asked.line - 1], dataset, watch).people(asked, groups)


def _reach(trend: Trend, dataset: Dataset, sizes: list[Size]) -> tuple[int, int, int]:
    """From when to when there are buckets: the period, but no further than the data reaches; the first event is between them."""
    # What a live clock dates a little into the future still is in the data.
    until = max([dataset.facts.data_until, *(size.last for size in sizes)]) + 1
    end = until if trend.period.end is None else min(trend.period.end, until)
    first = min([end, *(size.first for size in sizes)])
    return (first if trend.period.start is None else trend.period.start), first, end


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
