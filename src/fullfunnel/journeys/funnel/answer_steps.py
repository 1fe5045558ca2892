"""What is counted of each step of a funnel: who reached it, was dropped or is pending before it, and how long it took."""

from fractions import Fraction
from typing import Any

import numpy as np

from fullfunnel.journeys.funnel.matching import Longs
from fullfunnel.journeys.funnel.outcomes import Outcomes
from fullfunnel.journeys.questions.shapes import Funnel

Json = dict[str, Any]


def counts_of(question: Funnel, rows: Outcomes) -> list[Json]:
    """The steps of one funnel without losses and times: `show: counts`. Shares are of the required step before."""
    found: list[Json] = []
    counts = [int(np.count_nonzero(has(rows, k))) for k in range(len(question.steps))]
    for k, step in enumerate(question.steps):
        needed = base(question, k)
        before, first = (counts[k] if needed is None else counts[needed]), counts[0]
        shown = {
            "label": step.label,
            "count": counts[k],
            "from_previous": counts[k] / before if before else (1.0 if k == 0 else 0.0),
            "from_first": counts[k] / first if first else (1.0 if k == 0 else 0.0),
        }
        found.append(shown | ({"optional": True} if step.optional else {}))
    return found


def steps_of(question: Funnel, rows: Outcomes) -> list[Json]:
    """The steps of one funnel. Losses are of the required step before; times, of the step before that was reached."""
    found = counts_of(question, rows)
    for k, step in enumerate(found):
        step["dropped"] = int(np.count_nonzero(dropped(question, rows, k)))
        step["pending"] = int(np.count_nonzero(pending(question, rows, k)))
        step["seconds_from_previous"] = spread(_since_previous(rows, k))
    return found


def has(rows: Outcomes, k: int) -> Any:
    """Who reached step k (from 0)."""
    return rows.reached >> k & 1 == 1


def base(question: Funnel, k: int) -> int | None:
    """The required step before step k."""
    return next((at for at in range(k - 1, -1, -1) if not question.steps[at].optional), None)


def lost(question: Funnel, rows: Outcomes, k: int) -> Any:
    needed = base(question, k)
    return has(rows, needed) & ~has(rows, k) if needed is not None else np.zeros(len(rows.unit), np.bool_)


def pending(question: Funnel, rows: Outcomes, k: int) -> Any:
    """Who reached the required step before step k, not k, and still could."""
    return lost(question, rows, k) & (rows.open_at < k)


def dropped(question: Funnel, rows: Outcomes, k: int) -> Any:
    """Who reached the required step before step k, not k, and no longer can."""
    return lost(question, rows, k) & ~(rows.open_at < k)


def _since_previous(rows: Outcomes, k: int) -> Longs:
    """For all that reached step k: microseconds since the step that they reached before it."""
    reached = np.flatnonzero(has(rows, k))
    if k == 0:
        return np.empty(0, np.int64)
    previous = rows.times[reached, 0]
    for at in range(1, k):
        previous = np.where(rows.reached[reached] >> at & 1 == 1, rows.times[reached, at], previous)
    return np.asarray(rows.times[reached, k] - previous, np.int64)


def spread(spans: Longs) -> Json:
    """Median, mean and 90th percentile (interpolated) in seconds, exact to the microsecond; null of nothing."""
    if not len(spans):
        return {"median": None, "mean": None, "p90": None}
    total = Fraction(
        int(np.sum(spans, dtype=object)) if spans.max() > 2**62 // len(spans) else int(spans.sum()), len(spans)
    )
    ranks = [divmod((len(spans) - 1) * tenths, 10) for tenths in (5, 9)]
    parted = np.partition(spans, sorted({min(at + more, len(spans) - 1) for at, _ in ranks for more in (0, 1)}))
    median, p90 = (_between(parted, at, rest) for at, rest in ranks)
    return {"median": _seconds(median), "mean": _seconds(total), "p90": _seconds(p90)}


def _seconds(microseconds: Fraction) -> float:
    return float(microseconds / 1_000_000)


def _between(parted: Longs, at: int, tenths: int) -> Fraction:
    """What lies so many tenths of the way from place `at` to the next one."""
    above = int(parted[min(at + 1, len(parted) - 1)])
    return Fraction(int(parted[at])) + Fraction(tenths, 10) * (above - int(parted[at]))
