"""Write a condition as SQL."""

from typing import TYPE_CHECKING, Any

from fullfunnel.events.conditions.condition import COMPANY, COMPARED, DEAL, OPPOSITE, SENDER, Condition, Operand
from fullfunnel.events.conditions.text import NUMBER, lower_case
from fullfunnel.events.event import PROMOTED

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect


def property_text(name: str, dialect: "Dialect") -> str:
    """Return SQL for a property as text; NULL without a value."""
    if name in (COMPANY, DEAL):
        return "CAST(company_id AS VARCHAR)" if name == COMPANY else "nullif(deal_id, '')"
    if name in SENDER:
        return dialect.sender(name)
    if name == "revenue":
        # A decimal with four places; the stream's texts have no trailing zeros.
        return "rtrim(rtrim(CAST(revenue AS VARCHAR), '0'), '.')"
    return f"nullif({name}, '')" if name in PROMOTED else dialect.property(name)


def to_sql(condition: Condition, dialect: "Dialect", expression: str | None = None) -> tuple[str, list[Any]]:
    """Return SQL that is TRUE or FALSE for an event, and the values of its question marks.

    `expression` is SQL for another text than the event's property.
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
        texts = [operand for operand in operands if isinstance(operand, str)]
        floats = [operand for operand in operands if isinstance(operand, float)]
        kinds = ((text, texts), (number, floats))
        parts = [f"{judged} IN ({', '.join('?' for _ in listed)})" for judged, listed in kinds if listed]
        # Careful: NULL OR TRUE is TRUE, NULL OR FALSE is NULL: both are right under coalesce.
        return f"({' OR '.join(parts)})", [*texts, *floats]
    if op == "between":
        return f"({number} BETWEEN ? AND ?)", list(operands)
    if op in COMPARED:
        return f"({number} {op} ?)", list(operands)
    if op == "contains":
        return f"(position(? IN lower({text})) > 0)", [lower_case(str(operands[0]))]
    if op == "matches":
        return d.matches(text, "?"), list(operands)
    return f"{op}({text}, ?)", list(operands)
