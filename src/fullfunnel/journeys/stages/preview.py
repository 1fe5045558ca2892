"""A period under other rules: what each set of rules counts, and who stands elsewhere under the second."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.conditions import Clause, Group
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.answers.people_lists import people_json
from fullfunnel.journeys.folds.gather import Longs
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.questions.periods import zone_of
from fullfunnel.journeys.stages import deals as sold
from fullfunnel.journeys.stages import ledger
from fullfunnel.journeys.stages.figures import Funnels, money_json
from fullfunnel.journeys.stages.moves import moments_of
from fullfunnel.journeys.stages.question import HANDED_OVER, StageList, Stages
from fullfunnel.journeys.stages.reading import kept, meets, read_funnels
from fullfunnel.journeys.stages.rule import LADDER, PROSPECT
from fullfunnel.journeys.stages.rule_set import RuleSet
from fullfunnel.journeys.stages.score_fold import first_met
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
Bools = NDArray[np.bool_]
NOWHERE = -1


@dataclass(frozen=True)
class Both:
    """A period under the rules that hold (before) and under others (after); people have the same places in both."""

    before: Funnels
    after: Funnels
    rules: tuple[RuleSet, RuleSet]


def answer_preview(question: Stages, rules: RuleSet, against: RuleSet, dataset: "Dataset", watch: Watch) -> Json:
    """Return what `rules` count of the period beside what `against` do; or the people who move from one stage to another."""
    index = dataset.index()
    before, after = (read_funnels(question, one, dataset, index, watch)[0] for one in (against, rules))
    both = Both(before, after, (against, rules))
    if question.people_list:
        return _movers(question.people_list, both, dataset)
    zone = question.period.timezone
    answer: Json = {"kind": "stages", "sells": rules.sells, "rules": rules.number, "against": against.number}
    answer |= {"timezone": zone, "stages": [_stage_json(both, stage) for stage in _stages_of(rules)]}
    answer |= {"came": int(_reached(after, LADDER[0]).sum()), "moves": _moves_json(both)}
    answer["alternatives"] = _alternatives_json(both, index, dataset, zone, watch)
    if rules.rules.has_sales:
        answer["hand_overs"] = _joint_json(both, zone_of(zone))
    if rules.by_score or against.by_score:
        answer["by_score"] = _score_json(both, index, dataset, zone, watch)
    return answer | {"data_until": clock.from_us(dataset.facts.data_until).isoformat().replace("+00:00", "Z")}


def _stages_of(rules: RuleSet) -> tuple[str, ...]:
    return (*LADDER, *([PROSPECT] if rules.rules.prospect else []))


def _reached(found: Funnels, stage: str) -> Bools:
    moves = found.moves
    return found.lies_in(moves.prospect if stage == PROSPECT else moves.reached[LADDER.index(stage)])


def _stage_json(both: Both, stage: str) -> Json:
    before, after = _reached(both.before, stage), _reached(both.after, stage)
    gone, come = int((before & ~after).sum()), int((after & ~before).sum())
    return {"stage": stage, "before": int(before.sum()), "after": int(after.sum()), "gone": gone, "come": come}


def _furthest(found: Funnels) -> Longs:
    """Return the place on the ladder of the last stage that each reached by the end of the period; NOWHERE: none."""
    places: Longs = (found.moves.reached < found.end).sum(axis=0) - 1
    return places


def _moved(both: Both) -> tuple[Longs, Longs, Bools]:
    """Return where each stands before and after, and who moved: people with a move in the period under either rules."""
    touched = np.array(
        [found.lies_in(moments) for found in (both.before, both.after) for moments in found.moves.reached]
    ).any(axis=0)
    before, after = _furthest(both.before), _furthest(both.after)
    return before, after, touched & (before != after)


def _moves_json(both: Both) -> list[Json]:
    before, after, moved = _moved(both)
    counted = Counter(zip(before[moved].tolist(), after[moved].tolist(), strict=True))
    return [
        {"from": _name(one), "to": _name(other), "people": people} for (one, other), people in counted.most_common()
    ]


def _name(place: int) -> str | None:
    return None if place == NOWHERE else LADDER[place]


def _movers(asked: StageList, both: Both, dataset: "Dataset") -> Json:
    if asked.moved_from == HANDED_OVER:
        gone = _dropped(both)
        units, at = np.array([one.person for one in gone], np.int64), np.array([one.at for one in gone], np.int64)
        return people_json(
            "stages", "people", units, at, asked, dataset, ("hand_over", [one.lead for one in gone])
        )  # fmt: skip
    before, after, moved = _moved(both)
    places = [NOWHERE if one is None else LADDER.index(one) for one in (asked.moved_from, asked.moved_to)]
    chosen = moved & (before == places[0]) & (after == places[1])
    moments = np.where(both.after.moves.reached[0] < NEVER, both.after.moves.reached[0], both.before.moves.reached[0])
    return people_json("stages", "people", both.after.moves.unit[chosen], moments[chosen], asked, dataset, None)


def _made(found: Funnels) -> list[ledger.HandOver]:
    return [one for one in found.hand_overs if found.start <= one.at < found.end]


def _dropped(both: Both) -> list[ledger.HandOver]:
    """Return the hand-overs of the period that the new limits of the score would not have made."""
    return [one for one in _made(both.before) if not meets(one, both.rules[1].by_score)]


def _joint_json(both: Both, zone: tzinfo) -> Json:
    said: Json = {name: _hand_overs_json(found) for name, found in (("before", both.before), ("after", both.after))}
    made = {name: _months(_made(found), zone) for name, found in (("before", both.before), ("after", both.after))}
    months = sorted({*made["before"], *made["after"]})
    said["months"] = [
        {"month": month, "before": made["before"][month], "after": made["after"][month]} for month in months
    ]
    return said


def _months(hand_overs: Sequence[ledger.HandOver], zone: tzinfo) -> Counter[str]:
    return Counter(clock.from_us(one.at).astimezone(zone).strftime("%Y-%m") for one in hand_overs)


def _hand_overs_json(found: Funnels) -> Json:
    made = _made(found)
    first: dict[int, int] = {}
    for one in made:
        first[one.person] = min(one.at, first.get(one.person, one.at))
    won = [
        deal
        for deal in found.deals
        if deal.outcome == sold.WON and deal.person in first and deal.at >= first[deal.person]
    ]
    counts = {outcome: sum(one.outcome == outcome for one in made) for outcome in ledger.OUTCOMES}
    return {"handed_over": len(made), **counts, "won": len(won), "won_value": money_json(won)}


def _score_json(both: Both, index: Index, dataset: "Dataset", zone: str, watch: Watch) -> Json:
    """Return how many people first met both limits of the score in the period, whether or not they had asked."""
    met = [first_met(one, index, dataset, zone, watch) for one in both.rules]
    before, after = (both.after.lies_in(moments) for moments in met)
    return {
        "before": int(before.sum()),
        "after": int(after.sum()),
        "gone": int((before & ~after).sum()),
        "come": int((after & ~before).sum()),
    }


def _alternatives_json(both: Both, index: Index, dataset: "Dataset", zone: str, watch: Watch) -> Json:
    """Return, of each stage of the new rules, how many people met each alternative of its rule in the period."""
    rules = both.rules[1]
    clauses = {
        f"{stage.name} {at}": clause for stage in rules.stages for at, clause in enumerate(alternatives(stage.rule))
    }
    key = ("alternatives", tuple(clauses.items()), zone)
    met = kept(index, key, lambda: moments_of(list(clauses.values()), rules.rules, index, dataset, zone, watch))
    found: Json = {stage.name: [] for stage in rules.stages}
    for (name, _), moments in zip(clauses.items(), met, strict=True):
        found[name.split(" ")[0]].append(int(both.after.lies_in(moments).sum()))
    return found


def alternatives(clause: Clause) -> tuple[Clause, ...]:
    """Return what a rule is any of, at its top."""
    return clause.of if isinstance(clause, Group) and clause.op == "any" else (clause,)
