"""Rows of Python as a table inside a statement: one bound value however many rows, the same words for SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection

from fullfunnel.core import clock

_EPOCH = clock.EPOCH.replace(tzinfo=None)
_encode = msgspec.json.Encoder().encode


def table(**columns: str) -> str:
    """A sub-select with these columns (name -> bigint, text, boolean, time or json), read from one bound value: packed(rows)."""
    if connection.vendor == "sqlite":
        # Careful: json_extract, not ->>: SQLite has that from 3.38 on only.
        parts = [f"json_extract(value, '$[{i}]') AS {name}" for i, name in enumerate(columns)]
        return f"(SELECT {', '.join(parts)} FROM json_each(%s))"
    cast = {"time": "timestamptz", "json": "jsonb"}
    parts = [f"CAST(value->>{i} AS {cast.get(kind, kind)}) AS {name}" for i, (name, kind) in enumerate(columns.items())]
    return f"(SELECT {', '.join(parts)} FROM jsonb_array_elements(CAST(%s AS jsonb)) AS rows(value))"


def packed(rows: Sequence[Sequence[Any]]) -> str:
    """The value that `table` is bound to."""
    return _encode(rows).decode()


def select(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def execute(query: str, values: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)


def time_text(microseconds: int | None) -> str | None:
    """µs since 1970 UTC as the text that both databases read, and SQLite keeps, for a time."""
    return None if microseconds is None else str(_EPOCH + timedelta(microseconds=microseconds))


def time_us(value: Any) -> int | None:
    """A time as a raw cursor gives it (text from SQLite, aware from PostgreSQL) in µs since 1970 UTC."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return clock.to_us(moment.replace(tzinfo=clock.EPOCH.tzinfo) if moment.tzinfo is None else moment)


def from_json(value: Any) -> Any:
    """A JSON column as a raw cursor gives it."""
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value
