"""The rules of a channel group, out of JSON: [{"name": "Partner", "where": [condition, …]}, …]; the first that fits names the channel. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fullfunnel.core.suggest import quoted
from fullfunnel.events.conditions import CHANNEL_GROUP, Condition, QuestionError, parse_condition

MAX_RULES, MAX_CONDITIONS, MAX_NAME = 100, 10, 60


@dataclass(frozen=True)
class Rule:
    """A channel's name, and what must all hold of a touch."""

    name: str
    where: tuple[Condition, ...]


def read_rules(given: Any) -> tuple[Rule, ...]:
    """Return the rules in their order; QuestionError (its field: "rules[0].where[1].op") where they cannot be read."""
    if not isinstance(given, list) or len(given) > MAX_RULES:
        raise QuestionError("rules", f"must be a list of at most {MAX_RULES} rules")
    return tuple(_read_rule(one, f"rules[{at}]") for at, one in enumerate(given))


def _read_rule(given: Any, field: str) -> Rule:
    if not isinstance(given, dict) or given.keys() - {"name", "where"}:
        raise QuestionError(
            field,
            'must be an object such as {"name": "Partner", "where": [{"property": "medium", "value": "partner"}]}',
        )
    name = given.get("name")
    if not isinstance(name, str) or not 0 < len(name := name.strip()) <= MAX_NAME or not name.isprintable():
        raise QuestionError(f"{field}.name", f"must be a channel's name of 1 to {MAX_NAME} characters")
    where = given.get("where")
    if not isinstance(where, list) or not 1 <= len(where) <= MAX_CONDITIONS:
        raise QuestionError(f"{field}.where", f"needs 1 to {MAX_CONDITIONS} conditions, such as medium is partner")
    return Rule(name, tuple(_read_condition(one, f"{field}.where[{at}]") for at, one in enumerate(where)))


def _read_condition(given: Any, field: str) -> Condition:
    condition = parse_condition(given, field)
    if condition.of != "event":
        raise QuestionError(f"{field}.of", "must be event: a channel is a touch's, not the person's")
    if condition.property == CHANNEL_GROUP or condition.property.startswith("@"):
        raise QuestionError(
            f"{field}.property", f"{quoted(condition.property)} cannot name a channel; use source, medium, campaign, …"
        )
    return condition


def names_of(rules: Sequence[Rule]) -> list[str]:
    """Return the channels that rules name, each once."""
    return list(dict.fromkeys(rule.name for rule in rules))
