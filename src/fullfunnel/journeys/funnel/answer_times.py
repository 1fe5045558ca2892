"""`show: time_to_convert`: how long people took from one step to another, as a histogram."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from fullfunnel.journeys.funnel.answer_steps import has, spread
from fullfunnel.journeys.funnel.matching import Longs
from fullfunnel.journeys.funnel.outcomes import Outcomes
from fullfunnel.journeys.questions.shapes import DAY, Histogram

Json = dict[str, Any]
MAX_BINS = 60
SECOND = 1_000_000


def time_to_convert(asked: Histogram, whole: Outcomes, groups: list[tuple[str | None, Outcomes]] | None) -> Json:
    """{"from_step", "to_step", "converted", "seconds", "bins": [{"from", "to" (seconds), "count"}]}, with `groups` of the same."""
    spans = _spans(asked, whole)
    edges = _edges(asked, spans)
    answer: Json = {
        "from_step": asked.from_step,
        "to_step": asked.to_step,
        "converted": len(spans),
        "seconds": spread(spans),
        "bins": _bins(spans, edges),
    }
    if groups is not None:
        answer["groups"] = []
        for value, rows in groups:
            own = _spans(asked, rows)
            answer["groups"].append(
                {"value": value, "converted": len(own), "seconds": spread(own), "bins": _bins(own, edges)}
            )
    return answer


def _spans(asked: Histogram, rows: Outcomes) -> Longs:
    a, b = asked.from_step - 1, asked.to_step - 1
    both = np.flatnonzero(has(rows, a) & has(rows, b))
    return np.asarray(rows.times[both, b] - rows.times[both, a], np.int64)


def _edges(asked: Histogram, spans: Longs) -> list[int]:
    """The round bounds of the bins in microseconds, as wide as each other; the shortest and the longest time lie inside."""
    if not len(spans):
        return []
    low, high = int(spans.min()), int(spans.max())
    most = asked.bins or max(1, min(MAX_BINS, round(len(spans) ** (1 / 3) * 2)))
    width = next(one for one in _widths() if low // one * one + most * one > high)
    first = low // width
    bins = asked.bins or high // width - first + 1
    return [(first + at) * width for at in range(bins + 1)]


def _widths() -> Iterator[int]:
    """How wide a bin may be, µs: what people count time in."""
    for power in range(6):
        yield from (step * 10**power for step in (1, 2, 5))
    for unit, steps in (
        (SECOND, (1, 2, 5, 10, 15, 30)),
        (60 * SECOND, (1, 2, 5, 10, 15, 30)),
        (3_600 * SECOND, (1, 2, 3, 6, 12)),
    ):
        yield from (step * unit for step in steps)
    yield from (DAY, 2 * DAY)
    week = 7 * DAY
    while True:
        yield week
        week *= 2


def _bins(spans: Longs, edges: list[int]) -> list[Json]:
    if not edges:
        return []
    counts = (
        np.histogram(spans, bins=np.array(edges, np.int64))[0] if len(spans) else np.zeros(len(edges) - 1, np.int64)
    )
    return [
        {"from": edges[at] / 1_000_000, "to": edges[at + 1] / 1_000_000, "count": int(count)}
        for at, count in enumerate(counts)
    ]
