"""Answers as the public contract (docs/spec/questions.md) writes them: counts, shares, times, groups, people."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fullfunnel.journeys.answers.people_lists import moment_text, people_json
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.funnel.answer_plain import plain_steps
from fullfunnel.journeys.funnel.answer_steps import counts_of, dropped, has, pending, steps_of
from fullfunnel.journeys.funnel.answer_times import time_to_convert
from fullfunnel.journeys.funnel.answer_trend import funnel_trend
from fullfunnel.journeys.funnel.fast.plain import is_plain
from fullfunnel.journeys.funnel.fold import fold_funnel
from fullfunnel.journeys.funnel.matching import Longs
from fullfunnel.journeys.funnel.outcomes import Outcomes
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
OTHER = "(other)"


def answer_funnel(question: Funnel, dataset: "Dataset", watch: Watch | None = None) -> Json:
    """The answer to a funnel question over a dataset, as JSON of the contract. `watch` may end it: see Watch."""
    if question.show in ("steps", "counts") and is_plain(question):
        return {"kind": "funnel", **plain_steps(question, dataset, watch or Watch())} | _until(dataset)
    whole, grouped = fold_funnel(question, dataset, watch)
    groups = None if grouped is None else list(_groups(question, grouped))
    if question.show == "people":
        return _people(question, whole, groups, dataset)
    answer: Json = {"kind": "funnel"}
    if question.show == "trend":
        return (
            answer | funnel_trend(question, whole, groups, dataset.facts.data_until, watch or Watch()) | _until(dataset)
        )
    if question.show == "time_to_convert":
        answer |= time_to_convert(question.histogram, whole, groups)
    else:
        told = counts_of if question.show == "counts" else steps_of
        answer["steps"] = told(question, whole)
        if groups is not None:
            answer["groups"] = [{"value": value, "steps": told(question, rows)} for value, rows in groups]
    return answer | {"units": len(whole.unit)} | _until(dataset)


def _until(dataset: "Dataset") -> Json:
    return {"data_until": moment_text(dataset.facts.data_until)}


def _groups(question: Funnel, rows: Outcomes) -> Iterator[tuple[str | None, Outcomes]]:
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
        yield OTHER, other if question.count == "entries" else _best_row_of_each_unit(question, other)


def _best_row_of_each_unit(question: Funnel, rows: Outcomes) -> Outcomes:
    """Keep one row of each unit that is in several groups: the furthest, of equals the latest, then the one that was faster.

    The row is open where any of them is.
    """
    if not len(rows.entity):
        return rows
    steps = np.arange(len(question.steps))
    optional = sum(1 << k for k, step in enumerate(question.steps) if step.optional)
    times = np.sort(np.where(rows.reached[:, None] >> steps & 1 == 1, rows.times, NEVER), axis=1)
    # The lowest step that only one of two entries reached decides between entries of the same times.
    earlier_steps = (rows.reached[:, None] >> steps & 1) @ (1 << steps[::-1])
    furthest = (rows.entered, _ones(rows.reached), _ones(rows.reached & ~optional), rows.entity)
    order = np.lexsort((earlier_steps, *(-times[:, k] for k in steps[::-1]), *furthest))
    first = np.flatnonzero(np.r_[True, np.diff(rows.entity[order]) != 0])
    found = rows.take(order[np.append(first[1:], len(order)) - 1])
    return replace(found, open_at=np.minimum.reduceat(rows.open_at[order], first))


def _ones(masks: Longs) -> Longs:
    """How many bits are set in each."""
    return np.asarray(np.bitwise_count(masks), np.int64)


def _people(
    question: Funnel, whole: Outcomes, groups: list[tuple[str | None, Outcomes]] | None, dataset: "Dataset"
) -> Json:
    asked = question.people_list
    rows = whole
    if asked.group:
        rows = next((found for value, found in groups or [] if value == asked.group[0]), whole.take(slice(0, 0)))
    pick: Callable[[Funnel, Outcomes, int], Any] = {
        "reached": lambda _, found, k: has(found, k),
        "dropped": dropped,
        "pending": pending,
    }[asked.outcome]
    picked = np.flatnonzero(pick(question, rows, asked.step - 1))
    return people_json("funnel", question.count, rows.unit[picked], rows.entered[picked], asked, dataset)
