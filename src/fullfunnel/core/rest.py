"""What operations of the REST API have in common: bodies, refusals, pages of lists, many items in one request."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import models, transaction
from ninja import Schema
from pydantic import ConfigDict

from fullfunnel.core.refused import Refused

T = TypeVar("T")
B = TypeVar("B")
M = TypeVar("M", bound=models.Model)
PAGE, LARGEST_PAGE, MOST_ITEMS = 50, 500, 500


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


def page_of(rows: "models.QuerySet[M]", *, cursor: str, limit: int) -> tuple[list[M], str]:
    """Return a page in the order of the rows' ids, and the cursor of the next; "" after the last.

    Rows added meanwhile come last, so a program that pages to the end misses none.
    """
    if not 0 < limit <= LARGEST_PAGE:
        raise Problem(Refused(f"A page has between 1 and {LARGEST_PAGE} rows.", "limit"))
    page = list(rows.order_by("pk").filter(pk__gt=_read_cursor(cursor))[: limit + 1])
    return page[:limit], _cursor(page[limit - 1].pk) if len(page) > limit else ""


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


def _cursor(pk: int) -> str:
    return base64.urlsafe_b64encode(f"after:{pk}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
        pk = int(number)
    except (binascii.Error, ValueError):
        word, pk = "", 0
    if word != "after" or not 0 < pk < 2**63:
        raise Problem(Refused("This cursor is none of ours; begin again without one.", "cursor"))
    return pk
