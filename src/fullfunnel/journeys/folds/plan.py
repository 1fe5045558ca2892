"""What the kernel is told: a question as numbers. Free of Numba, so that it can be imported by what folds nothing."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.questions.shapes import Funnel

# An event's mask: a bit for each step, a bit for each exclusion, and one for "carries the value of the group".
FIRST_EXCLUSION = 32
STEPS = (1 << FIRST_EXCLUSION) - 1
CARRIES = 1 << 60
ORDERED, STRICT, ANY_ORDER = 0, 1, 2
BEST, FIRST, EACH = 0, 1, 2
DROP, REMOVE, STOP = 0, 1, 2
NEVER = 2**61
NOT_OPEN = 127


class Plan(NamedTuple):
    """A funnel question for the kernel. Spans and moments are microseconds; NEVER is no limit.

    `latest` is the last moment at which a later step counts; `optional` a bit mask; `carry` is the step (from 1) whose event must
    carry the value of the run, for `order: any`; 0: none.
    """

    steps: int
    order: int
    entries: int
    window: int
    within: NDArray[np.int64]
    optional: int
    start: int
    end: int
    latest: int
    data_until: int
    after: NDArray[np.int64]
    before: NDArray[np.int64]
    effect: NDArray[np.int64]
    carry: int


def plan_of(question: Funnel, data_until: int, *, carry: int = 0) -> Plan:
    """The question as numbers."""
    period = question.period
    end = NEVER if period.end is None else period.end
    return Plan(
        steps=len(question.steps),
        order=("ordered", "strict", "any").index(question.order),
        entries=EACH if question.count == "entries" else (FIRST if question.entries == "first" else BEST),
        window=NEVER if question.window is None else question.window,
        within=np.array([NEVER if step.within is None else step.within for step in question.steps], np.int64),
        optional=sum(1 << at for at, step in enumerate(question.steps) if step.optional),
        start=-NEVER if period.start is None else period.start,
        end=end,
        latest=NEVER if question.late_conversions else end - 1,
        data_until=data_until,
        after=np.array([one.after - 1 for one in question.exclude], np.int64),
        before=np.array([one.before - 1 for one in question.exclude], np.int64),
        effect=np.array([("drop", "remove", "stop").index(one.effect) for one in question.exclude], np.int64),
        carry=carry,
    )
