"""The answer to the drop-off analyst's question, as JSON of docs/spec/questions.md."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from fullfunnel.core.numbers import number, percent
from fullfunnel.journeys.answers.people_lists import moment_text, people_json
from fullfunnel.journeys.drop_off.behaviours import NO_ROW, behaviours_of
from fullfunnel.journeys.drop_off.candidates import Candidates, candidates_for, candidates_of
from fullfunnel.journeys.drop_off.comparison import Comparison, comparison_of, most_lost
from fullfunnel.journeys.drop_off.factors import FactorInputs, Tried, having, tried
from fullfunnel.journeys.drop_off.findings import in_order, more_lost, set_apart
from fullfunnel.journeys.drop_off.first_touch import first_touches
from fullfunnel.journeys.drop_off.odds import Judged, Tables, judge
from fullfunnel.journeys.funnel.fold import fold_funnel
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.questions.words import event_words
from fullfunnel.journeys.watch import Watch
from fullfunnel.journeys.why.one import NOT_PEOPLE
from fullfunnel.journeys.why.question import EARLIER, DropOff, Factor, SideList
from fullfunnel.journeys.why.standing import plain

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]


def answer_drop_off(asked: DropOff, dataset: "Dataset", watch: Watch) -> Json:
    """What separates those who reached the step from those who were lost before it; or the people of one of its numbers."""
    question = plain(asked.question)
    standing, _ = fold_funnel(question, dataset, watch)
    k = most_lost(question, standing) if asked.step is None else asked.step - 1
    index = dataset.index(question.count if question.count in NOT_PEOPLE else "people")
    sides = comparison_of(question, standing, index, k)

    def seen(looked: Candidates) -> FactorInputs:
        happened = behaviours_of(question, sides, index, looked.events, watch)
        touch = first_touches(sides, index, watch) if looked.touches else np.full(len(sides.at), NO_ROW)
        return FactorInputs(sides, happened, touch, index, dataset, question.count)

    if asked.people_list:
        return _people(asked.people_list, sides, seen, dataset, question.count)
    looked = candidates_of(asked, question, k, index, dataset)
    found = tried(seen(looked), looked, watch)
    speaking = np.flatnonzero(found.tables.speaks())
    tables = found.tables.take(speaking)
    apart = set_apart([found.factors[at] for at in speaking], tables)
    judged = judge(tables)
    rows = in_order(tables, judged, apart)[: asked.limit]
    went_on = int(sides.went_on.sum())
    return {
        "kind": "drop_off",
        "step": k + 1,
        "went_on": went_on,
        "dropped": len(sides.unit) - went_on,
        "rows": [
            _row(question, found, int(speaking[at]), tables, judged, at) | {"set_apart": bool(apart[at])} for at in rows
        ],
        "silent": len(found.factors) - len(speaking) + found.beyond,
        "tested": len(speaking),
        "data_until": moment_text(dataset.facts.data_until),
    }


def _people(
    listed: SideList, sides: Comparison, seen: Callable[[Candidates], FactorInputs], dataset: "Dataset", count: str
) -> Json:
    """Counted by what counts the row, so that the list is as long as the number."""
    rows = sides.went_on == (listed.outcome == "went_on")
    if listed.factor:
        looked = candidates_for(listed.factor)
        rows &= having(listed.factor, seen(looked), looked) == listed.having
    picked = np.flatnonzero(rows)
    return people_json("drop_off", count, sides.unit[picked], sides.entered[picked], listed, dataset)


def _row(question: Funnel, found: Tried, place: int, tables: Tables, judged: Judged, at: int) -> Json:
    factor = found.factors[place]
    on, lost = int(tables.with_on[at]), int(tables.with_lost[at])
    words = who(factor, question)
    other_on, other_lost = int(tables.without_on[at]), int(tables.without_lost[at])
    return {
        **_named(factor),
        "odds_ratio": _figure(judged.odds_ratio[at]),
        "low": _figure(judged.low[at]),
        "high": _figure(judged.high[at]),
        "p": _figure(judged.p[at]),
        "q": _figure(judged.q[at]),
        "more_lost": round(float(more_lost(tables)[at]), 1),
        "with": {"went_on": on, "dropped": lost},
        "without": {"went_on": other_on, "dropped": other_lost},
        "also": [_named(one) for one in found.also[place]],
        "opposite": [_named(one) for one in found.opposite[place]],
        "who": words,
        "sentence": f"{words}: {_share(on, on + lost)} went on, of the others {_share(other_on, other_on + other_lost)}.",
    }


def _named(factor: Factor) -> Json:
    return {"factor": factor.kind, "property": factor.property, "value": factor.value}


def _figure(value: float) -> float:
    """Six digits: more than counts of people can tell."""
    return float(f"{value:.6g}")


def _share(part: int, whole: int) -> str:
    return f"{number(part)} of {number(whole)} ({percent(part / whole)})"


def who(factor: Factor, question: Funnel) -> str:
    """Whom a row speaks of, in words."""
    subject = factor.property.replace("_", " ").replace(".", " ")
    value = "has no value" if factor.value is None else f"is {factor.value}"
    if factor.kind == "property":
        return f"Where {subject} {value}"
    if factor.kind == "first_touch":
        return (
            f"Those who first came {f'without a {subject}' if factor.value is None else f'by {subject} {factor.value}'}"
        )
    if factor.kind == "person":
        then = "had no value" if factor.value is None else f"was {factor.value}"
        return f"Those whose {subject} {then} by then"
    if factor.kind == "company":
        return f"Those whose company’s {subject} {value} today"
    when = "before they began" if factor.value == EARLIER else "after they began, before the sides parted"
    return f"Those with “{event_words([factor.property])}” {when}"
