"""Rules as sentences that marketing and sales read, and what differs between two versions. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fullfunnel.events.conditions import Clause, Condition, Group, Has, clause_words, condition_words
from fullfunnel.journeys.stages.page_kinds import PAGE_KIND
from fullfunnel.journeys.stages.preview import alternatives
from fullfunnel.journeys.stages.rule import DAY, PROSPECT, Stage
from fullfunnel.journeys.stages.rule_set import RuleSet
from fullfunnel.journeys.stages.rules import FREE_MAIL, VIEWS
from fullfunnel.journeys.stages.score import Weight

TITLES = {
    "awareness": "Awareness",
    "interest": "Interest",
    "consideration": "Consideration",
    "conversion": "Conversion",
    "loyalty": "Loyalty",
    "advocacy": "Advocacy",
    PROSPECT: "Prospect",
    "handed_over": "Lead, handed over",
}
UNITS = {"sessions": "visits", "days": "days", "weeks": "weeks"}
# Said once, and not each time.
_FREE = {Condition("new", "not_contains", (one,)) for one in FREE_MAIL}
_IS_SET = Condition("new", "is_set")


def stage_words(stage: Stage) -> str:
    """Return the rule of a stage: "a page in 2 visits within 30 days, or newsletter confirmed"."""
    return ", or ".join(parts_words(stage))


def parts_words(stage: Stage) -> list[str]:
    """Return the alternatives of a stage's rule, each in words."""
    said = [rule_words(one) for one in alternatives(stage.rule)]
    if stage.late:
        days, after = stage.late_by // DAY, TITLES.get(stage.late_after, stage.late_after)
        said.append(f"{rule_words(stage.late)}, {days} days or more after {after}")
    return list(dict.fromkeys(said))


def rule_words(clause: Clause, *, inside: bool = False) -> str:
    """Return a clause of a rule in words."""
    if isinstance(clause, Has):
        return _has_words(clause)
    if not isinstance(clause, Group):
        return clause_words(clause)
    said = (" or " if clause.op == "any" else " and ").join(rule_words(one, inside=True) for one in clause.of)
    return f"({said})" if inside and len(clause.of) > 1 else said


def _has_words(has: Has) -> str:
    of_trait = next((one for one in has.where if one.property == "trait" and one.op == "="), None)
    if of_trait is not None and has.events == ("trait_changed",):
        return _trait_words(str(of_trait.operands[0]), [one for one in has.where if one is not of_trait]) + _often(has)
    kinds = [one for one in has.where if one.property == PAGE_KIND and one.op == "="]
    subject = _events_words(has.events, " or ".join(str(one.operands[0]).replace("_", " ") for one in kinds))
    others = [one for one in has.where if one not in kinds]
    where = " whose " + " and ".join(_condition_words(one) for one in others) if others else ""
    if has.count == "values" and has.value == "path" and subject.startswith(("a ", "an ")):
        return (
            f"{has.least} different {subject.partition(' ')[2]}s{where}{_often(replace(has, count='times', least=1))}"
        )
    return f"{subject}{where}{_often(has)}"


def _events_words(events: Sequence[str], kind: str) -> str:
    if set(VIEWS) <= set(events):
        others = [one.replace("_", " ") for one in events if one not in VIEWS]
        article = "an" if kind[:1] in ("a", "e", "i", "o", "u") else "a"
        return " or ".join([f"{article} {kind} page" if kind else "a page", *others])
    return " or ".join(one.replace("_", " ") for one in events)


def _trait_words(trait: str, others: Sequence[Condition]) -> str:
    name = trait.replace("email", "e-mail address").replace("_", " ")
    left = [one for one in others if one not in _FREE and one != _IS_SET]
    said = "a work e-mail address" if _FREE & set(others) and trait == "email" else f"{name} known"
    if any(one.property == "served" for one in left):
        said, left = f"a served {name}", [one for one in left if one.property != "served"]
    return said + (" whose " + " and ".join(_condition_words(one) for one in left) if left else "")


def _condition_words(condition: Condition) -> str:
    values = list(condition.operands)
    value = values if condition.op in ("in", "not_in", "between") else next(iter(values), None)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = {"property": condition.property.replace("_", " "), "op": condition.op, "value": value}
    return condition_words(said)


def _often(has: Has) -> str:
    said = ""
    if has.count == "values":
        said = f" with {has.least} different {has.value.lstrip('@').replace('_', ' ')}s"
    elif has.count != "times":
        said = f" {'on' if has.count == 'days' else 'in'} {has.least} {UNITS[has.count]}"
    elif has.least > 1:
        said = f" at least {has.least} times"
    if has.each:
        said += f" with the same {has.each.replace('_', ' ')}"
    return said if has.within is None else f"{said} within {_span(has.within)}"


def _span(span: int) -> str:
    hours = span // (DAY // 24)
    many, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{many} {unit}{'' if many == 1 else 's'}"


def handed_over_words(rules: RuleSet) -> str:
    """Return who is handed over."""
    asked = "who asks for a demo, a quote or to be contacted"
    limits = rules.by_score
    if limits is None or not limits.is_on:
        return asked
    return f"{asked}, or has a fit of at least {limits.fit} and an engagement of at least {limits.engagement}"


@dataclass(frozen=True)
class Difference:
    """What differs at a place, as a sentence. where: a stage's title, or a part of the score."""

    where: str
    said: str


def differences(before: RuleSet, after: RuleSet) -> list[Difference]:
    """Return what a version says otherwise than another, in words."""
    found: list[Difference] = []
    for stage in after.stages:
        known = before.stage(stage.name)
        if known is not None and known != stage:
            found += [Difference(TITLES[stage.name], said) for said in _stage_differences(known, stage)]
    found += [Difference(TITLES["handed_over"], said) for said in _limit_differences(before, after)]
    for where, old, new in (
        ("Fit", before.weights.fit, after.weights.fit), ("Engagement", before.weights.engagement, after.weights.engagement)
    ):  # fmt: skip
        found += [Difference(where, said) for said in _weight_differences(old, new)]
    spans = (
        ("Engagement", "halves every", before.half_life, after.half_life),
        ("Standing", "falls a stage after a silence of", before.rules.silence, after.rules.silence),
    )
    for where, said, old_span, new_span in spans:
        if old_span != new_span:
            found.append(Difference(where, f"{said} {new_span // DAY} days, was {old_span // DAY}"))
    return found


def _stage_differences(before: Stage, after: Stage) -> Iterator[str]:
    old, new = parts_words(before), parts_words(after)
    gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
    if len(gone) == len(come) == 1:
        yield f"{come[0]}; was: {gone[0]}"
        return
    for one in gone:
        yield f"no longer: {one}"
    for one in come:
        yield f"also: {one}"
    if not gone and not come:
        yield f"any or all: now {stage_words(after)}"


def _limit_differences(before: RuleSet, after: RuleSet) -> Iterator[str]:
    old, new = before.by_score, after.by_score
    if old is None or new is None or old == new:
        return
    if old.is_on != new.is_on:
        yield "by score again" if new.is_on else "no longer by score"
    for name in ("fit", "engagement"):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield f"{name} of at least {now}, was {was}"


def _weight_differences(before: Sequence[Weight], after: Sequence[Weight]) -> Iterator[str]:
    old, new = ({one.reason: one for one in weights} for weights in (before, after))
    for reason, weight in new.items():
        known = old.get(reason)
        if known is None:
            yield f"{reason} gives {weight.points}"
        elif known.points != weight.points:
            yield f"{reason} gives {weight.points}, was {known.points}"
        elif known.rule != weight.rule:
            yield f"{reason}: {rule_words(weight.rule)}; was: {rule_words(known.rule)}"
    for reason in old.keys() - new.keys():
        yield f"{reason} gives nothing any more"
