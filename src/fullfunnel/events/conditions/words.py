"""Write a condition in English."""

from typing import Any

OPERATORS = {
    "=": "is",
    "!=": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "contains": "contains",
    "not_contains": "does not contain",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "matches": "matches the pattern",
    ">": "is more than",
    ">=": "is at least",
    "<": "is less than",
    "<=": "is at most",
    "between": "is between",
    "is_set": "has any value",
    "is_not_set": "has no value",
}


def condition_words(condition: dict[str, Any]) -> str:
    """Return a condition's JSON as words: "path is /pricing"."""
    owner = {"person": "the person’s ", "person_then": "the person’s ", "event": ""}[condition.get("of", "event")]
    then = " at that time" if condition.get("of") == "person_then" else ""
    op, value = condition.get("op", "="), condition.get("value")
    if isinstance(value, list):
        value = (" and " if op == "between" else ", ").join(str(item) for item in value)
    return f"{owner}{condition['property']}{then} {OPERATORS.get(op, op)} {'' if value is None else value}".rstrip()
