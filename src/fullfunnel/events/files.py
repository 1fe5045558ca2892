"""Stream the rows of a file: JSON lines, CSV or Parquet, each also gzipped. A bad row costs itself only."""

import gzip
import io
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, cast

from fullfunnel.events import rows
from fullfunnel.events.rows import FileError, Rows

CSV, JSON_LINES, PARQUET = "CSV", "JSON lines", "Parquet"
_BY_NAME = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), CSV),
    **dict.fromkeys((".jsonl", ".ndjson", ".json", ".jsonlines"), JSON_LINES),
    **dict.fromkeys((".parquet", ".pq"), PARQUET),
}
_SAMPLE = 65_536


class RowFile:
    """A file of rows: yields (line, row), where `row` is a dict, or the reason why it cannot be read.

    `line` counts from 1; the header of a CSV is line 1. FileError: no such file or format, or its end is missing.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.columns: list[str] | None = None
        self._stack = ExitStack()
        try:
            self._file = self._stack.enter_context(self.path.open("rb"))
            self.size = self.path.stat().st_size
            self._data, self.format = self._sniff()
        except OSError as error:
            self._stack.close()
            raise FileError(f"{self.path} cannot be read: {(error.strerror or str(error)).lower()}") from error
        except (EOFError, zlib.error, FileError) as error:
            self._stack.close()
            raise FileError(f"{self.path}: {error}" if isinstance(error, FileError) else self._cut(0)) from error

    @property
    def done(self) -> int:
        """Return how many bytes of `size` are read; of Parquet 0 until the end."""
        return 0 if self._file.closed or not self._file.seekable() else self._file.tell()

    def __iter__(self) -> Rows:
        line = 0
        try:
            with self._stack:
                for line, row in self._rows():
                    yield line, row
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileError(self._cut(line)) from error
        except FileError as error:
            raise FileError(f"{self.path}: {error}") from error

    def _cut(self, line: int) -> str:
        return (
            f"{self.path}: the compressed data is damaged or cut off after line {line}; nothing behind it can be read"
        )

    def _sniff(self) -> tuple[io.BufferedReader, str]:
        data: io.BufferedReader = self._file
        name = self.path.name.lower()
        if data.peek(2)[:2] == b"\x1f\x8b":
            data = io.BufferedReader(
                cast(io.RawIOBase, self._stack.enter_context(gzip.GzipFile(fileobj=data))), _SAMPLE
            )
            name = name.removesuffix(".gz").removesuffix(".gzip")
        start = data.peek(_SAMPLE)
        if start[:4] == b"PK\x03\x04" or start[:4] == b"\xd0\xcf\x11\xe0":
            raise FileError("this is a ZIP archive or an Excel workbook; save the sheet as CSV")
        named = _BY_NAME.get(Path(name).suffix)
        if start[:4] == b"PAR1":
            return data, PARQUET
        if named == PARQUET:
            raise FileError("this is no Parquet file (it does not begin with PAR1)")
        if named is None or named == JSON_LINES:
            first = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
            if first == b"[":
                raise FileError("this is one JSON array; write one object a line (jq -c '.[]' does it)")
            named = named or (JSON_LINES if first == b"{" else CSV)
        return data, named

    def _rows(self) -> Rows:
        if self.format == JSON_LINES:
            return rows.json_rows(self._data)
        if self.format == PARQUET:
            return rows.parquet_rows(self._on_disk())
        self.columns, found = rows.csv_rows(self._data)
        return found

    def _on_disk(self) -> Path:
        """Return a path that DuckDB can read: the file, or a copy when it is packed, piped or named like a pattern."""
        if self.path.is_file() and self._data is self._file and not re.search(r"[*?\[\]{}]", str(self.path)):
            return self.path
        copy = self._stack.enter_context(tempfile.NamedTemporaryFile(suffix=".parquet"))  # noqa: SIM115
        shutil.copyfileobj(self._data, cast(BinaryIO, copy))
        copy.flush()
        return Path(copy.name)


def read_rows(path: str | Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The rows of a file; see RowFile."""
    return iter(RowFile(path))
