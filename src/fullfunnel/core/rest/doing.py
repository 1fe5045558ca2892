"""Bodies, refusals, and many items in one request."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.http import HttpRequest
from ninja import Schema
from pydantic import ConfigDict, field_validator
from pydantic_core import PydanticCustomError

from fullfunnel.core.refused import Refused

P = ParamSpec("P")
T = TypeVar("T")
Q = TypeVar("Q", bound=HttpRequest)
B = TypeVar("B")
# While a request is done, nobody else writes (docs/adr/0087).
MOST_ITEMS = 100


class Body(Schema):
    """What a program sends. A name that is not known is refused, for it may be a slip of the pen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def without_nul(cls, value: Any) -> Any:
        """Refuse the NUL character, which PostgreSQL keeps in no text: in a text, and in an object's names and texts."""
        texts = (value,) if isinstance(value, str) else (*value, *value.values()) if isinstance(value, dict) else ()
        if any(isinstance(text, str) and "\0" in text for text in texts):
            raise PydanticCustomError("nul", "This holds a NUL character, which no text may")
        return value


class Problem(Exception):
    """Ends an operation with a refusal. status: of HTTP."""

    def __init__(self, refused: Refused, status: int = 422) -> None:
        super().__init__(refused.sentence)
        self.refused, self.status = refused, status


class Error(Schema):
    field: str
    message: str


class Refusal(Schema):
    """What is answered instead, with 4xx."""

    error: Error


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


def only_known(function: Callable[Concatenate[Q, P], T]) -> Callable[Concatenate[Q, P], T]:
    """Refuse a query parameter that the operation does not have; ninja passes over it."""

    @wraps(function)
    def guarded(request: Q, /, *args: P.args, **kwargs: P.kwargs) -> T:
        asked = kwargs.get("asked")
        known = type(asked).model_fields if isinstance(asked, Body) else {}
        if strange := next((name for name in request.GET if name not in known), ""):
            has = f"It has {', '.join(known)}." if known else "It has none."
            raise Problem(Refused(f"This operation has no parameter of this name. {has}", strange[:100]))
        return function(request, *args, **kwargs)

    return guarded


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
