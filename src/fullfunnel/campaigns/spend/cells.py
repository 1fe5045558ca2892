"""A report's bytes as rows of text: CSV of any delimiter in UTF-8, UTF-16 or Windows-1252, or the first sheet of a workbook."""

import csv
import io

from fullfunnel.campaigns.spend.workbook import read_workbook
from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused

MOST_ROWS, MOST_COLUMNS, MOST_CELL = 200_000, 400, 2_000
DELIMITERS = (",", ";", "\t", "|")
# Lines by which the delimiter is told.
LOOKED_AT = 40
Rows = list[list[str]]


def read_cells(content: bytes) -> Rows | Refused:
    """Return the rows, each cell without blanks around it; row 0 is line 1 of the file."""
    if content.startswith(b"PK"):
        return read_workbook(content, MOST_ROWS, MOST_COLUMNS)
    text = _decoded(content)
    if text is None:
        return Refused("This is no text: bring a CSV file or an Excel workbook (.xlsx).", "file")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = _parsed(text, _delimiter(text))
    if rows is None or any(len(row) > MOST_COLUMNS for row in rows):
        return Refused(
            f"A report has at most {number(MOST_ROWS)} rows, {MOST_COLUMNS} columns, {number(MOST_CELL)} characters a cell.",
            "file",
        )
    return rows if any(map(any, rows)) else Refused("The file has no rows.", "file")


def _decoded(content: bytes) -> str | None:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    # Without a mark, every other byte of UTF-16 is 0 in what people write in Europe.
    if content[1:200:2].count(0) > 60 or content[0:200:2].count(0) > 60:
        return content.decode("utf-16-le" if content[1:200:2].count(0) > 60 else "utf-16-be", "replace")
    if b"\0" in content[:4_096]:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """The one with which most of the first lines have the same number of cells, and more than one."""
    head = "\n".join(text.split("\n")[:LOOKED_AT])

    def score(delimiter: str) -> int:
        rows = _parsed(head, delimiter) or []
        counts = [len(row) for row in rows if len(row) > 1]
        return max((counts.count(many) * many for many in set(counts)), default=0)

    return max(DELIMITERS, key=score)


def _parsed(text: str, delimiter: str) -> Rows | None:
    rows: Rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([cell.strip().strip("\u00a0").replace("\0", "") for cell in row])
            if len(rows) > MOST_ROWS or any(len(cell) > MOST_CELL for cell in row):
                return None
    except csv.Error:
        return None
    return rows
