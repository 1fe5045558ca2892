"""A where-clause of a question: read from JSON, then asked of a column (`mask`) or of an engine (`to_sql`). The two agree.

Values are texts. No value (missing or empty) satisfies `is_not_set` and what begins with "not", and nothing else.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core.nearest import did_you_mean, quoted, shortened
from fullfunnel.events.event import PROMOTED

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect
    from fullfunnel.events.store.journeys import Column

Operand = str | float
EQUAL, LISTED, TEXTUAL, COMPARED, BARE = (
    ("=", "!="),
    ("in", "not_in"),
    ("contains", "not_contains", "starts_with", "ends_with", "matches"),
    (">", ">=", "<", "<=", "between"),
    ("is_set", "is_not_set"),
)
OPS = (*EQUAL, *LISTED, *TEXTUAL, *COMPARED, *BARE)
OF = ("event", "person", "person_then")
FIELDS = ("property", "op", "value", "of")
# An op that says the opposite of another one.
OPPOSITE = {"!=": "=", "not_in": "in", "not_contains": "contains", "is_not_set": "is_set"}
NUMBER = r"^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
_number = re.compile(NUMBER.replace("$", r"\Z"))
# What an event itself names, beside its properties.
COMPANY, DEAL = "@company", "@deal"
# Seconds that one pattern may be looked for in the values of a property.
LONGEST_MATCHING = 20.0
LONGEST_PATTERN, LONGEST_NAME = 1_000, 1_000
MOST_LISTED = 10_000


class QuestionError(ValueError):
    """A question that cannot be read: `field` says where ("steps[2].where[0].op"), `message` what is wrong and what would be right."""

    def __init__(self, field: str, message: str) -> None:
        # A field may be named by whoever asks.
        self.field = shortened(field)
        super().__init__(f"{self.field}: {message}")
        self.message = message


@dataclass(frozen=True)
class Condition:
    """`property` `op` one of `operands` (none for is_set; two for between). A float operand compares as a number, a text as text."""

    property: str
    op: str
    operands: tuple[Operand, ...] = ()
    of: str = "event"


def parse_condition(given: Any, field: str) -> Condition:
    """A condition of spec/questions.md; QuestionError when it cannot be read."""
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
    if len(name) > LONGEST_NAME:
        raise QuestionError(f"{field}.property", f"may have {LONGEST_NAME:,} characters; this name has {len(name):,}")
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
        if len(value) > MOST_LISTED:
            raise QuestionError(field, f"may list {MOST_LISTED:,} values; these are {len(value):,}")
        return tuple(_operand(op, one, f"{field}[{at}]") for at, one in enumerate(value))
    return (_operand(op, value, field),)


def _operand(op: str, value: Any, field: str) -> Operand:
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise QuestionError(field, "must be a text, a number, true or false")
    if op in COMPARED:
        number = number_of(value) if isinstance(value, str) else _finite(value)
        if number is None:
            raise QuestionError(
                field, f"'{op}' compares numbers, and {quoted(value)} is none; give a number, such as 10"
            )
        return number
    if isinstance(value, str):
        return _pattern(value, field) if op == "matches" else value
    if op in TEXTUAL:
        return text_of(value)
    number = _finite(value)
    # Careful: beyond 2**53 a float cannot tell neighbours apart, so a long id compares as text.
    return text_of(value) if number is None or abs(number) >= 2**53 else number


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if number - number == 0 else None


def _pattern(value: str, field: str) -> str:
    if len(value) > LONGEST_PATTERN:
        raise QuestionError(field, f"a pattern may have {LONGEST_PATTERN} characters; this one has {len(value)}")
    import duckdb

    try:
        _matching([], value)
    except duckdb.Error as error:
        reason = shortened(str(error).splitlines()[0].removeprefix("Invalid Input Error: "))
        raise QuestionError(field, f"is no regular expression (RE2 syntax): {reason}") from None
    return value


def text_of(value: float) -> str:
    """A JSON number as the stream keeps it: integers without ".0"."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 2**63 else str(value)


def number_of(text: str) -> float | None:
    """The number that a text is, or None. Digits, a point, an exponent; no inf, no nan, no separators, no spaces."""
    return _finite(float(text)) if _number.match(text) else None


def folded(text: str) -> str:
    """Without case, as the engines do it: letter by letter, whatever its place in the word."""
    return text.lower() if text.isascii() else text.replace("İ", "i").replace("Σ", "σ").lower()


def truths(condition: Condition, values: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each of these values satisfies the condition; one more at the end says it of no value.

    So `truths(condition, column.values)[column.codes]` is the mask of the rows: the code -1 finds the last one.
    """
    positive = OPPOSITE.get(condition.op, condition.op)
    found = np.zeros(len(values) + 1, np.bool_)
    if values:
        found[:-1] = _hold(positive, condition.operands, values)
        if "" in values:
            found[list(values).index("")] = False
    return found if positive == condition.op else ~found


def mask(condition: Condition, column: "Column") -> NDArray[np.bool_]:
    """Which rows of the column satisfy the condition. Each distinct value is judged once."""
    return truths(condition, column.values)[column.codes]


def _hold(op: str, operands: tuple[Operand, ...], values: Sequence[str]) -> "Sequence[bool] | NDArray[np.bool_]":
    first = operands[0] if operands else ""
    if op == "is_set":
        return [True] * len(values)
    if op in ("=", "in"):
        texts = {one for one in operands if isinstance(one, str)}
        numbers = {one for one in operands if isinstance(one, float)}
        return [value in texts or (bool(numbers) and number_of(value) in numbers) for value in values]
    if op in COMPARED:
        floats = np.array([np.nan if (n := number_of(value)) is None else n for value in values])
        return _compared(op, floats, cast(tuple[float, ...], operands))
    assert isinstance(first, str)  # noqa: S101
    if op == "contains":
        sought = folded(first)
        return [sought in folded(value) for value in values]
    if op == "matches":
        return _matching(values, first)
    return [value.startswith(first) if op == "starts_with" else value.endswith(first) for value in values]


def _compared(op: str, floats: NDArray[np.float64], operands: tuple[float, ...]) -> NDArray[np.bool_]:
    low, high = operands[0], operands[-1]
    found = {">": floats > low, ">=": floats >= low, "<": floats < low, "<=": floats <= low}
    return found[op] if op in found else (floats >= low) & (floats <= high)


def _matching(values: Sequence[str], pattern: str) -> list[bool]:
    # Not Python's re: RE2 answers in linear time whatever the pattern, and is what the engines use.
    import duckdb

    asked = "SELECT regexp_matches(v, $1) FROM (SELECT unnest($2::VARCHAR[]) AS v)"
    with _engine().cursor() as cursor:
        # Careful: linear, but a pattern such as (?:[a-z]{1,300}|[0-9]{1,300}|…) takes milliseconds a value.
        timer = threading.Timer(LONGEST_MATCHING, cursor.interrupt)
        timer.start()
        try:
            return [bool(row[0]) for row in cursor.execute(asked, [pattern, list(values)]).fetchall()]
        except duckdb.InterruptException as error:
            raise TimeoutError from error
        finally:
            timer.cancel()


@cache
def _engine() -> Any:
    """One for all patterns: to open an engine takes longer than to ask it."""
    import duckdb

    # It reads no file: without this it starts eight threads that would.
    return duckdb.connect(config={"threads": 1, "async_threads": 0})


def property_text(name: str, dialect: "Dialect") -> str:
    """SQL for a property of an event as text, NULL where there is no value; promoted or not.

    COMPANY and DEAL are those that the event itself names: a company's id, a deal's as it was sent.
    """
    if name in (COMPANY, DEAL):
        return "CAST(company_id AS VARCHAR)" if name == COMPANY else "nullif(deal_id, '')"
    if name == "revenue":
        # A decimal with four places; the stream's texts have no trailing zeros.
        return "rtrim(rtrim(CAST(revenue AS VARCHAR), '0'), '.')"
    return f"nullif({name}, '')" if name in PROMOTED else dialect.property(name)


def to_sql(condition: Condition, dialect: "Dialect", expression: str | None = None) -> tuple[str, list[Any]]:
    """SQL that is TRUE or FALSE (never NULL) for an event, and the values of its question marks.

    `expression` is SQL for the text that is judged; by default the event's own property.
    """
    text = expression or property_text(condition.property, dialect)
    positive = OPPOSITE.get(condition.op, condition.op)
    sql, values = _predicate(positive, condition.operands, text, dialect)
    sql = f"coalesce({sql}, FALSE)"
    return (sql if positive == condition.op else f"(NOT {sql})"), values


def _predicate(op: str, operands: tuple[Operand, ...], text: str, d: "Dialect") -> tuple[str, list[Any]]:
    # Careful: the engine's own cast also reads '1_000', ' 1 ' and 'inf'.
    number = f"CASE WHEN {d.matches(text, d.text(NUMBER))} THEN {d.number(text)} END"
    if op == "is_set":
        return f"({text} IS NOT NULL)", []
    if op in ("=", "in"):
        # Careful: one IN for all of a kind. A thousand comparisons joined by OR take the engine seconds to plan.
        texts = [one for one in operands if isinstance(one, str)]
        floats = [one for one in operands if isinstance(one, float)]
        kinds = ((text, texts), (number, floats))
        parts = [f"{judged} IN ({', '.join('?' for _ in sought)})" for judged, sought in kinds if sought]
        # Careful: NULL OR TRUE is TRUE, NULL OR FALSE is NULL: both are right under coalesce.
        return f"({' OR '.join(parts)})", [*texts, *floats]
    if op == "between":
        return f"({number} BETWEEN ? AND ?)", list(operands)
    if op in COMPARED:
        return f"({number} {op} ?)", list(operands)
    if op == "contains":
        return f"(position(? IN lower({text})) > 0)", [folded(str(operands[0]))]
    if op == "matches":
        return d.matches(text, "?"), list(operands)
    return f"{op}({text}, ?)", list(operands)
