"""The answer to the drop-off analyst's question, as JSON of docs/asking.md."""

from typing import TYPE_CHECKING, Any

import numpy as np

from fullfunnel.analytics.answers.listed import moment_text
from fullfunnel.analytics.drop_off.factors import EARLIER, Factor, tried
from fullfunnel.analytics.drop_off.happened import frequent_names, happened_to
from fullfunnel.analytics.drop_off.odds import Judged, Tables, judge
from fullfunnel.analytics.drop_off.sides import most_lost, sides_of
from fullfunnel.analytics.folds.funnel import fold_funnel
from fullfunnel.analytics.questions.shapes import ANY, Funnel
from fullfunnel.analytics.questions.why import DropOff
from fullfunnel.analytics.questions.words import event_words
from fullfunnel.analytics.watch import Watch
from fullfunnel.analytics.why.one import NOT_PEOPLE
from fullfunnel.analytics.why.standing import plain
from fullfunnel.core.numbers import number, percent

if TYPE_CHECKING:
    from fullfunnel.analytics.worlds.world import World

Json = dict[str, Any]
TELLING = 0.05


def answer_drop_off(asked: DropOff, world: "World", watch: Watch) -> Json:
    """What separates those who reached the step from those who were lost before it."""
    question = plain(asked.question)
    standing, _ = fold_funnel(question, world, watch)
    k = most_lost(question, standing) if asked.step is None else asked.step - 1
    index = world.index(question.count if question.count in NOT_PEOPLE else "people")
    sides = sides_of(question, standing, index, k)
    happened = happened_to(question, sides, index, frequent_names(index), watch)
    names = sorted({name for step in question.steps for name in step.events if name != ANY})
    properties = list(asked.properties) or world.event_properties(names)
    found = tried(sides, happened, index, world, properties, question.count, watch)
    speaking = np.flatnonzero(found.tables.speaks())
    tables = found.tables.take(speaking)
    judged = judge(tables)
    factors = [found.factors[at] for at in speaking.tolist()]
    went_on = int(sides.went_on.sum())
    return {
        "kind": "drop_off",
        "step": k + 1,
        "went_on": went_on,
        "dropped": len(sides.unit) - went_on,
        "rows": [_row(question, k, factors[at], tables, judged, at) for at in _order(tables, judged)[: asked.limit]],
        "silent": len(found.factors) - len(factors) + found.beyond,
        "tested": len(factors),
        "data_until": moment_text(world.data_until),
    }


def _order(tables: Tables, judged: Judged) -> list[int]:
    """What is surely more than chance first; then by how many units it is about."""
    about = np.abs(_more_lost(tables))
    return list(np.lexsort((judged.p, -about, judged.q >= TELLING)).tolist())


def _more_lost(tables: Tables) -> Any:
    """How many more of those with the factor were lost than if they had been lost as often as those without it."""
    share = tables.without_lost / (tables.without_on + tables.without_lost)
    return tables.with_lost - (tables.with_on + tables.with_lost) * share


def _row(question: Funnel, k: int, factor: Factor, tables: Tables, judged: Judged, at: int) -> Json:
    on, lost = int(tables.with_on[at]), int(tables.with_lost[at])
    other_on, other_lost = int(tables.without_on[at]), int(tables.without_lost[at])
    return {
        "factor": factor.kind,
        "property": factor.property,
        "value": factor.value,
        "odds_ratio": _figure(judged.odds_ratio[at]),
        "low": _figure(judged.low[at]),
        "high": _figure(judged.high[at]),
        "p": _figure(judged.p[at]),
        "q": _figure(judged.q[at]),
        "more_lost": round(float(_more_lost(tables)[at]), 1),
        "with": {"went_on": on, "dropped": lost},
        "without": {"went_on": other_on, "dropped": other_lost},
        "sentence": f"{who(factor, question)}: {_share(on, on + lost)} went on, of the others {_share(other_on, other_on + other_lost)}.",
    }


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
    if factor.kind == "person":
        then = "had no value" if factor.value is None else f"was {factor.value}"
        return f"Those whose {subject} {then} by then"
    if factor.kind == "company":
        return f"Those whose company’s {subject} {value} today"
    when = "before they began" if factor.value == EARLIER else "after they began, before the sides parted"
    return f"Those with “{event_words([factor.property])}” {when}"
