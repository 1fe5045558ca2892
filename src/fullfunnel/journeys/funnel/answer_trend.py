"""`show: trend`: the funnel of each hour, day, week or month, by when the entries that stand began."""

from typing import Any

import numpy as np

from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys import buckets
from fullfunnel.journeys.funnel.answer_steps import base, dropped, has, pending
from fullfunnel.journeys.funnel.outcomes import Outcomes
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.watch import Watch

Json = dict[str, Any]
Groups = list[tuple[str | None, Outcomes]]
# Steps of all rows: a step takes some 400 bytes, and a row may have 30 of them.
MAX_CELLS = 500_000


def funnel_trend(question: Funnel, whole: Outcomes, groups: Groups | None, data_until: int, watch: Watch) -> Json:
    """{"by", "timezone", "rows": [{"at", "group"?, "units", "steps", "incomplete"}]}: one row for each group and bucket.

    Buckets are those of docs/adr/0020, also where nobody entered: the period, but no further than the data reaches.
    QuestionError where they would be too many, each with all its steps. `watch` may end it.
    """
    period = question.period
    # What a live clock dates a little into the future still is in the data.
    entered = np.concatenate([whole.entered, *(rows.entered for _, rows in groups or [])])
    until = int(entered.max(initial=data_until)) + 1
    end = until if period.end is None else min(period.end, until)
    start = int(entered.min(initial=end)) if period.start is None else period.start
    listed = buckets.listed(question.by, period, start, end, 1 if groups is None else len(groups))
    _refuse_too_many(question, len(listed) * (1 if groups is None else len(groups)))
    rows: list[Json] = []
    for group, standing in groups if groups is not None else [(None, whole)]:
        watch.check()
        for bucket, counted in zip(listed, _by_bucket(question, standing, listed), strict=True):
            row: Json = {"at": bucket.label} | ({} if groups is None else {"group": group})
            rows.append(row | counted | {"incomplete": buckets.is_cut(period, bucket, end)})
    return {"by": question.by, "timezone": period.timezone, "rows": rows}


def _refuse_too_many(question: Funnel, rows: int) -> None:
    if (many := rows * len(question.steps)) > MAX_CELLS:
        hint = "ask about a shorter period, longer buckets, or fewer groups or steps"
        said = f"this would be {many:,} steps of all rows, and {MAX_CELLS:,} are the most; {hint}"
        raise QuestionError("by" if question.period.start is not None else "period", said)


def _by_bucket(question: Funnel, rows: Outcomes, listed: list[buckets.Bucket]) -> list[Json]:
    """What is counted of each bucket: units and steps."""
    starts = np.array([bucket.start for bucket in listed], np.int64)
    place = np.searchsorted(starts, rows.entered, side="right") - 1

    def count(which: Any) -> list[int]:
        return [int(one) for one in np.bincount(place[which], minlength=len(listed))]

    units, steps = count(slice(None)), range(len(question.steps))
    reached = [count(has(rows, k)) for k in steps]
    lost = [(count(dropped(question, rows, k)), count(pending(question, rows, k))) for k in steps]
    return [
        {
            "units": units[at],
            "steps": [
                {
                    "label": question.steps[k].label,
                    "count": reached[k][at],
                    "from_previous": _share(k, reached[k][at], reached[base(question, k) or 0][at]),
                    "from_first": _share(k, reached[k][at], reached[0][at]),
                    "dropped": lost[k][0][at],
                    "pending": lost[k][1][at],
                }
                | ({"optional": True} if question.steps[k].optional else {})
                for k in steps
            ],
        }
        for at in range(len(listed))
    ]


def _share(k: int, count: int, of: int) -> float:
    return count / of if of else (1.0 if k == 0 else 0.0)
