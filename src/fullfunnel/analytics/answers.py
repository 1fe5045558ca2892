"""Answers as the public contract (spec/questions.md) writes them: counts, shares, times, groups, people."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from fullfunnel.analytics.folds.funnel import Standing, fold_funnel
from fullfunnel.analytics.folds.matching import Longs
from fullfunnel.analytics.questions_shapes import Funnel, Histogram
from fullfunnel.analytics.watch import Watch
from fullfunnel.core import clock

if TYPE_CHECKING:
    from fullfunnel.analytics.world import World

Json = dict[str, Any]
OTHER = "(other)"
MOST_BINS = 60


def answer_funnel(question: Funnel, world: "World", watch: Watch | None = None) -> Json:
    """The answer to a funnel question over a world, as JSON of the contract. `watch` may end it: see Watch."""
    whole, grouped = fold_funnel(question, world, (watch or Watch()).check)
    groups = None if grouped is None else list(_groups(question, grouped))
    if question.show == "people":
        return _people(question, whole, groups, world)
    answer: Json = {"kind": "funnel"}
    if question.show == "time_to_convert":
        answer |= _time_to_convert(question.histogram, whole, groups)
    else:
        answer["steps"] = steps_of(question, whole)
        if groups is not None:
            answer["groups"] = [{"value": value, "steps": steps_of(question, rows)} for value, rows in groups]
    answer["units"] = len(whole.unit)
    answer["data_until"] = moment_text(world.data_until)
    return answer


def moment_text(moment: int) -> str:
    """Microseconds since 1970 as ISO 8601 in UTC; a fraction only where there is one."""
    at = clock.EPOCH + timedelta(microseconds=moment)
    return at.replace(tzinfo=None).isoformat() + "Z"


def steps_of(question: Funnel, rows: Standing) -> list[Json]:
    """The steps of one funnel. Shares and losses are of the required step before; times, of the step before that was reached."""
    found: list[Json] = []
    counts = [int(np.count_nonzero(_has(rows, k))) for k in range(len(question.steps))]
    for k, step in enumerate(question.steps):
        base = _base(question, k)
        before, first = (counts[k] if base is None else counts[base]), counts[0]
        dropped, pending = (
            int(np.count_nonzero(one)) for one in (_dropped(question, rows, k), _pending(question, rows, k))
        )
        shown = {
            "label": step.label,
            "count": counts[k],
            "from_previous": counts[k] / before if before else (1.0 if k == 0 else 0.0),
            "from_first": counts[k] / first if first else (1.0 if k == 0 else 0.0),
            "dropped": dropped,
            "pending": pending,
            "seconds_from_previous": spread(_since_previous(rows, k)),
        }
        found.append(shown | ({"optional": True} if step.optional else {}))
    return found


def _has(rows: Standing, k: int) -> Any:
    return rows.reached >> k & 1 == 1


def _base(question: Funnel, k: int) -> int | None:
    """The required step before step k."""
    return next((at for at in range(k - 1, -1, -1) if not question.steps[at].optional), None)


def _lost(question: Funnel, rows: Standing, k: int) -> Any:
    base = _base(question, k)
    return _has(rows, base) & ~_has(rows, k) if base is not None else np.zeros(len(rows.unit), np.bool_)


def _pending(question: Funnel, rows: Standing, k: int) -> Any:
    return _lost(question, rows, k) & (rows.open_at < k)


def _dropped(question: Funnel, rows: Standing, k: int) -> Any:
    return _lost(question, rows, k) & ~(rows.open_at < k)


def _since_previous(rows: Standing, k: int) -> Longs:
    """For all that reached step k: microseconds since the step that they reached before it."""
    reached = np.flatnonzero(_has(rows, k))
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
    return {"median": _seconds(_quantile(spans, 5)), "mean": _seconds(total), "p90": _seconds(_quantile(spans, 9))}


def _seconds(microseconds: Fraction) -> float:
    return float(microseconds / 1_000_000)


def _quantile(spans: Longs, tenths: int) -> Fraction:
    at, rest = divmod((len(spans) - 1) * tenths, 10)
    above = min(at + 1, len(spans) - 1)
    parted = np.partition(spans, (at, above))
    return Fraction(int(parted[at])) + Fraction(rest, 10) * (int(parted[above]) - int(parted[at]))


def _groups(question: Funnel, rows: Standing) -> Iterator[tuple[str | None, Standing]]:
    """Groups by size, the largest first, then those without a value, then by name; what is beyond the limit is one more."""
    breakdown = question.breakdown
    assert breakdown is not None  # noqa: S101
    sizes = np.bincount(rows.group + 1, minlength=len(rows.values) + 1)
    named = [(code, None if code == 0 else rows.values[code - 1]) for code in np.flatnonzero(sizes)]
    named.sort(key=lambda one: (-sizes[one[0]], one[1] is not None, one[1] or ""))
    for code, value in named[: breakdown.limit]:
        yield value, rows.take(np.flatnonzero(rows.group == code - 1))
    if len(named) > breakdown.limit:
        rest = np.array([code - 1 for code, _ in named[breakdown.limit :]])
        other = rows.take(np.flatnonzero(np.isin(rows.group, rest)))
        yield OTHER, other if question.count == "entries" else _once(question, other)


def _once(question: Funnel, rows: Standing) -> Standing:
    """One row for each unit, where several groups have it: the one that came furthest, the most recent of equals."""
    optional = sum(1 << k for k, step in enumerate(question.steps) if step.optional)
    order = np.lexsort((rows.entered, _ones(rows.reached), _ones(rows.reached & ~optional), rows.entity))
    entity = rows.entity[order]
    last = np.r_[entity[1:] != entity[:-1], True] if len(entity) else np.empty(0, np.bool_)
    return rows.take(order[last])


def _ones(masks: Longs) -> Longs:
    """How many bits are set in each."""
    return np.asarray(np.bitwise_count(masks), np.int64)


def _people(
    question: Funnel, whole: Standing, groups: list[tuple[str | None, Standing]] | None, world: "World"
) -> Json:
    asked = question.people_list
    rows = whole
    if asked.group:
        rows = next((found for value, found in groups or [] if value == asked.group[0]), whole.take(slice(0, 0)))
    pick: Callable[[Funnel, Standing, int], Any] = {
        "reached": lambda _, found, k: _has(found, k),
        "dropped": _dropped,
        "pending": _pending,
    }[asked.outcome]
    picked = np.flatnonzero(pick(question, rows, asked.step - 1))
    order = picked[np.lexsort((rows.unit[picked], rows.entered[picked]))][asked.offset : asked.offset + asked.limit]
    names = world.people_named(rows.unit[order])
    people = [
        {"person": name, "entered_at": moment_text(int(entered))}
        for name, entered in zip(names, rows.entered[order], strict=True)
    ]
    return {"kind": "funnel", "people": people, "total": len(picked)}


def _time_to_convert(asked: Histogram, whole: Standing, groups: list[tuple[str | None, Standing]] | None) -> Json:
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


def _spans(asked: Histogram, rows: Standing) -> Longs:
    a, b = asked.from_step - 1, asked.to_step - 1
    both = np.flatnonzero(_has(rows, a) & _has(rows, b))
    return np.asarray(rows.times[both, b] - rows.times[both, a], np.int64)


def _edges(asked: Histogram, spans: Longs) -> list[int]:
    """The bounds of the bins in microseconds: as wide as each other, from the shortest time to the longest."""
    if not len(spans):
        return []
    low, high = int(spans.min()), int(spans.max())
    bins = asked.bins or max(1, min(MOST_BINS, round(len(spans) ** (1 / 3) * 2)))
    width = max(1, -(-(high - low + 1) // bins))
    return [low + at * width for at in range(bins + 1)]


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
