"""Read the forms of the editor: rules and what was posted in, other rules out, or why not."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.http import QueryDict

from fullfunnel.core.refused import Refused
from fullfunnel.events.conditions import Clause, QuestionError, parse_clause
from fullfunnel.events.names import canonical
from fullfunnel.journeys.stages.rule import DAY, Stage
from fullfunnel.journeys.stages.rule_set import MAX_TEXT, ByScore, RuleSet, read_rule
from fullfunnel.journeys.stages.score import MOST, Weight
from fullfunnel.people.views.filters import BARE, read_has
from fullfunnel.stages.rules import tree

Edited = RuleSet | Refused
OF_FIT, OF_ENGAGEMENT = "fit", "engagement"
NO_NUMBER = "Write a whole number from {} to {:,}."
MAX_DAYS, MAX_LIMIT = 3_650, 1_000


def edited(rules: RuleSet, said: QueryDict) -> Edited:
    """Return the rules after a form of the editor, which says in `do` what it is."""
    act = ACTS.get(said.get("do", ""))
    if act is None:
        return Refused("This form is not known here; load the page again.")
    try:
        return act(rules, said)
    except QuestionError as error:
        return Refused(
            f"The condition was not read: {error.field.removeprefix('condition.')} {error.message}.", "event"
        )


def _of_rule(
    change: Callable[[Clause, tree.Place, QueryDict], Clause | None],
) -> Callable[[RuleSet, QueryDict], Edited]:
    """Make an act out of a change of a stage's rule."""

    def act(rules: RuleSet, said: QueryDict) -> Edited:
        stage, place = rules.stage(said.get("stage", "")), tree.read_place(said.get("place", ""))
        if stage is None or place is None:
            return Refused("This stage is not known here; load the page again.", "stage")
        changed = change(stage.rule, place, said)
        if changed is None:
            return Refused("A stage needs a condition: add another before this one goes.", "stage")
        return rules.with_stage(replace(stage, rule=changed))

    return act


def _condition(said: QueryDict) -> Clause:
    given = {"has": read_has(said, said.get("event", "").strip())}
    return read_rule(parse_json(given), "condition")


def parse_json(given: Mapping[str, object]) -> Mapping[str, object]:
    """Return the same with events as the stream calls them."""
    has = given["has"]
    assert isinstance(has, dict)  # noqa: S101
    return {"has": has | {"event": [canonical(name) for name in has["event"]]}}


def _with_op(clause: Clause, place: tree.Place, said: QueryDict) -> Clause:
    return tree.with_op(clause, place, "all" if said.get("op") == "all" else "any")


def _late(rules: RuleSet, said: QueryDict) -> Edited:
    """Change after how many days the later alternative counts, or take it away."""
    stage = rules.stage(said.get("stage", ""))
    if stage is None or stage.late is None:
        return Refused("This stage has no later condition.", "stage")
    if said.get("days", "") == "":
        return rules.with_stage(Stage(stage.name, stage.rule))
    days = _number(said, "days", 1, MAX_DAYS)
    return days if isinstance(days, Refused) else rules.with_stage(replace(stage, late_by=days * DAY))


def _spans(rules: RuleSet, said: QueryDict) -> Edited:
    """Change after which silence somebody falls a stage, and how fast engagement halves."""
    silence, half_life = _number(said, "silence", 1, MAX_DAYS), _number(said, "half_life", 1, MAX_DAYS)
    if isinstance(silence, Refused) or isinstance(half_life, Refused):
        return silence if isinstance(silence, Refused) else Refused(str(half_life), "half_life")
    return replace(rules, rules=replace(rules.rules, silence=silence * DAY), half_life=half_life * DAY)


def _limits(rules: RuleSet, said: QueryDict) -> Edited:
    """Change from which score on somebody is handed over; more than 100 is kept and said to match nobody."""
    if rules.by_score is None:
        return Refused("Nobody is scored in this workspace, for it does not sell to companies.")
    fit, engagement = _number(said, OF_FIT, 1, MAX_LIMIT), _number(said, OF_ENGAGEMENT, 1, MAX_LIMIT)
    if isinstance(fit, Refused) or isinstance(engagement, Refused):
        return fit if isinstance(fit, Refused) else Refused(str(engagement), OF_ENGAGEMENT)
    return replace(rules, by_score=ByScore(said.get("is_on") == "on", fit, engagement))


def _points(rules: RuleSet, said: QueryDict) -> Edited:
    """Change the points of weights; an empty one goes."""
    kept: dict[str, tuple[Weight, ...]] = {}
    for of, weights in ((OF_FIT, rules.weights.fit), (OF_ENGAGEMENT, rules.weights.engagement)):
        found = []
        for at, weight in enumerate(weights):
            name = f"{of}.{at}"
            if said.get(name, str(weight.points)).strip() in ("", "0"):
                continue
            points = _number(said, name, -MOST if of == OF_FIT else 1, MOST) if name in said else weight.points
            if isinstance(points, Refused):
                return points
            found.append(replace(weight, points=points))
        kept[of] = tuple(found)
    return replace(rules, weights=replace(rules.weights, **kept))


def _weigh(rules: RuleSet, said: QueryDict) -> Edited:
    """Add a weight: of an event for engagement, of a trait for fit."""
    reason, points = said.get("reason", "").strip()[:MAX_TEXT], _number(said, "points", 1, MOST)
    if isinstance(points, Refused):
        return points
    if not reason:
        return Refused("Say in a few words what gives these points.", "reason")
    if said.get("of_what") == OF_FIT:
        name, op = said.get("property", "").strip(), said.get("op", "=")
        given = {"property": name, "op": op} | ({} if op in BARE else {"value": said.get("value", "").strip()})
        weight = Weight(reason, parse_clause(given, "condition"), points)
        return replace(rules, weights=replace(rules.weights, fit=(*rules.weights.fit, weight)))
    weight = Weight(reason, _condition(said), points)
    return replace(rules, weights=replace(rules.weights, engagement=(*rules.weights.engagement, weight)))


def _number(said: QueryDict, name: str, least: int, most: int) -> int | Refused:
    text = said.get(name, "").strip()
    if text.removeprefix("-").isdecimal() and len(text) < 8 and least <= int(text) <= most:
        return int(text)
    return Refused(NO_NUMBER.format(least, most), name)


ACTS: Mapping[str, Callable[[RuleSet, QueryDict], Edited]] = {
    "add": _of_rule(lambda clause, place, said: tree.added(clause, place, _condition(said))),
    "put": _of_rule(lambda clause, place, said: tree.changed(clause, place, _condition(said))),
    "also": _of_rule(lambda clause, place, said: tree.joined_with(clause, place, _condition(said))),
    "remove": _of_rule(lambda clause, place, said: tree.changed(clause, place, None)),
    "op": _of_rule(_with_op),
    "late": _late,
    "spans": _spans,
    "limits": _limits,
    "points": _points,
    "weigh": _weigh,
}
