"""Conditions on what a row of people says itself: asked for in the list's own query. The rest is judged over everybody."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan
from django.utils import timezone

from fullfunnel.core import clock
from fullfunnel.core.sql import FEW, among, checked, keys_holding
from fullfunnel.events.conditions import Clause, Condition, Dated, bound, start_of, truths
from fullfunnel.events.conditions.text import lower_case
from fullfunnel.people.models import Person

Asked = Q | Exact | LessThan | GreaterThanOrEqual
MOMENTS = {"first_seen": "first_seen_at", "last_seen": "last_seen_at"}
# Stand for nobody's moment: not before a day, and not after one.
FIRST, LAST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)


def asked_of_rows(clauses: Sequence[Clause], *, me: str) -> tuple[list[Asked], tuple[Clause, ...]]:
    """Return the conditions of the query, and the clauses that it cannot answer. `me`: what @me stands for."""
    found: list[Asked] = []
    rest: list[Clause] = []
    for clause in clauses:
        condition = _asked(bound(clause, me=me, today=timezone.localtime(clock.now()).date()))
        if condition is None:
            rest.append(clause)
        else:
            found.append(condition)
    return found, tuple(rest)


def _asked(clause: Clause) -> Asked | None:
    if isinstance(clause, Dated) and clause.property in MOMENTS:
        begins = clock.from_us(start_of(str(clause.day), timezone.get_current_timezone()))
        column = MOMENTS[clause.property]
        if clause.op == "before":
            return LessThan(Coalesce(F(column), Value(LAST)), begins)
        return GreaterThanOrEqual(Coalesce(F(column), Value(FIRST)), begins)
    if not isinstance(clause, Condition):
        return None
    if clause.property == "identified":
        known, unknown, _ = truths(clause, ["true", "false"]).tolist()
        return checked("is_identified", known, bool) if known != unknown else Q() if known else Q(pk__in=[])
    if clause.property == "email" and clause.op in ("=", "contains") and len(clause.operands) == 1:
        return _of_address(clause.op, clause.operands[0])
    return None


def _of_address(op: str, operand: object) -> Asked | None:
    """Return the condition on an address, which is kept in lower case; None where it compares numbers."""
    if not isinstance(operand, str) or not operand:
        return None
    if op == "=":
        return Q(email=operand, email__gt="")
    part = lower_case(operand)
    few = keys_holding(Person, "search_text", part.casefold(), FEW + 1)
    holds = Q(email__contains=part)
    return among(few) & holds if few is not None and len(few) <= FEW else holds
