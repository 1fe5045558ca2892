"""The answer to a plain funnel, out of how far each unit came: no row is looked at twice."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column
from fullfunnel.journeys.answers.groups import ranked
from fullfunnel.journeys.funnel.answer_steps import spread
from fullfunnel.journeys.funnel.fast.plain import PlainCounts, fold_plain
from fullfunnel.journeys.funnel.matching import Longs
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]


def plain_steps(question: Funnel, dataset: "Dataset", watch: Watch) -> Json:
    """`steps`, `groups` (with a breakdown) and `units` of the answer; with `show: counts` without losses and times."""
    timed, steps = question.show != "counts", len(question.steps)
    tally = fold_plain(question, dataset, watch, timed=timed)
    answer: Json = {"steps": _steps(question, _counts(tally, steps), tally.spans if timed else None)}
    if question.breakdown is not None:
        answer["groups"] = _groups(question, tally, timed, question.breakdown.limit)
    return answer | {"units": len(tally.level)}


def _counts(tally: PlainCounts, steps: int, place: Longs | None = None, groups: int = 1) -> NDArray[np.int64]:
    """How many stand at each step and (0) no longer can or (1) still could go on: [step, 0 or 1], or with places [group, step, …]."""
    if place is None:
        # Counting bytes is many times faster than making numbers of them.
        stand = (tally.level == k for k in range(steps))
        pairs = [(np.count_nonzero(one), np.count_nonzero(one & tally.open) if len(tally.open) else 0) for one in stand]
        return np.array([(both - still, still) for both, still in pairs], np.int64)
    key = tally.level.astype(np.int64) * 2
    if len(tally.open):
        key += tally.open
    return np.bincount(key + place * (steps * 2), minlength=groups * steps * 2).reshape(groups, steps, 2)


def _groups(question: Funnel, tally: PlainCounts, timed: bool, limit: int) -> list[Json]:
    steps = len(question.steps)
    listed, place = ranked(Column(tally.group, tally.values), limit)
    counts = _counts(tally, steps, place, len(listed))
    spans = [_split(one, place[tally.level >= k], len(listed)) for k, one in enumerate(tally.spans)] if timed else []
    return [
        {"value": value, "steps": _steps(question, counts[at], [one[at] for one in spans] if timed else None)}
        for at, value in enumerate(listed)
    ]


def _split(spans: Longs, place: Longs, groups: int) -> list[Longs]:
    """The spans of each group. `place`: the group of each span."""
    if not len(spans):
        return [spans] * groups
    # Sorting numbers of 16 bits is linear.
    order = np.argsort(place.astype(np.uint16 if groups < 65_536 else np.int64), kind="stable")
    return np.split(spans[order], np.cumsum(np.bincount(place, minlength=groups))[:-1])


def _steps(question: Funnel, stand: NDArray[np.int64], spans: Sequence[Longs] | None) -> list[Json]:
    """stand[k]: how many came to step k and no further, who (0) no longer can or (1) still could go on."""
    reached = np.cumsum(stand.sum(axis=1)[::-1])[::-1].tolist()
    found: list[Json] = []
    for k, step in enumerate(question.steps):
        before, first = reached[max(k - 1, 0)], reached[0]
        shown: Json = {
            "label": step.label,
            "count": reached[k],
            "from_previous": reached[k] / before if before else (1.0 if k == 0 else 0.0),
            "from_first": reached[k] / first if first else (1.0 if k == 0 else 0.0),
        }
        if spans is not None:
            dropped, pending = (0, 0) if k == 0 else stand[k - 1].tolist()
            shown |= {"dropped": dropped, "pending": pending, "seconds_from_previous": spread(spans[k])}
        found.append(shown)
    return found
