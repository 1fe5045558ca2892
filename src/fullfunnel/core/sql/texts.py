"""An index of the trigrams of a column, so that any part of its texts is quickly found: SQLite's FTS5, PostgreSQL's pg_trgm."""

import sqlite3
from typing import Any

from django.db import connection
from django.db.migrations import RunPython
from django.db.models import Model

LETTERS = 3
# Trigrams of a column of folded text, kept by triggers.
CREATE = (
    "CREATE VIRTUAL TABLE {index} USING fts5(text, tokenize='trigram', content='', detail=none)",
    "INSERT INTO {index}(rowid, text) SELECT id, {column} FROM {table} WHERE {column} > ''",
    "CREATE TRIGGER {index}_added AFTER INSERT ON {table} WHEN new.{column} > '' BEGIN "
    "INSERT INTO {index}(rowid, text) VALUES (new.id, new.{column}); END",
    "CREATE TRIGGER {index}_gone AFTER DELETE ON {table} WHEN old.{column} > '' BEGIN "
    "INSERT INTO {index}({index}, rowid, text) VALUES ('delete', old.id, old.{column}); END",
    "CREATE TRIGGER {index}_changed AFTER UPDATE OF {column} ON {table} WHEN old.{column} <> new.{column} BEGIN "
    "INSERT INTO {index}({index}, rowid, text) SELECT 'delete', old.id, old.{column} WHERE old.{column} > ''; "
    "INSERT INTO {index}(rowid, text) SELECT new.id, new.{column} WHERE new.{column} > ''; END",
)
DROP = (
    "DROP TRIGGER {index}_added",
    "DROP TRIGGER {index}_gone",
    "DROP TRIGGER {index}_changed",
    "DROP TABLE {index}",
)
CREATE_GIN = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX {index} ON {table} USING gin ({column} gin_trgm_ops)",
)


def text_index(table: str, column: str) -> RunPython:
    """Return the migration that makes a part of a column's text quick to find.

    Careful: a later migration that lets SQLite make the table anew takes the triggers with it, and has this once more. Without
    FTS5, or before SQLite 3.34, nothing is made, and all texts are read.
    """
    names = {"table": table, "column": column, "index": _index(table, column)}

    def run(editor: Any, statements: tuple[str, ...]) -> None:
        for statement in statements:
            editor.execute(statement.format(**names))

    def forwards(_: Any, editor: Any) -> None:
        if editor.connection.vendor != "sqlite":
            run(editor, CREATE_GIN)
        elif _knows_trigrams():
            run(editor, CREATE)

    def backwards(_: Any, editor: Any) -> None:
        if editor.connection.vendor != "sqlite":
            run(editor, ("DROP INDEX {index}",))
        elif _is_indexed(table, column):
            run(editor, DROP)

    return RunPython(forwards, backwards)


def keys_holding(model: type[Model], column: str, text: str, most: int) -> list[int] | None:
    """Return the keys of at most so many rows whose column may hold `text` (folded); None where no index can tell."""
    table = model._meta.db_table
    if len(text) < LETTERS or "\0" in text or connection.vendor != "sqlite" or not _is_indexed(table, column):
        return None
    parts = dict.fromkeys(text[at : at + LETTERS] for at in range(len(text) - LETTERS + 1))
    asked = " AND ".join('"{}"'.format(part.replace('"', '""')) for part in parts)
    index = _index(table, column)
    return _column(f"SELECT rowid FROM {index} WHERE {index} MATCH %s LIMIT {int(most)}", asked)


def forget_deleted(model: type[Model], column: str) -> None:
    """Let the index keep nothing of texts that are gone: else their trigrams stay until SQLite merges what it wrote."""
    table = model._meta.db_table
    if connection.vendor == "sqlite" and _is_indexed(table, column):
        index = _index(table, column)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")


def _index(table: str, column: str) -> str:
    return f"{table}_{column}_trigrams"


def _is_indexed(table: str, column: str) -> bool:
    return bool(_column("SELECT 1 FROM sqlite_master WHERE name = %s", _index(table, column)))


def _knows_trigrams() -> bool:
    known = _column("SELECT 1 FROM pragma_compile_options WHERE compile_options = %s", "ENABLE_FTS5")
    return bool(known) and sqlite3.sqlite_version_info >= (3, 34)


def _column(query: str, value: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        return [row[0] for row in cursor.fetchall()]
