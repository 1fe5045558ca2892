"""Pages of a long list by the values of its last row, so that rows that come or go meanwhile are neither shown twice nor missed."""

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.expressions import Col, CombinedExpression, OrderBy

from fullfunnel.core.pages.lists import PAGE_SIZE
from fullfunnel.core.refused import Refused

M = TypeVar("M", bound=Model)
MAX_CURSOR, MAX_NUMBER = 2_000, 2**63 - 1
BAD = Refused("The address of this page is damaged, or of another order; this is the first page.", "cursor")


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    """`before` and `after` are cursors of the neighbours, "" where there is none. `first` counts rows from 1: a hint, for rows
    that came since are not in it."""

    rows: list[M]
    before: str = ""
    after: str = ""
    first: int = 1

    @property
    def is_all(self) -> bool:
        """Whether the list has no other rows."""
        return self.first == 1 and not (self.before or self.after)

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


@dataclass(frozen=True)
class Sort:
    """One column of the order. `read` takes its value out of a cursor."""

    name: str
    is_down: bool
    may_be_null: bool
    kind: Any = field(repr=False)

    def order(self, *, backwards: bool) -> OrderBy:
        """Rows without a value come last; read backwards they come first."""
        expression = F(self.name)
        if not self.may_be_null:
            return expression.desc() if self.is_down != backwards else expression.asc()
        nulls: dict[str, Any] = {"nulls_first": True} if backwards else {"nulls_last": True}
        return expression.desc(**nulls) if self.is_down != backwards else expression.asc(**nulls)

    def beyond(self, value: Any, *, backwards: bool) -> Q | None:
        """The rows whose value comes after this one (before it, read backwards); None where there can be none."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else None
        found = Q(**{f"{self.name}__{'lt' if self.is_down != backwards else 'gt'}": value})
        return found | Q(**{f"{self.name}__isnull": True}) if self.may_be_null and not backwards else found

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def of(self, row: Model) -> Any:
        found: Any = row
        for part in self.name.split("__"):
            found = getattr(found, part, None)
        return found

    def read(self, value: Any) -> Any:
        """ValueError for what cannot be a value of this column."""
        if value is None and self.may_be_null:
            return None
        if not isinstance(value, str | int | float | bool):
            raise ValueError
        found = self.kind.to_python(value)
        if isinstance(found, str):
            found.encode()
        # OverflowError: it has no moment in UTC.
        if isinstance(found, datetime) and found.astimezone(UTC) != found:
            raise ValueError
        too_large = isinstance(found, int) and abs(found) > MAX_NUMBER
        if found is None or too_large or (isinstance(found, float | Decimal) and not math.isfinite(found)):
            raise ValueError
        return found


def keyset_page(
    rows: QuerySet[M], sort: Sequence[str], cursor: str = "", *, size: int = PAGE_SIZE
) -> KeysetPage[M] | Refused:
    """Return the page of `rows` that begins at `cursor` ("": the first), in the order of `sort`.

    `sort` names columns or annotations as `order_by` does ("-score"); the primary key is added, so that the order is total.
    Related columns ("company__name") want `select_related`. Rows without a value come last. A cursor that is none of ours, or
    of another order, is refused.
    """
    # The key goes the way of the last column, for so an index can be read in either direction.
    key = "-pk" if sort and sort[-1].startswith("-") else "pk"
    columns = [_sort(rows, name) for name in dict.fromkeys([*sort, *(() if {"pk", "-pk"} & {*sort} else (key,))])]
    asked = _read(cursor, columns) if cursor else None
    if isinstance(asked, Refused):
        return asked
    backwards, first, values = asked or (False, 1, [])
    found = _rows(rows, columns, values, backwards, size + 1)
    if backwards and len(found) <= size:
        # Rows went meanwhile: what is left is the first page, which begins at the beginning.
        return keyset_page(rows, sort, size=size)
    is_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
        first = max(first - len(found), 1)
    if not found and values:
        # The rows that were to follow are gone: the last page is shown.
        found = _rows(rows, columns, [], True, size)[::-1]
        first, is_more = max(first - len(found), 1), False
    if not found:
        return KeysetPage([])
    before = _write("b", first, [column.of(found[0]) for column in columns]) if cursor and first > 1 else ""
    after = _write("a", first + len(found), [column.of(found[-1]) for column in columns])
    return KeysetPage(found, before, after if is_more or backwards else "", first)


def first_or_asked(rows: QuerySet[M], sort: Sequence[str], cursor: str) -> tuple[KeysetPage[M], Refused | None]:
    """Return the page that a cursor asks for; of one that cannot be read the first, and why."""
    page = keyset_page(rows, sort, cursor)
    if isinstance(page, KeysetPage):
        return page, None
    first = keyset_page(rows, sort)
    assert isinstance(first, KeysetPage)  # noqa: S101 (only a cursor can be refused)
    return first, page


def _rows(rows: QuerySet[M], columns: Sequence[Sort], values: Sequence[Any], backwards: bool, most: int) -> list[M]:
    """Return the first `most` rows beyond `values`. Those without a value in the first column are asked for by themselves.

    So an index is read in its order, whichever end it has the NULLs at.
    """
    head = columns[0]
    if not head.may_be_null:
        return _part(rows, columns, values, backwards, most)
    some, none = rows.filter(**{f"{head.name}__isnull": False}), rows.filter(**{f"{head.name}__isnull": True})
    halves = [(some, [replace(head, may_be_null=False), *columns[1:]], False), (none, columns[1:], True)]
    found: list[M] = []
    for half, order, is_none in halves[::-1] if backwards else halves:
        is_beyond = not values or (values[0] is None) != is_none
        if is_beyond and values and is_none == backwards:
            # The cursor stands in the other half, and this one lies behind it.
            continue
        rest = values[1:] if is_none else values
        found += _part(half, order, [] if is_beyond else rest, backwards, most - len(found))
        if len(found) == most:
            break
    return found


def _part(rows: QuerySet[M], columns: Sequence[Sort], values: Sequence[Any], backwards: bool, most: int) -> list[M]:
    wanted = rows.filter(_beyond(columns, values, backwards)) if values else rows
    return list(wanted.order_by(*(column.order(backwards=backwards) for column in columns))[:most])


def _sort(rows: QuerySet[Any], name: str) -> Sort:
    bare = name.removeprefix("-")
    if bare in rows.query.annotations:
        expression = rows.query.annotations[bare]
        return Sort(bare, name.startswith("-"), _may_be_null(expression), expression.output_field)
    model, kind, is_null = rows.model, None, False
    for part in bare.split("__"):
        try:
            kind = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist as error:
            raise ValueError(f"{rows.model.__name__} has no column {bare} to sort by") from error
        is_null = is_null or bool(getattr(kind, "null", False))
        model = getattr(kind, "related_model", None) or model
    return Sort(bare, name.startswith("-"), is_null, getattr(kind, "target_field", kind))


def _may_be_null(expression: Any) -> bool:
    """Whether an annotation may have no value; one that adds up columns that always have one, has one."""
    parts = list(expression.flatten())
    known = (CombinedExpression, Col, Value)
    return not all(isinstance(part, known) and not (isinstance(part, Col) and part.target.null) for part in parts)


def _beyond(columns: Sequence[Sort], values: Sequence[Any], backwards: bool) -> Q:
    """(a beyond A) or (a = A and b beyond B) or …, with the first column's bound once more in front, for its index."""
    found, same = Q(pk__in=[]), Q()
    for column, value in zip(columns, values, strict=True):
        beyond = column.beyond(value, backwards=backwards)
        if beyond is not None:
            found |= same & beyond
        same &= column.same(value)
    head = columns[0].beyond(values[0], backwards=backwards)
    return found & (head | columns[0].same(values[0])) if head is not None else found


def _write(direction: str, first: int, values: Sequence[Any]) -> str:
    told = [value.isoformat() if isinstance(value, datetime | date) else value for value in values]
    text = json.dumps([direction, first, *told], default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, columns: Sequence[Sort]) -> tuple[bool, int, list[Any]] | Refused:
    """(read backwards, number of the first row, values)."""
    if len(cursor) > MAX_CURSOR:
        return BAD
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        direction, first, *told = parts
        if direction not in ("a", "b") or type(first) is not int or not 1 <= first <= MAX_NUMBER:
            return BAD
        values = [column.read(value) for column, value in zip(columns, told, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError, ValidationError):
        return BAD
    return direction == "b", first, values
