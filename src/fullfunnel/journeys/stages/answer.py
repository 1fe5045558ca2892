"""The answer to a question about stages, as docs/spec/questions.md writes it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.answers.groups import ranked
from fullfunnel.journeys.answers.people_lists import people_json
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.stages.figures import Chosen, Funnels, behind, figures_json, hand_overs_with, of_stage
from fullfunnel.journeys.stages.ledger import ACCEPTED, WAITING
from fullfunnel.journeys.stages.moves import plan_of
from fullfunnel.journeys.stages.preview import answer_preview
from fullfunnel.journeys.stages.question import BY, HANDED_OVER, OPPORTUNITY, REACHED, StageList, Stages
from fullfunnel.journeys.stages.reading import kept, read_funnels, rules_asked, within
from fullfunnel.journeys.stages.rule import LADDER, PROSPECT
from fullfunnel.journeys.stages.rule_set import RuleSet
from fullfunnel.journeys.stages.shows.book import book_json, edges_of, entries_of, signs_of, steps_of
from fullfunnel.journeys.stages.shows.work import Cohort, Touched, touches_of, work_json
from fullfunnel.journeys.stages.splits import Splits
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
Bools = NDArray[np.bool_]
# What a row of a list names beside the person.
NOUNS = {HANDED_OVER: "hand_over", OPPORTUNITY: "deal"}


def answer_stages(question: Stages, dataset: "Dataset", watch: Watch) -> Json:
    """Return the counts of both funnels, or the people behind one of them. `watch` may end it."""
    rules = rules_asked(question.rules, question.sells, dataset)
    if question.against is not None:
        against = rules_asked(question.against, question.sells, dataset, "against")
        return answer_preview(question, rules, against, dataset, watch)
    index = dataset.index()
    found, ledger = read_funnels(question, rules, dataset, index, watch)
    splits = Splits(index, found, dataset.facts.selling.sellers)
    chosen = _chosen(question, found, splits)
    shown = Shown(question, rules, found, splits, chosen, dataset, index, watch)
    if question.people_list:
        return _people(shown, question.people_list)
    answer: Json = {"kind": "stages", "sells": rules.sells, "rules": rules.number}
    answer["timezone"] = question.period.timezone
    if question.show:
        return answer | (_book(shown) if question.show == "book" else _work(shown))
    answer |= figures_json(found, chosen)
    if question.compare:
        answer["before"] = figures_json(within(found, question.compare), chosen)
    answer["values"] = {name: splits.values(name) for name in BY}
    if rules.rules.has_sales:
        answer["hand_overs"]["ignored"] = ledger.ignored
    if question.breakdown:
        listed, masks = _groups(question, found, splits, chosen)
        answer["groups"] = [
            {"value": value} | figures_json(found, mask) for value, mask in zip(listed, masks, strict=True)
        ]
    return answer | {"data_until": clock.from_us(dataset.facts.data_until).isoformat().replace("+00:00", "Z")}


def _chosen(question: Stages, found: Funnels, splits: Splits) -> Chosen:
    """Return who and what the question is about: all, or those of its channels, campaigns, …"""
    masks = [np.ones(many, np.bool_) for many in (len(found.moves.unit), len(found.hand_overs), len(found.deals))]
    for name in BY:
        if wanted := getattr(question, name):
            for mask, column in zip(masks, splits.of_each(name), strict=True):
                mask &= np.array([*(value in wanted for value in column.values), None in wanted])[column.codes]
    return Chosen(*masks)


def _groups(question: Stages, found: Funnels, splits: Splits, chosen: Chosen) -> tuple[list[str | None], list[Chosen]]:
    """Return the groups, the largest first, and what is of each."""
    assert question.breakdown  # noqa: S101
    columns = splits.of_each(question.breakdown.property)
    moved = np.array([found.lies_in(moments) for moments in (*found.moves.reached, found.moves.prospect)]).any(axis=0)
    others = [
        found.lies_in(np.array([one.at for one in things], np.int64)) for things in (found.hand_overs, found.deals)
    ]
    counted = [moved & chosen.people, others[0] & chosen.hand_overs, others[1] & chosen.deals]
    # Whatever is counted anywhere has a group.
    codes = np.concatenate([column.codes[mask] for column, mask in zip(columns, counted, strict=True)])
    listed, _ = ranked(Column(codes, columns[0].values), question.breakdown.limit)
    known = {value: at for at, value in enumerate(listed)}
    names = [*columns[0].values, None]
    places = np.array([known.get(value, len(listed) - 1) for value in names], np.int64)
    whole = (chosen.people, chosen.hand_overs, chosen.deals)
    masks = [
        Chosen(*(mask & (places[column.codes] == at) for mask, column in zip(whole, columns, strict=True)))
        for at in range(len(listed))
    ]
    return listed, masks


def _people(shown: "Shown", asked: StageList) -> Json:
    found, chosen = shown.found, shown.chosen
    if asked.group and shown.question.breakdown:
        listed, masks = _groups(shown.question, found, shown.splits, chosen)
        nobody = Chosen(*(np.zeros_like(mask) for mask in (chosen.people, chosen.hand_overs, chosen.deals)))
        chosen = masks[listed.index(asked.group[0])] if asked.group[0] in listed else nobody
    units, moments, ids = behind(found, asked.stage, asked.outcome, chosen)
    if asked.touch:
        cohort = _cohort(found, asked.stage, chosen)
        one = next((one for one in _touches(shown, cohort) if (one.kind, one.value) == asked.touch), None)
        is_touched = np.isin(units, cohort.unit[one.who]) if one else np.zeros(len(units), np.bool_)
        units, moments = units[is_touched], moments[is_touched]
    things = (NOUNS[asked.stage], ids) if asked.stage in NOUNS else None
    return people_json("stages", "people", units, moments, asked, shown.dataset, things)


@dataclass(frozen=True)
class Shown:
    """A question with all that was read for it."""

    question: Stages
    rules: RuleSet
    found: Funnels
    splits: Splits
    chosen: Chosen
    dataset: "Dataset"
    index: Index
    watch: Watch


def _cohort(found: Funnels, stage: str, chosen: Chosen) -> Cohort:
    """Return who reached a stage in the period, and when they went on: a prospect with the first hand-over."""
    if stage == HANDED_OVER:
        return _with_sales(found, chosen)
    here, reached = of_stage(found, stage, REACHED)
    here = here & chosen.people
    order = np.argsort(found.moves.unit[here])
    unit = found.moves.unit[here][order]
    if stage == PROSPECT:
        first = dict[int, int]()
        for one in found.hand_overs:
            first[one.person] = min(first.get(one.person, NEVER), one.at)
        until = np.array([first.get(one, NEVER) for one in unit.tolist()], np.int64)
    else:
        at = LADDER.index(stage) + 1
        after = found.moves.reached[at] if at < len(LADDER) else np.full(len(here), NEVER, np.int64)
        until = after[here][order]
    return Cohort(unit, reached[here][order], until, until < NEVER)


def _with_sales(found: Funnels, chosen: Chosen) -> Cohort:
    """Return whom sales has, by the latest hand-over made in the period: until it said no, and whether it said yes."""
    made = hand_overs_with(found, REACHED)[0] & chosen.hand_overs
    latest = {one.person: one for one, is_meant in zip(found.hand_overs, made.tolist(), strict=True) if is_meant}
    own = [latest[person] for person in sorted(latest)]
    stays = [one.outcome in (ACCEPTED, WAITING) for one in own]
    until = [NEVER if is_open else one.told[-1][0] for one, is_open in zip(own, stays, strict=True)]
    unit, since = np.array([one.person for one in own], np.int64), np.array([one.at for one in own], np.int64)
    accepted = np.array([one.outcome == ACCEPTED for one in own], np.bool_)
    return Cohort(unit, since, np.array(until, np.int64), accepted)


def _touches(shown: Shown, cohort: Cohort) -> list[Touched]:
    return touches_of(cohort, shown.index, shown.dataset, shown.watch)


def _work(shown: Shown) -> Json:
    cohort = _cohort(shown.found, shown.question.stage, shown.chosen)
    return {"stage": shown.question.stage} | work_json(cohort, _touches(shown, cohort))


def _book(shown: Shown) -> Json:
    """Return the book of every stage, of all and of each group."""
    found, selling, zone = shown.found, shown.dataset.facts.selling, shown.question.period.timezone
    plan = plan_of(shown.rules.rules, selling.pages, selling.own, selling.rivals)
    signs = kept(shown.index, ("signs", plan), lambda: signs_of(plan, shown.index, shown.dataset, shown.watch))
    entries = entries_of(found, steps_of(found.moves, signs, found.silence, found.until))
    days, begins = edges_of(found, entries, zone)
    until = min(found.end - 1, found.until)
    answer: Json = {"days": [day.isoformat() for day in days]}
    answer["stages"] = book_json(entries, begins, until, shown.chosen)
    if shown.question.breakdown:
        always = replace(found, start=-NEVER + 1, end=NEVER)
        listed, masks = _groups(shown.question, always, shown.splits, shown.chosen)
        answer["groups"] = [
            {"value": value, "stages": book_json(entries, begins, until, mask)}
            for value, mask in zip(listed, masks, strict=True)
        ]
    return answer


def warm() -> None:
    """Compile what stages need, so that no question waits for it."""
    from fullfunnel.journeys.datasets.file import dataset_of_rows

    rows = [{"person": "a", "event": "page_viewed", "timestamp": at, "path": "/pricing"} for at in (1, 90_000)]
    answer_stages(Stages(), dataset_of_rows(rows), Watch())
