"""Write a condition as SQL."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fullfunnel.events.conditions.condition import (
    CHANNEL_GROUP,
    COMPANY,
    COMPARED,
    DEAL,
    OPPOSITE,
    SENDER,
    Condition,
    Operand,
)
from fullfunnel.events.conditions.text import NUMBER, lower_case
from fullfunnel.events.event import PROMOTED

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect

# Returns what stands for an operand.
Put = Callable[[Operand], str]


def property_text(name: str, dialect: "Dialect") -> str:
    """Return SQL for a property as text; NULL without a value."""
    if name in (COMPANY, DEAL):
        return "CAST(company_id AS VARCHAR)" if name == COMPANY else "nullif(deal_id, '')"
    if name in SENDER:
        return dialect.sender(name)
    if name == CHANNEL_GROUP:
        return dialect.channel_group()
    if name == "revenue":
        # A decimal with four places; the stream's texts have no trailing zeros.
        return "rtrim(rtrim(CAST(revenue AS VARCHAR), '0'), '.')"
    return f"nullif({name}, '')" if name in PROMOTED else dialect.property(name)


def to_sql(condition: Condition, dialect: "Dialect", expression: str | None = None) -> tuple[str, list[Any]]:
    """Return SQL that is TRUE or FALSE for an event, and the values of its question marks.

    `expression` is SQL for another text than the event's property.
    """
    text = expression or property_text(condition.property, dialect)
    values: list[Any] = []

    def put(operand: Operand) -> str:
        values.append(operand)
        return "?"

    return _judged(condition, text, dialect, put), values


def literal_sql(condition: Condition, dialect: "Dialect") -> str:
    """Return the same with the values in it."""

    def put(operand: Operand) -> str:
        return dialect.text(operand) if isinstance(operand, str) else f"CAST({operand!r} AS DOUBLE)"

    return _judged(condition, property_text(condition.property, dialect), dialect, put)


def _judged(condition: Condition, text: str, dialect: "Dialect", put: Put) -> str:
    positive = OPPOSITE.get(condition.op, condition.op)
    sql = f"coalesce({_predicate(positive, condition.operands, text, dialect, put)}, FALSE)"
    return sql if positive == condition.op else f"(NOT {sql})"


def _predicate(op: str, operands: tuple[Operand, ...], text: str, d: "Dialect", put: Put) -> str:
    # Careful: the engine's own cast also reads '1_000', ' 1 ' and 'inf'.
    number = f"CASE WHEN {d.matches(text, d.text(NUMBER))} THEN {d.number(text)} END"
    if op == "is_set":
        return f"({text} IS NOT NULL)"
    if op in ("=", "in"):
        # Careful: one IN for all of a kind. A thousand comparisons joined by OR take the engine seconds to plan.
        parts = []
        for judged, kind in ((text, str), (number, float)):
            if listed := ", ".join(put(operand) for operand in operands if isinstance(operand, kind)):
                parts.append(f"{judged} IN ({listed})")
        # Careful: NULL OR TRUE is TRUE, NULL OR FALSE is NULL: both are right under coalesce.
        return f"({' OR '.join(parts)})"
    if op == "between":
        return f"({number} BETWEEN {put(operands[0])} AND {put(operands[1])})"
    if op in COMPARED:
        return f"({number} {op} {put(operands[0])})"
    if op == "contains":
        return f"(position({put(lower_case(str(operands[0])))} IN lower({text})) > 0)"
    if op == "matches":
        return d.matches(text, put(operands[0]))
    return f"{op}({text}, {put(operands[0])})"
