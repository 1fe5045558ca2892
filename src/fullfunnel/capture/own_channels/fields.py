"""What stands in the controls of the page of channels, also half typed: out of a form, as rules, back, and after a press. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from fullfunnel.capture.own_channels.rules import MAX_CONDITIONS, MAX_RULES
from fullfunnel.events.conditions import number_of, text_of

Json = dict[str, Any]
LISTS, BARE = ("in", "not_in", "between"), ("is_set", "is_not_set")
LONGEST = 2_000


class Posted(Protocol):
    """A submitted form."""

    def getlist(self, key: str) -> Sequence[str]: ...
    def get(self, key: str, default: str) -> str | None: ...


@dataclass(frozen=True)
class ConditionFields:
    property: str = "source"
    op: str = "="
    value: str = ""


@dataclass(frozen=True)
class RuleFields:
    name: str = ""
    conditions: tuple[ConditionFields, ...] = (ConditionFields(),)


Rules = tuple[RuleFields, ...]


def read_fields(posted: Posted) -> Rules:
    """Return what a form holds: r1.name, and of each condition r1.p, r1.op, r1.v."""
    found = []
    for number in range(1, MAX_RULES + 1):
        properties = posted.getlist(f"r{number}.p")
        name = posted.get(f"r{number}.name", "") or ""
        if not properties and not name:
            break
        texts = (properties, posted.getlist(f"r{number}.op"), posted.getlist(f"r{number}.v"))
        listed = zip(*texts, strict=False)
        conditions = tuple(ConditionFields(*(text.strip()[:LONGEST] for text in one)) for one in listed)
        found.append(RuleFields(name.strip()[:LONGEST], conditions[:MAX_CONDITIONS]))
    return tuple(found)


def as_json(rules: Rules) -> list[Json]:
    """Return the rules as rules.read_rules takes them."""
    return [{"name": rule.name, "where": [_condition(one) for one in rule.conditions]} for rule in rules]


def _condition(fields: ConditionFields) -> Json:
    row: Json = {"property": fields.property, "op": fields.op}
    if fields.op in LISTS:
        row["value"] = [part.strip() for part in fields.value.split(",") if part.strip()]
    elif fields.op not in BARE:
        number = number_of(fields.value) if fields.op in (">", ">=", "<", "<=") else None
        row["value"] = fields.value if number is None else number
    return row


def from_json(rules: Sequence[Mapping[str, Any]]) -> Rules:
    """Return what the controls show for applied rules."""
    return tuple(RuleFields(rule["name"], tuple(map(_fields, rule["where"]))) for rule in rules)


def _fields(row: Mapping[str, Any]) -> ConditionFields:
    value = row.get("value", "")
    said = ", ".join(map(str, value)) if isinstance(value, list) else value
    return ConditionFields(row["property"], row.get("op", "="), said if isinstance(said, str) else text_of(said))


def edited(rules: Rules, do: str) -> tuple[Rules, str]:
    """Return the rules after a press such as "up:2" or "remove-condition:1:0" (from 0), and the id that has the focus then."""
    verb, *texts = do.split(":")
    if not all(text.isascii() and text.isdigit() and len(text) < 4 for text in texts):
        return rules, ""
    at, place = ([int(text) for text in texts] + [-1, -1])[:2]
    if verb == "add" and len(rules) < MAX_RULES:
        return (*rules, RuleFields()), f"r{len(rules) + 1}-name"
    if not 0 <= at < len(rules):
        return rules, ""
    if verb in ("up", "down"):
        return _moved(rules, at, at + (1 if verb == "down" else -1), verb)
    if verb == "remove":
        return (*rules[:at], *rules[at + 1 :]), f"r{min(at + 1, len(rules) - 1)}-name" if len(rules) > 1 else "add"
    conditions = rules[at].conditions
    if verb == "add-condition" and len(conditions) < MAX_CONDITIONS:
        changed, focus = (*conditions, ConditionFields()), f"r{at + 1}-{len(conditions)}-p"
    elif verb == "remove-condition" and 0 <= place < len(conditions) and len(conditions) > 1:
        changed, focus = (*conditions[:place], *conditions[place + 1 :]), f"r{at + 1}-{max(place - 1, 0)}-p"
    else:
        return rules, ""
    return (*rules[:at], replace(rules[at], conditions=changed), *rules[at + 1 :]), focus


def _moved(rules: Rules, start: int, end: int, verb: str) -> tuple[Rules, str]:
    if not 0 <= end < len(rules):
        return rules, ""
    listed = list(rules)
    listed.insert(end, listed.pop(start))
    at_the_end = end in (0, len(rules) - 1)
    other = "down" if verb == "up" else "up"
    return tuple(
        listed
    ), f"r{end + 1}-{other if at_the_end and end == (0 if verb == 'up' else len(rules) - 1) else verb}"
