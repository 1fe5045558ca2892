"""The answer to a question about stages, as docs/spec/questions.md writes it."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.store.journeys import Column
from fullfunnel.journeys.answers.groups import ranked
from fullfunnel.journeys.answers.people_lists import people_json
from fullfunnel.journeys.stages.figures import Chosen, Funnels, behind, figures_json
from fullfunnel.journeys.stages.preview import answer_preview
from fullfunnel.journeys.stages.question import BY, HANDED_OVER, OPPORTUNITY, StageList, Stages
from fullfunnel.journeys.stages.reading import read_funnels, rules_asked, within
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
    if question.people_list:
        return _people(question, question.people_list, found, splits, chosen, dataset)
    answer: Json = {"kind": "stages", "sells": rules.sells, "rules": rules.number}
    answer["timezone"] = question.period.timezone
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


def _people(
    question: Stages, asked: StageList, found: Funnels, splits: Splits, chosen: Chosen, dataset: "Dataset"
) -> Json:
    if asked.group and question.breakdown:
        listed, masks = _groups(question, found, splits, chosen)
        nobody = Chosen(*(np.zeros_like(mask) for mask in (chosen.people, chosen.hand_overs, chosen.deals)))
        chosen = masks[listed.index(asked.group[0])] if asked.group[0] in listed else nobody
    units, moments, ids = behind(found, asked.stage, asked.outcome, chosen)
    things = (NOUNS[asked.stage], ids) if asked.stage in NOUNS else None
    return people_json("stages", "people", units, moments, asked, dataset, things)


def warm() -> None:
    """Compile what stages need, so that no question waits for it."""
    from fullfunnel.journeys.datasets.file import dataset_of_rows

    rows = [{"person": "a", "event": "page_viewed", "timestamp": at, "path": "/pricing"} for at in (1, 90_000)]
    answer_stages(Stages(), dataset_of_rows(rows), Watch())
