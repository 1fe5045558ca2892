"""Bodies, refusals, and many items in one request."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import transaction
from ninja import Schema
from pydantic import ConfigDict

from fullfunnel.core.refused import Refused

T = TypeVar("T")
B = TypeVar("B")
# While a request is done, nobody else writes (docs/adr/0087).
MOST_ITEMS = 100


class Body(Schema):
    """What a program sends. A name that is not known is refused, for it may be a slip of the pen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Problem(Exception):
    """Ends an operation with a refusal. status: of HTTP."""

    def __init__(self, refused: Refused, status: int = 422) -> None:
        super().__init__(refused.sentence)
        self.refused, self.status = refused, status


class Error(Schema):
    field: str
    message: str


class Result(Schema):
    """What became of one item of many, in their order: an id, or an error."""

    id: str = ""
    error: Error | None = None


class Results(Schema):
    results: list[Result]


def done(result: T | Refused) -> T:
    """Return what an action returned; raise Problem if it refused."""
    if isinstance(result, Refused):
        raise Problem(result)
    return result


def found(row: T | None, what: str) -> T:
    """Return a row that an address names; raise Problem (404) without one."""
    if row is None:
        raise Problem(Refused(f"There is no {what} with this id in this workspace.", "id"), 404)
    return row


def do_many(items: Sequence[B], do: Callable[[B], str]) -> Results:
    """Do each item, in their order, in one transaction; one that is refused leaves no trace and stops no other."""
    results = []
    with transaction.atomic():
        for item in items:
            try:
                with transaction.atomic():
                    results.append(Result(id=do(item)))
            except Problem as problem:
                refused = problem.refused
                results.append(Result(error=Error(field=refused.field, message=refused.sentence)))
    return Results(results=results)
