"""Evaluate a condition over the distinct values of a column."""

import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions.condition import COMPARED, OPPOSITE, Condition, Operand
from fullfunnel.events.conditions.text import lower_case, number_of

if TYPE_CHECKING:
    from fullfunnel.events.store.journeys import Column

# How long one pattern may be matched against the values of a property.
MAX_MATCHING_SECONDS = 20.0


def truths(condition: Condition, values: Sequence[str]) -> NDArray[np.bool_]:
    """Return whether each value satisfies the condition; the last element stands for no value.

    So truths(condition, column.values)[column.codes] is the mask of the rows.
    """
    positive = OPPOSITE.get(condition.op, condition.op)
    satisfied = np.zeros(len(values) + 1, np.bool_)
    if values:
        satisfied[:-1] = _satisfied(positive, condition.operands, values)
        if "" in values:
            satisfied[list(values).index("")] = False
    return satisfied if positive == condition.op else ~satisfied


def mask(condition: Condition, column: "Column") -> NDArray[np.bool_]:
    """Return which rows satisfy the condition; each distinct value is judged once."""
    return truths(condition, column.values)[column.codes]


def matches(values: Sequence[str], pattern: str) -> list[bool]:
    """Return which values hold the RE2 pattern. TimeoutError after MAX_MATCHING_SECONDS."""
    # Not Python's re: RE2 answers in linear time whatever the pattern, and is what the engines use.
    import duckdb

    statement = "SELECT regexp_matches(v, $1) FROM (SELECT unnest($2::VARCHAR[]) AS v)"
    with _engine().cursor() as cursor:
        # Careful: linear, but a pattern such as (?:[a-z]{1,300}|[0-9]{1,300}|…) takes milliseconds a value.
        timer = threading.Timer(MAX_MATCHING_SECONDS, cursor.interrupt)
        timer.start()
        try:
            return [bool(row[0]) for row in cursor.execute(statement, [pattern, list(values)]).fetchall()]
        except duckdb.InterruptException as error:
            raise TimeoutError from error
        finally:
            timer.cancel()


def _satisfied(op: str, operands: tuple[Operand, ...], values: Sequence[str]) -> "Sequence[bool] | NDArray[np.bool_]":
    first = operands[0] if operands else ""
    if op == "is_set":
        return [True] * len(values)
    if op in ("=", "in"):
        texts = {operand for operand in operands if isinstance(operand, str)}
        numbers = {operand for operand in operands if isinstance(operand, float)}
        return [value in texts or (bool(numbers) and number_of(value) in numbers) for value in values]
    if op in COMPARED:
        floats = np.array([np.nan if (number := number_of(value)) is None else number for value in values])
        return _compared(op, floats, cast(tuple[float, ...], operands))
    assert isinstance(first, str)  # noqa: S101
    if op == "contains":
        part = lower_case(first)
        return [part in lower_case(value) for value in values]
    if op == "matches":
        return matches(values, first)
    return [value.startswith(first) if op == "starts_with" else value.endswith(first) for value in values]


def _compared(op: str, floats: NDArray[np.float64], operands: tuple[float, ...]) -> NDArray[np.bool_]:
    low, high = operands[0], operands[-1]
    answers = {">": floats > low, ">=": floats >= low, "<": floats < low, "<=": floats <= low}
    return answers[op] if op in answers else (floats >= low) & (floats <= high)


@cache
def _engine() -> Any:
    """Open one engine for all patterns: opening takes longer than asking."""
    import duckdb

    # It reads no file: without this it starts eight threads that would.
    return duckdb.connect(config={"threads": 1, "async_threads": 0})
