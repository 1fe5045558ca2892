"""The answer to a question about leaks, as docs/spec/questions.md writes it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fullfunnel.core import clock
from fullfunnel.core.business_time import Calendar
from fullfunnel.journeys.answers.people_lists import people_json
from fullfunnel.journeys.leaks.evidence import (
    Fields,
    group_json,
    hit,
    leak_json,
    money_json,
    recovered_json,
    silent_json,
    tested_json,
)
from fullfunnel.journeys.leaks.find import Group, Leak, find_leaks, group_at
from fullfunnel.journeys.leaks.firsts import Firsts
from fullfunnel.journeys.leaks.forms import form_steps
from fullfunnel.journeys.leaks.joint import USUAL_WEEK, deal_steps, hand_over_steps, handed_share, read_sold
from fullfunnel.journeys.leaks.people import goal_of, people_steps
from fullfunnel.journeys.leaks.price import loss_of
from fullfunnel.journeys.leaks.question import ALL, HIT, LeakList, Leaks
from fullfunnel.journeys.leaks.step import Money, Step
from fullfunnel.journeys.leaks.wins import wins_of
from fullfunnel.journeys.stages.question import Stages
from fullfunnel.journeys.stages.reading import read_funnels, rules_asked
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
NOUNS = {"handed_over": "hand_over", "rejected": "hand_over", "opportunity": "deal"}


@dataclass(frozen=True)
class Looked:
    """What is looked at: steps (those whose losses are losses of others first), the fields of forms, what wins are worth."""

    steps: list[Step]
    fields: Fields
    money: Money
    sells: str


def answer_leaks(question: Leaks, dataset: "Dataset", watch: Watch) -> Json:
    """Return where people are lost and what it costs, or the people of one leak. `watch` may end it."""
    looked = look(question, dataset, watch)
    if question.people_list:
        return _people(question.people_list, looked, dataset)
    answer: Json = {"kind": "leaks", "sells": looked.sells, "timezone": question.period.timezone}
    answer["win"] = money_json(looked.money.mean if looked.money.amounts else None, looked.money)
    if question.leak:
        answer |= _one(question, looked)
    else:
        answer |= _all(looked)
    return answer | {"data_until": clock.from_us(dataset.facts.data_until).isoformat().replace("+00:00", "Z")}


def look(question: Leaks, dataset: "Dataset", watch: Watch) -> Looked:
    """Read the steps of both funnels and of the joint, and forms."""
    rules = rules_asked(None, question.sells, dataset)
    index, selling = dataset.index(), dataset.facts.selling
    asked = Stages(sells=question.sells, period=question.period)
    found, _ = read_funnels(asked, rules, dataset, index, watch)
    firsts = Firsts(index, found.moves, selling.pages)
    owners = dataset.index("owners")
    sold = read_sold(owners, found, dataset, watch)
    watch.check()
    goal = goal_of(found, handed_share(found, sold))
    forms = form_steps(index, dataset, firsts, (found.start, found.end), goal, watch)
    steps = list(forms.steps)
    if found.has_sales:
        calendar = selling.calendar or Calendar(question.period.timezone, USUAL_WEEK)
        steps += [*hand_over_steps(found, sold, firsts, calendar), *deal_steps(found, sold, firsts)]
    steps += people_steps(found, firsts, goal, sold.on_deals)
    return Looked(steps, forms.fields, wins_of(found, index, dataset, watch), rules.sells)


def _all(looked: Looked) -> Json:
    found = find_leaks(looked.steps)
    leaks = [leak_json(leak, looked.money, looked.fields) for leak in found.leaks]
    unproven = [group_json(group) | tested_json(group) for group in found.unproven]
    return {
        "leaks": sorted(leaks, key=_costliest),
        "unproven": unproven,
        "silent": [silent_json(group) for group in found.silent],
        "steps": [_step_json(step, looked.money) for step in looked.steps],
        "tested": found.tested,
    }


def _costliest(leak: Json) -> tuple[float, float]:
    price = leak["per_month"]
    return -float(price["amount"]) if price else 0.0, -leak["missing"]


def _step_json(step: Step, money: Money) -> Json:
    totals = step.totals()
    loss = loss_of(totals["lost"], step.win, money, step.months) if step.is_priced else None
    return {"step": step.key, "to": step.to, "label": step.label, **totals, "per_month": money_json(loss, money)}


def _group(looked: Looked, key: str) -> Group | None:
    # A value, or a form, may have the mark in its name.
    for step in looked.steps:
        rest = key.removeprefix(f"{step.key}|")
        name, _, value = rest.partition("|")
        if rest != key and (group := group_at(step, name, value)) is not None:
            return group
    return None


def _one(question: Leaks, looked: Looked) -> Json:
    """Return one leak as it is now, also where it is none any more; `leak` is None where nobody of its group came."""
    group = _group(looked, question.leak)
    found: Json = {"leak": leak_json(Leak(group), looked.money, looked.fields) if group else None}
    if question.since is not None:
        found["since"] = recovered_json(group, question.since, looked.money) if group else None
    return found


def _people(asked: LeakList, looked: Looked, dataset: "Dataset") -> Json:
    group = _group(looked, asked.leak)
    if group is None:
        nobody = np.empty(0, np.int64)
        return people_json("leaks", "people", nobody, nobody, asked, dataset)
    chosen = (
        hit(group) if asked.outcome == HIT else group.of_it & group.compared if asked.outcome == ALL else group.lost
    )
    step, places = group.step, np.flatnonzero(chosen)
    noun = NOUNS.get(step.key.partition(":")[0])
    things = (noun, [step.ids[at] for at in places.tolist()]) if noun else None
    return people_json("leaks", "people", step.unit[places], step.at[places], asked, dataset, things)


def warm() -> None:
    """Compile what leaks need, so that no question waits for it."""
    from fullfunnel.journeys.datasets.file import dataset_of_rows

    rows = [{"person": "a", "event": "page_viewed", "timestamp": at, "path": "/pricing"} for at in (1, 90_000)]
    answer_leaks(Leaks(), dataset_of_rows(rows), Watch())
