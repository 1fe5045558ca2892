"""Conditions that leave the choice of the index to the order of a list, and those with very many keys."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BinaryField, F, Func, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, LessThan

# Stands for NULL in a comparison: no key, no word and no day is it.
NONE: dict[type, Any] = {int: 0, str: "", bool: False, date: date.max}
# So many rows are quickly looked up and sorted.
FEW = 20_000


def checked(column: str, value: Any, kind: type = int) -> Exact:
    """Return the condition column = value (None: is NULL) for rows that are read in an order anyway.

    It does not choose the index: without statistics SQLite takes the one that fixes most columns, reads all that it finds there,
    and sorts it. kind: int for keys, str, bool, date. An index that has the column further back answers it without its table.
    """
    return Exact(Coalesce(F(column), Value(NONE[kind])), NONE[kind] if value is None else value)


def checked_before(column: str, day: date) -> LessThan:
    """Return the condition that a date lies before `day`, in the same manner; NULL does not."""
    return LessThan(Coalesce(F(column), Value(date.max)), day)


def these(keys: Sequence[int]) -> RawSQL:
    """Return what stands behind `id__in=` for keys, however many they are: a statement has not room for all."""
    told = json.dumps([int(key) for key in keys])
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [told])
    return RawSQL("SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(%s AS jsonb))", [told])


def among(keys: Sequence[int]) -> Q | Exact:
    """Return the condition that a row's key is one of these. Few are looked up; of many each row that is read in an order is asked.

    For lists, where the first page of any order finds enough of them.
    """
    if connection.vendor != "sqlite" or len(keys) <= FEW:
        return Q(pk__in=these(keys))
    marks = bytearray(max(keys, default=0) + 1)
    for key in keys:
        marks[key] = 1
    mark = Func(Value(bytes(marks)), F("pk") + 1, Value(1), function="SUBSTR", output_field=BinaryField())
    return Exact(mark, Value(b"\1"))
