"""What is at work in a stage: who was touched by a page, a form, a campaign, … while they stood in it, and how many went on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fullfunnel.events import names
from fullfunnel.events.conditions import Condition
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import Longs, codes_at
from fullfunnel.journeys.folds.step_matching import StepMatching
from fullfunnel.journeys.questions.shapes import ANY, Matcher
from fullfunnel.journeys.stages.figures import Bools
from fullfunnel.journeys.stages.page_kinds import Pages, page_pattern
from fullfunnel.journeys.stages.rules import VIEWS
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
PAGES = ("price", "content", "comparison", "case_study", "calculator", "financing", "basket")
# Kind -> the property that names one of it.
KINDS = {
    "page": "path", "form": "form", "campaign": "campaign", "webinar": "webinar", "activity": "kind", "message": "message",
}  # fmt: skip
MOST = 15


@dataclass(frozen=True)
class Cohort:
    """Who reached a stage in the period. unit: their ids, sorted; since, until: when they came and left (NEVER: not yet)."""

    unit: Longs
    since: Longs
    until: Longs
    went_on: Bools


@dataclass(frozen=True)
class Touched:
    """A thing that touched people. who: places in the cohort."""

    kind: str
    value: str
    who: Longs


def matchers_of(pages: Pages) -> list[Matcher]:
    """Return which events are of each kind, in the order of KINDS."""
    return [
        Matcher(VIEWS, (Condition("path", "matches", (page_pattern(PAGES, pages),)),)),
        Matcher(("form_submitted", "form_started", "form_viewed")),
        Matcher((ANY,), (Condition("campaign", "is_set"),)),
        Matcher(("webinar_registered", "webinar_attended")),
        Matcher((names.ACTIVITY_LOGGED,)),
        Matcher(("email_sent", "email_delivered", "email_opened", "email_clicked")),
    ]


def touches_of(cohort: Cohort, index: Index, dataset: "Dataset", watch: Watch) -> list[Touched]:
    """Return what touched people of the cohort from when they came until before they went on, the most first."""
    sought = StepMatching(index, matchers_of(dataset.facts.selling.pages), dataset)

    def read(begin: int, end: int) -> tuple[Longs, Longs, Longs]:
        found = sought.gather(begin, end)
        unit = index.units[np.repeat(np.arange(begin, end), np.diff(found.offsets))]
        place = np.minimum(np.searchsorted(cohort.unit, unit), max(len(cohort.unit) - 1, 0))
        if not len(cohort.unit):
            return place[:0], found.bits[:0].copy(), found.row[:0].copy()
        here = (cohort.unit[place] == unit) & (found.time >= cohort.since[place]) & (found.time < cohort.until[place])
        return place[here], found.bits[here], found.row[here]

    parts = sought.each_portion(watch, read) or [read(0, 0)]
    place, bits, row = (np.concatenate(column) for column in zip(*parts, strict=True))
    found: list[Touched] = []
    for bit, (kind, name) in enumerate(KINDS.items()):
        of_kind = (bits & (1 << bit)) != 0
        if not of_kind.any():
            continue
        column = index.column(name)
        codes = codes_at(column, row[of_kind])
        pairs = np.unique(np.stack([codes.astype(np.int64), place[of_kind]]), axis=1)
        for code in np.unique(pairs[0]).tolist():
            if code >= 0 and column[0].values[code]:
                found.append(Touched(kind, column[0].values[code], pairs[1][pairs[0] == code]))
    return sorted(found, key=lambda one: (-len(one.who), one.kind, one.value))


def work_json(cohort: Cohort, touched: Sequence[Touched]) -> Json:
    """Return everybody in the stage, and for each thing how many it touched and how many of those went on."""
    rows = [
        {"kind": one.kind, "value": one.value, "touched": len(one.who), "went_on": int(cohort.went_on[one.who].sum())}
        for one in touched[:MOST]
    ]
    return {
        "people": len(cohort.unit),
        "went_on": int(cohort.went_on.sum()),
        "work": rows,
        "more": max(len(touched) - MOST, 0),
    }
