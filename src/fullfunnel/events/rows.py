"""Read rows from bytes. Each format yields (line, row as a dict, or the reason why it cannot be read)."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from fullfunnel.core import clock
from fullfunnel.events.strict_json import UNKNOWN, mended, without_nul

Rows = Iterator[tuple[int, dict[str, Any] | str]]
DELIMITERS = ",;\t|"
_NOT_UTF8 = "is not UTF-8 text; save the file as UTF-8"


class FileError(Exception):
    """A file that cannot be read to its end; the message is for whoever gave it."""


def json_rows(data: io.BufferedReader) -> Rows:
    """Yield JSON lines: one object each, numbers exact. Empty lines are skipped."""
    decode = msgspec.json.Decoder(float_hook=Decimal).decode
    if data.peek(3)[:3] == b"\xef\xbb\xbf":
        data.read(3)
    for line, raw in enumerate(data, 1):
        try:
            row = _json_value(raw, decode)
        except UnicodeDecodeError:
            yield line, _NOT_UTF8
        except (ValueError, RecursionError, ArithmeticError) as error:
            if raw.strip():
                yield line, f"cannot be read as JSON: {error}"
        else:
            yield line, row if type(row) is dict else 'is not a JSON object such as {"person": …}'


def _json_value(raw: bytes, decode: Callable[[bytes], Any]) -> Any:
    try:
        value = decode(raw)
    except UnicodeDecodeError:
        raise
    except ValueError:
        # What other programs write and no strict reader takes costs one value, not the line.
        whole = mended(raw)
        if whole is None:
            raise
        value = decode(whole)
    return without_nul(value) if b"\\u0000" in raw else value


class _Lines:
    """Lines for csv.reader that can be given back after a broken record."""

    def __init__(self, source: Iterable[bytes | str]) -> None:
        self._source = iter(source)
        self._again: list[str] = []
        self._record: list[str] = []
        self.number = 0
        self.is_broken = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._text(next(self._source))
        self.number += 1
        self._record.append(line)
        return line

    def _text(self, raw: bytes | str) -> str:
        try:
            return (raw if isinstance(raw, str) else raw.decode()).replace("\0", UNKNOWN)
        except UnicodeDecodeError:
            self.is_broken = True
            return raw.decode(errors="replace") if isinstance(raw, bytes) else raw

    def begin(self) -> int:
        """Begin a record; return its first line."""
        self._record.clear()
        self.is_broken = False
        return self.number + 1

    def give_back(self, keep: int = 1) -> None:
        """Give back all lines of the record but the first `keep`."""
        self._again.extend(reversed(self._record[keep:]))
        self.number -= len(self._record[keep:])


def csv_rows(data: io.BufferedReader) -> tuple[list[str], Rows]:
    """Return the columns of a CSV, and its rows as texts. The delimiter is guessed."""
    lines = _Lines(_text_lines(data))
    lines.begin()
    first = next(lines, "")
    lines.give_back(0)
    if not first.strip():
        raise FileError("the first line must name the columns, and it is empty")
    # Some exports quote each line whole, the header too: "a,b,c".
    is_wrapped = first.count('"') == 2 and first.strip()[:1] == first.strip()[-1:] == '"'
    sample = first.strip().strip('"') if is_wrapped else first
    delimiter = max(DELIMITERS, key=lambda sign: len(next(csv.reader([sample], delimiter=sign), [])))
    records = _records(lines, delimiter, is_wrapped and delimiter in sample)
    found = next(records)[1]
    if isinstance(found, str):
        raise FileError(f"the first line, which must name the columns, {found}")
    header = [name.strip() for name in found]
    if double := next((name for i, name in enumerate(header) if name and name in header[:i]), None):
        raise FileError(f"the first line names the column {double!r} twice")
    return header, _dicts(records, header)


def _text_lines(data: io.BufferedReader) -> Iterable[bytes | str]:
    start = data.peek(65_536)
    if start[:3] == b"\xef\xbb\xbf":
        data.read(3)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _translated(data, "utf-16")
    if b"\r" in start and b"\n" not in start:
        return _translated(data, "utf-8")
    return data


def _translated(data: io.BufferedReader, encoding: str) -> Iterator[str]:
    with io.TextIOWrapper(data, encoding, errors="replace", newline=None) as text:
        yield from text


def _records(lines: _Lines, delimiter: str, is_wrapped: bool) -> Iterator[tuple[int, list[str] | str]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.begin()
        try:
            values = next(reader)
            if is_wrapped and len(values) == 1:
                values = next(csv.reader(values, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error as error:
            # Most often a quote that is never closed: only its own line is lost.
            lines.give_back()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield line, f"cannot be read as CSV: {error}"
        else:
            if lines.is_broken:
                yield line, _NOT_UTF8
            elif values:
                yield line, values


def _dicts(records: Iterator[tuple[int, list[str] | str]], header: list[str]) -> Rows:
    width = len(header)
    for line, values in records:
        if isinstance(values, str):
            yield line, values
        elif len(values) == width:
            yield line, dict(zip(header, values, strict=True))
        else:
            yield line, f"has {len(values)} values, but the first line names {width} columns"


def parquet_rows(path: Path) -> Rows:
    """Yield rows; times as aware datetimes, nested values as dicts and lists."""
    import duckdb

    with duckdb.connect(
        config={"autoload_known_extensions": False, "autoinstall_known_extensions": False}
    ) as connection:
        try:
            described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
            moments = [str(kind).startswith("TIMESTAMP") for _, kind, *_ in described]
            names = [str(name) for name, *_ in described]
            found = connection.execute(f"SELECT {_columns(names, moments)} FROM read_parquet(?)", [str(path)])
            line = 0
            while portion := found.fetchmany(1_000):
                for values in portion:
                    line += 1
                    yield line, _parquet_row(names, moments, values)
        except duckdb.Error as error:
            raise FileError(f"cannot be read as Parquet: {str(error).splitlines()[0]}") from error


def _columns(names: list[str], moments: list[bool]) -> str:
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    # Careful: Python's datetime is narrower than the column (and one with a zone needs another package), so numbers travel.
    return ", ".join(
        f"epoch_us({name})" if is_moment else name for name, is_moment in zip(quoted, moments, strict=True)
    )


def _parquet_row(names: list[str], moments: list[bool], values: tuple[Any, ...]) -> dict[str, Any] | str:
    row = dict(zip(names, values, strict=True))
    for name, is_moment in zip(names, moments, strict=True):
        row[name] = without_nul(row[name])
        if is_moment and row[name] is not None:
            try:
                row[name] = clock.from_us(row[name])
            except OverflowError:
                return f"has a time in {name!r} outside the years 1 to 9999"
    return row
