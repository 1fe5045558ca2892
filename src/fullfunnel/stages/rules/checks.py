"""What is said of a rule that can match nobody, or matches everybody. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fullfunnel.core.numbers import number
from fullfunnel.events.conditions import Clause, Condition, Group, Has
from fullfunnel.journeys.stages.preview import alternatives
from fullfunnel.journeys.stages.rule import AWARENESS, Stage
from fullfunnel.journeys.stages.rule_set import RuleSet
from fullfunnel.journeys.stages.score import MOST, Weight

EVERYBODY, FEWEST = 0.95, 20


@dataclass(frozen=True)
class Remark:
    """What is wrong with a part of a rule. stage: its name, or `handed_over`; at: the place of the alternative, -1: the whole stage."""

    stage: str
    at: int
    said: str


def impossible(rules: RuleSet, seen: Collection[str]) -> list[Remark]:
    """Return what can never match. seen: names of the events that the workspace has had; empty: none came yet, which says nothing."""
    found = []
    for stage in rules.stages:
        reasons = [_reason(one, seen) for one in alternatives(stage.rule)]
        found += [Remark(stage.name, at, f"can never match: {reason}") for at, reason in enumerate(reasons) if reason]
        late = "nothing" if stage.late is None else _reason(stage.late, seen)
        if all(reasons) and late:
            found.append(
                Remark(stage.name, -1, "no condition of this stage can match: nobody reaches it by its own rule")
            )
    return found + list(_of_score(rules))


def _reason(clause: Clause, seen: Collection[str]) -> str:
    """Return why nobody can have it, "" where somebody can."""
    if isinstance(clause, Group):
        reasons = [_reason(one, seen) for one in clause.of]
        is_impossible = all(reasons) if clause.op == "any" else any(reasons)
        return next(reason for reason in reasons if reason) if is_impossible else ""
    if not isinstance(clause, Has):
        return ""
    if seen and not set(clause.events) & set(seen):
        return f"no event {' or '.join(clause.events)} has come yet"
    return contradiction(clause.where)


def contradiction(where: Sequence[Condition]) -> str:
    """Return which conditions cannot hold together, "" where all can."""
    by_property: dict[str, list[Condition]] = {}
    for condition in where:
        by_property.setdefault(condition.property, []).append(condition)
    for name, conditions in by_property.items():
        if not _can_hold(conditions):
            return f"its conditions of {name} contradict each other"
    return ""


def _can_hold(conditions: Sequence[Condition]) -> bool:
    ops = {one.op for one in conditions}
    needs_value = ops - {"is_not_set", "!=", "not_in", "not_contains"}
    if "is_not_set" in ops and needs_value:
        return False
    allowed = [set(map(str, one.operands)) for one in conditions if one.op in ("=", "in")]
    if allowed:
        left = set.intersection(*allowed)
        left -= {str(value) for one in conditions if one.op in ("!=", "not_in") for value in one.operands}
        if not left:
            return False
    low, high = -float("inf"), float("inf")
    for one in conditions:
        numbers = [value for value in one.operands if isinstance(value, float)]
        if one.op in (">", ">=", "between") and numbers:
            low = max(low, numbers[0])
        if one.op in ("<", "<=") and numbers:
            high = min(high, numbers[0])
        if one.op == "between" and len(numbers) == 2:
            high = min(high, numbers[1])
    is_open = bool({">", "<"} & ops)
    return low < high or (low == high and not is_open)


def _of_score(rules: RuleSet) -> Iterator[Remark]:
    limits = rules.by_score
    if limits is None or not limits.is_on:
        return
    for name, weights in (("fit", rules.weights.fit), ("engagement", rules.weights.engagement)):
        least, most = getattr(limits, name), _highest(weights, is_fit=name == "fit")
        if least > MOST:
            yield Remark("handed_over", -1, f"can never match: {name} goes up to {MOST}, and this asks for {least}")
        elif least > most:
            yield Remark(
                "handed_over",
                -1,
                f"can never match: the weights of {name} give at most {most}, and this asks for {least}",
            )


def _highest(weights: Sequence[Weight], *, is_fit: bool) -> int:
    """Return the highest score that these weights can give: engagement goes on growing with each event."""
    if is_fit:
        return min(MOST, sum(max(one.points, 0) for one in weights))
    return MOST if weights else 0


def everybody(rules: RuleSet, met: Mapping[str, Sequence[int]], came: int) -> list[Remark]:
    """Return which alternatives match nearly everybody who came. met: of each stage, how many people met each alternative.

    Awareness is meant for everybody.
    """
    if came < FEWEST:
        return []
    return [
        Remark(stage.name, at, f"matches everybody: {number(people)} of the {number(came)} who came")
        for stage in rules.stages
        for at, people in enumerate(met.get(stage.name, ()))
        if stage.name != AWARENESS and people >= EVERYBODY * came
    ]


def remarks_of(remarks: Sequence[Remark], stage: Stage | str) -> dict[int, str]:
    """Return what is said of a stage, by the place of the alternative."""
    name = stage if isinstance(stage, str) else stage.name
    return {one.at: one.said for one in remarks if one.stage == name}
