"""The two sides: who reached the step, who was lost before it, and the moments up to which both are looked at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.funnel.answer_steps import dropped, has
from fullfunnel.journeys.funnel.outcomes import Outcomes
from fullfunnel.journeys.questions.shapes import Funnel

Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Comparison:
    """One observation a unit. unit: its id; at: its place in the index; went_on: whether it reached the step, else it was lost;
    entered, before: when its entry began and when it reached `base` (from 0), the required step before (µs)."""

    unit: Longs
    at: Longs
    went_on: NDArray[np.bool_]
    entered: Longs
    before: Longs
    base: int


def base_of(question: Funnel, k: int) -> int:
    """The required step before step `k` (both from 0)."""
    return next(s for s in range(k - 1, -1, -1) if not question.steps[s].optional)


def most_lost(question: Funnel, rows: Outcomes) -> int:
    """The step (from 0) before which most were lost, of equals the first. Who only passes an optional step by is not lost."""
    steps = range(1, len(question.steps))
    needed = [k for k in steps if not question.steps[k].optional] or steps
    return max(needed, key=lambda k: int(np.count_nonzero(dropped(question, rows, k))))


def comparison_of(question: Funnel, rows: Outcomes, index: Index, k: int) -> Comparison:
    """Who went on to step `k` (from 0) and who was lost before it. Pending ones are left out; of several entries of a unit the latest
    decided one counts, because the tests want units that are independent."""
    base = base_of(question, k)
    went_on = np.asarray(has(rows, k) & has(rows, base), np.bool_)
    decided = np.flatnonzero(went_on | np.asarray(dropped(question, rows, k)))
    order = decided[np.lexsort((rows.entered[decided], rows.unit[decided]))]
    unit = rows.unit[order]
    latest = order[np.append(unit[1:] != unit[:-1], True)] if len(order) else order
    places = np.argsort(index.units, kind="stable")
    at = places[np.searchsorted(index.units[places], rows.unit[latest])] if len(latest) else latest
    by_place = np.argsort(at, kind="stable")
    latest = latest[by_place]
    return Comparison(
        rows.unit[latest], at[by_place], went_on[latest], rows.entered[latest], rows.times[latest, base], base
    )
