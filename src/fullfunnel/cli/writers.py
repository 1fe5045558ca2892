"""Rows into a file: JSON lines, CSV or Parquet by its name, .gz too.

The file appears under its name only when it is whole, and only its owner can read it.
"""

import csv
import gzip
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from fullfunnel.core import csv_cells

FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}


def format_of(name: str) -> str | None:
    """jsonl, csv or parquet, by the file's name ("-" is JSON lines to stdout); None for any other."""
    return "jsonl" if name == "-" else FORMATS.get(Path(name.removesuffix(".gz")).suffix.lower())


class RowWriter:
    """`columns`: column -> SQL type; `properties`: all names that may occur in a row's `properties` (CSV has a column for each).

    Rows are dicts of texts, lists and (under `properties`) a dict of texts; None where there is no value.
    """

    def __init__(self, name: str, columns: Mapping[str, str], properties: Sequence[str]) -> None:
        self.name = name
        self.format = format_of(name)
        self.columns = columns
        # A property may be called like a column of ours.
        self.properties = {p: f"property:{p}" if p in columns or p == csv_cells.MARKER else p for p in properties}
        self._stack = ExitStack()

    def __enter__(self) -> "RowWriter":
        self._scratch = Path(self._stack.enter_context(tempfile.TemporaryDirectory(dir=self._folder())))
        rows = self._scratch / "rows"
        rows.touch(mode=0o600)
        if self.name == "-":
            self._out: TextIO = sys.stdout
        elif self.name.endswith(".gz"):
            self._out = self._stack.enter_context(gzip.open(rows, "wt", encoding="utf-8", newline="", compresslevel=6))
        else:
            self._out = self._stack.enter_context(rows.open("w", encoding="utf-8", newline=""))
        if self.format == "csv":
            self._csv = csv.writer(self._out)
            named = [*(name for name in self.columns if name != "properties"), *self.properties.values()]
            # Anybody with a public key chooses the names of properties.
            self._csv.writerow([*map(csv_cells.escaped, named), csv_cells.MARKER])
        return self

    def _folder(self) -> Path | None:
        return None if self.name == "-" else Path(self.name).resolve().parent

    def write(self, row: Mapping[str, Any]) -> None:
        if self.format != "csv":
            kept = {name: value for name, value in row.items() if value is not None}
            self._out.write(json.dumps(kept, ensure_ascii=False) + "\n")
            return
        given = row.get("properties") or {}
        values = [row.get(name) for name in self.columns if name != "properties"]
        values += [given.get(name) for name in self.properties]
        self._csv.writerow([*map(_cell, values), csv_cells.MARKER_VALUE])

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None and self.name != "-":
                self._publish()
        finally:
            self._stack.close()

    def _publish(self) -> None:
        self._out.close()
        rows = self._scratch / "rows"
        if self.format == "parquet":
            rows = self._as_parquet(rows)
            rows.chmod(0o600)
        with rows.open("rb") as file:
            os.fsync(file.fileno())
        shutil.move(rows, self.name)

    def _as_parquet(self, rows: Path) -> Path:
        import duckdb

        path = self._scratch / "rows.parquet"
        kinds = ", ".join(f"{name}: '{kind}'" for name, kind in self.columns.items())
        with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
            source = (
                f"read_json(?, format = 'newline_delimited', columns = {{{kinds}}}, maximum_object_size = 67108864)"
            )
            connection.execute(
                f"COPY (SELECT * FROM {source}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)", [str(rows)]
            )
        return path


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return csv_cells.escaped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
