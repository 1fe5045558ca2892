"""All that a workspace decides about its stages, as a value and as JSON: rules, weights of the score, limits of silence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fullfunnel.core.suggest import quoted
from fullfunnel.events.conditions import Clause, Condition, Dated, Group, Has, QuestionError, clause_json, parse_clause
from fullfunnel.events.names import STAGE_ENTERED
from fullfunnel.journeys.stages.rule import DAY, LADDER, PROSPECT, Former, Rules, Stage
from fullfunnel.journeys.stages.rules import DEFAULT, RULES, rules_of
from fullfunnel.journeys.stages.score import HALF_LIFE, MOST, Weight
from fullfunnel.journeys.stages.weights import WEIGHTS, Weights

Json = dict[str, Any]
LEAST = 50
MAX_DAYS, MAX_WEIGHTS, MAX_TEXT = 3_650, 30, 100
# Different tests of events that the stages of a set may have: each is a bit of the fold.
MAX_TESTS = 32
# Households ask for a quote or a visit; shops hand nobody over.
SCORED = ("companies", "both")
PARTS = ("sells", "stages", "silence_days", "former_days", "score")


@dataclass(frozen=True)
class ByScore:
    """Who is handed over by score: from so much of both on, 0 to 100."""

    is_on: bool = True
    fit: int = LEAST
    engagement: int = LEAST


@dataclass(frozen=True)
class RuleSet:
    """The rules of a workspace. number: of their version; by_score: None where nobody is handed over by score; half_life: µs."""

    sells: str
    rules: Rules
    weights: Weights
    by_score: ByScore | None
    half_life: int = HALF_LIFE
    number: int = 1

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of people, with that of prospects where there is one."""
        return (*self.rules.stages, *([self.rules.prospect] if self.rules.prospect else []))

    def stage(self, name: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.name == name), None)

    def with_stage(self, stage: Stage) -> "RuleSet":
        """Return the rules with another rule of a stage that they have."""
        ladder = tuple(stage if one.name == stage.name else one for one in self.rules.stages)
        prospect = stage if stage.name == PROSPECT else self.rules.prospect
        return replace(self, rules=replace(self.rules, stages=ladder, prospect=prospect))


def default_set(sells: str, number: int = 1) -> RuleSet:
    """Return the default of a kind of workspace; of one that has not said how it sells, that of companies."""
    kind = sells if sells in RULES else DEFAULT
    by_score = ByScore() if sells in SCORED else None
    return RuleSet(kind, rules_of(kind), WEIGHTS[kind], by_score, number=number)


def set_json(rules: RuleSet) -> Json:
    """Return the rules as read_set reads them."""
    former = rules.rules.former
    return {
        "sells": rules.sells,
        "stages": {stage.name: _stage_json(stage) for stage in rules.stages},
        "silence_days": rules.rules.silence // DAY,
        "former_days": former.silence // DAY if former and former.silence else None,
        "score": {
            "fit": [_weight_json(one) for one in rules.weights.fit],
            "engagement": [_weight_json(one) for one in rules.weights.engagement],
            "half_life_days": rules.half_life // DAY,
            "hand_over": vars(rules.by_score) if rules.by_score else None,
        },
    }


def _stage_json(stage: Stage) -> Json:
    said: Json = {"rule": clause_json(stage.rule)}
    if stage.late:
        said["late"] = {"rule": clause_json(stage.late), "after": stage.late_after, "days": stage.late_by // DAY}
    return said


def _weight_json(weight: Weight) -> Json:
    return {"reason": weight.reason, "points": weight.points, "rule": clause_json(weight.rule)}


def read_set(given: Any, number: int = 1) -> RuleSet:
    """Return the rules that JSON says, what it leaves out as the default; QuestionError where it says none."""
    given = _object(given, "rules", PARTS)
    sells = given.get("sells")
    if sells not in RULES:
        raise QuestionError("rules.sells", f"{quoted(sells)} is not known; use one of: {', '.join(RULES)}")
    start = default_set(sells, number)
    names = [stage.name for stage in start.stages]
    stages = _object(given.get("stages", {}), "rules.stages", names)
    found = {stage.name: _stage(stages.get(stage.name), stage) for stage in start.stages}
    rules = replace(
        start.rules,
        stages=tuple(found[name] for name in LADDER),
        prospect=found.get(PROSPECT),
        silence=_whole(given, "silence_days", start.rules.silence // DAY, MAX_DAYS, "rules") * DAY,
        former=_former(given, start.rules.former),
    )
    tests = {(has.events, has.where) for stage in found.values() for has in leaves_of(stage)}
    if len(tests) > MAX_TESTS:
        raise QuestionError("rules.stages", f"may test events in {MAX_TESTS} ways; these are {len(tests)}")
    return _with_score(replace(start, rules=rules), given.get("score", {}))


def leaves_of(stage: Stage) -> list[Has]:
    """Return what the rule of a stage looks for in a journey."""
    clauses, found = [stage.rule, *([stage.late] if stage.late else [])], list[Has]()
    while clauses:
        clause = clauses.pop(0)
        if isinstance(clause, Group):
            clauses = [*clause.of, *clauses]
        elif isinstance(clause, Has):
            found.append(clause)
    return found


def _former(given: Mapping[str, Any], former: Former | None) -> Former | None:
    if former is None or former.silence is None:
        return former
    return replace(former, silence=_whole(given, "former_days", former.silence // DAY, MAX_DAYS, "rules") * DAY)


def _stage(given: Any, start: Stage) -> Stage:
    if given is None:
        return start
    field = f"rules.stages.{start.name}"
    given = _object(given, field, ("rule", "late"))
    rule = read_rule(given.get("rule"), f"{field}.rule")
    late = given.get("late")
    if late is None:
        return Stage(start.name, rule)
    late = _object(late, f"{field}.late", ("rule", "after", "days"))
    earlier = LADDER[: LADDER.index(start.name)] if start.name in LADDER else ()
    if late.get("after") not in earlier:
        raise QuestionError(f"{field}.late.after", f"must be an earlier stage: {', '.join(earlier)}")
    days = _whole(late, "days", 1, MAX_DAYS, f"{field}.late")
    return Stage(start.name, rule, read_rule(late.get("rule"), f"{field}.late.rule"), late["after"], days * DAY)


def read_rule(given: Any, field: str) -> Clause:
    """Return a rule over what a journey has; QuestionError where it is none, or asks what only a list of people can."""
    clause = parse_clause(given, field)
    _check_rule(clause, field)
    return clause


def _check_rule(clause: Clause, field: str) -> None:
    if isinstance(clause, Group):
        if clause.op == "none":
            raise QuestionError(field, "must say what somebody did: reached never falls, and so 'none' is no rule")
        for at, one in enumerate(clause.of):
            _check_rule(one, f"{field}.{clause.op}[{at}]")
    elif isinstance(clause, Condition | Dated):
        raise QuestionError(field, 'must say what a journey has, such as {"has": {"event": "page_viewed"}}')
    elif STAGE_ENTERED in clause.events:
        raise QuestionError(f"{field}.has.event", "may not be stage_entered: it says what these rules found")
    elif clause.since is not None:
        raise QuestionError(f"{field}.has.since", "is no part of a rule: it would move with the day; use within")
    elif any(one.of != "event" for one in clause.where):
        raise QuestionError(f"{field}.has.where", "must be about the event: a person of today is no event")


def _with_score(start: RuleSet, given: Any) -> RuleSet:
    given = _object(given, "rules.score", ("fit", "engagement", "half_life_days", "hand_over"))
    weights = Weights(
        *(
            start_of if given.get(name) is None else _weights(given[name], name)
            for name, start_of in (("fit", start.weights.fit), ("engagement", start.weights.engagement))
        )
    )
    half_life = _whole(given, "half_life_days", start.half_life // DAY, MAX_DAYS, "rules.score") * DAY
    # Careful: a null of its own is "nobody", as in a workspace that has not said how it sells.
    by_score = None if given.get("hand_over", 0) is None else start.by_score
    if by_score and (said := given.get("hand_over")) is not None:
        field = "rules.score.hand_over"
        said = _object(said, field, ("is_on", "fit", "engagement"))
        # Careful: more than 100 may be kept and is said to match nobody, as any rule that cannot match.
        limits = (_whole(said, name, LEAST, 10 * MOST, field) for name in ("fit", "engagement"))
        by_score = ByScore(bool(said.get("is_on", True)), *limits)
    return replace(start, weights=weights, half_life=half_life, by_score=by_score)


def _weights(given: Any, name: str) -> tuple[Weight, ...]:
    field = f"rules.score.{name}"
    if not isinstance(given, list) or len(given) > MAX_WEIGHTS:
        raise QuestionError(field, f"must be a list of at most {MAX_WEIGHTS} weights")
    return tuple(_weight(one, f"{field}[{at}]", is_event=name == "engagement") for at, one in enumerate(given))


def _weight(given: Any, field: str, *, is_event: bool) -> Weight:
    given = _object(given, field, ("reason", "points", "rule"))
    reason = given.get("reason")
    if not isinstance(reason, str) or not 1 <= len(reason.strip()) <= MAX_TEXT:
        raise QuestionError(f"{field}.reason", f"must be a text of 1 to {MAX_TEXT} characters")
    points = given.get("points")
    if (
        isinstance(points, bool)
        or not isinstance(points, int)
        or not -MOST * (not is_event) <= points <= MOST
        or not points
    ):
        others = "" if is_event else ", or below 0 as many"
        raise QuestionError(f"{field}.points", f"must be a whole number from 1 to {MOST}{others}")
    clause = parse_clause(given.get("rule"), f"{field}.rule")
    if is_event != isinstance(clause, Has):
        wanted = 'an event, such as {"has": {"event": "page_viewed"}}' if is_event else "about a trait"
        raise QuestionError(f"{field}.rule", f"must be {wanted}")
    return Weight(reason.strip(), clause, points)


def _object(given: Any, field: str, known: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise QuestionError(field, "must be an object")
    for name in given:
        if name not in known:
            raise QuestionError(f"{field}.{name}", f"is not known here; it has: {', '.join(known)}")
    return given


def _whole(given: Mapping[str, Any], name: str, otherwise: int, most: int, field: str) -> int:
    value = given.get(name, otherwise)
    if value is None:
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise QuestionError(f"{field}.{name}", f"must be a whole number from 1 to {most:,}")
    return value
