"""Parse a condition from JSON, or say what is wrong."""

from collections.abc import Mapping
from typing import Any

from fullfunnel.core.suggest import did_you_mean, quoted, shortened
from fullfunnel.events.conditions.condition import (
    BARE,
    COMPARED,
    LISTED,
    OPS,
    TEXTUAL,
    Condition,
    Operand,
    QuestionError,
)
from fullfunnel.events.conditions.evaluate import matches
from fullfunnel.events.conditions.text import finite, number_of, text_of

OF = ("event", "person", "person_then")
FIELDS = ("property", "op", "value", "of")
MAX_NAME_LENGTH, MAX_PATTERN_LENGTH = 1_000, 1_000
MAX_LISTED_VALUES = 10_000


def parse_condition(given: Any, field: str) -> Condition:
    """Return the condition of docs/spec/questions.md; QuestionError when it is none."""
    if not isinstance(given, Mapping):
        raise QuestionError(field, 'must be an object such as {"property": "path", "op": "=", "value": "/pricing"}')
    for key in given:
        if key not in FIELDS:
            raise QuestionError(
                f"{field}.{key}",
                f"is no field of a condition, which has {', '.join(FIELDS)}{did_you_mean(key, FIELDS)}",
            )
    name = given.get("property")
    if not isinstance(name, str) or not name:
        raise QuestionError(f"{field}.property", "must be the name of a property, such as 'path'")
    if len(name) > MAX_NAME_LENGTH:
        sentence = f"may have {MAX_NAME_LENGTH:,} characters; this name has {len(name):,}"
        raise QuestionError(f"{field}.property", sentence)
    op = given.get("op", "=")
    if op not in OPS:
        raise QuestionError(f"{field}.op", f"{quoted(op)} is no operator; use one of: {' '.join(OPS)}")
    of = given.get("of", "event")
    if of not in OF:
        raise QuestionError(f"{field}.of", f"{quoted(of)} is not known; use event, person or person_then")
    return Condition(name, op, _operands(op, given, f"{field}.value"), of)


def _operands(op: str, given: Mapping[str, Any], field: str) -> tuple[Operand, ...]:
    value = given.get("value")
    if op in BARE:
        if value is not None:
            raise QuestionError(field, f"'{op}' takes no value; leave it out")
        return ()
    if value is None:
        raise QuestionError(field, f"'{op}' needs a value; to ask for events without one, use is_not_set")
    if op in LISTED or op == "between":
        if not isinstance(value, list) or not value or (op == "between" and len(value) != 2):
            shape = "two numbers, such as [10, 20]" if op == "between" else 'a list of values, such as ["a", "b"]'
            raise QuestionError(field, f"'{op}' needs {shape}")
        if len(value) > MAX_LISTED_VALUES:
            raise QuestionError(field, f"may list {MAX_LISTED_VALUES:,} values; these are {len(value):,}")
        return tuple(_operand(op, item, f"{field}[{position}]") for position, item in enumerate(value))
    return (_operand(op, value, field),)


def _operand(op: str, value: Any, field: str) -> Operand:
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise QuestionError(field, "must be a text, a number, true or false")
    if op in COMPARED:
        number = number_of(value) if isinstance(value, str) else finite(value)
        if number is None:
            raise QuestionError(
                field, f"'{op}' compares numbers, and {quoted(value)} is none; give a number, such as 10"
            )
        return number
    if isinstance(value, str):
        return _pattern(value, field) if op == "matches" else value
    if op in TEXTUAL:
        return text_of(value)
    number = finite(value)
    # Careful: beyond 2**53 a float cannot tell neighbours apart, so a long id compares as text.
    return text_of(value) if number is None or abs(number) >= 2**53 else number


def _pattern(value: str, field: str) -> str:
    if len(value) > MAX_PATTERN_LENGTH:
        raise QuestionError(field, f"a pattern may have {MAX_PATTERN_LENGTH} characters; this one has {len(value)}")
    import duckdb

    try:
        matches([], value)
    except duckdb.Error as error:
        reason = shortened(str(error).splitlines()[0].removeprefix("Invalid Input Error: "))
        raise QuestionError(field, f"is no regular expression (RE2 syntax): {reason}") from None
    return value
