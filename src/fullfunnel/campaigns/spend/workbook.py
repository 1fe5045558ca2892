"""The first sheet of an Excel workbook (.xlsx) as rows of text. Pure; formulas count with the value that Excel kept."""

import io
import re
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

from fullfunnel.core import numbers
from fullfunnel.core.refused import Refused

MOST_BYTES = 200_000_000
NO_WORKBOOK = Refused("This is no workbook that can be read; save the sheet as CSV.", "file")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Formats of days that a workbook need not describe.
_BUILT_IN = {14, 15, 16, 17, 22}
_FIRST = date(1899, 12, 30)


def read_workbook(content: bytes, most_rows: int, most_columns: int) -> list[list[str]] | Refused:
    """Return the rows; a cell that is shown as a day is "2026-05-01"."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_BYTES:
                return Refused("The workbook is too large; save the sheet as CSV.", "file")
            names = set(archive.namelist())
            texts = _shared(archive) if "xl/sharedStrings.xml" in names else []
            days = _day_styles(archive) if "xl/styles.xml" in names else set[int]()
            sheet = _tree(archive, _first_sheet(archive))
        return _rows(sheet, texts, days, most_rows, most_columns)
    except (
        zipfile.BadZipFile,
        KeyError,
        ElementTree.ParseError,
        ValueError,
        IndexError,
        OverflowError,
        RuntimeError,
        NotImplementedError,
    ):
        return NO_WORKBOOK


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    text = archive.read(name)
    # Careful: a workbook needs no entities, and they are how XML is made to grow.
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ValueError("a document type")
    return ElementTree.fromstring(text)  # noqa: S314 (no document type)


def _first_sheet(archive: zipfile.ZipFile) -> str:
    first = _tree(archive, "xl/workbook.xml").find(f"{_MAIN}sheets/{_MAIN}sheet")
    wanted = first.get(_RELATION) if first is not None else None
    for each in _tree(archive, "xl/_rels/workbook.xml.rels"):
        if each.get("Id") == wanted:
            target = each.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError("the first sheet")


def _shared(archive: zipfile.ZipFile) -> list[str]:
    return ["".join(each.itertext()) for each in _tree(archive, "xl/sharedStrings.xml")]


def _day_styles(archive: zipfile.ZipFile) -> set[int]:
    tree = _tree(archive, "xl/styles.xml")
    own = {
        int(each.get("numFmtId", "0"))
        for each in tree.iter(f"{_MAIN}numFmt")
        if re.search("[dy]", re.sub(r'"[^"]*"|\[[^\]]*\]', "", each.get("formatCode", "")).lower())
    }
    formats = tree.find(f"{_MAIN}cellXfs")
    kept = enumerate(formats if formats is not None else [])
    return {at for at, each in kept if int(each.get("numFmtId", "0")) in own | _BUILT_IN}


def _rows(
    sheet: ElementTree.Element, texts: list[str], days: set[int], most_rows: int, most_columns: int
) -> list[list[str]] | Refused:
    rows: list[list[str]] = []
    for row in sheet.iter(f"{_MAIN}row"):
        number = int(row.get("r") or len(rows) + 1)
        if number > most_rows:
            return Refused(f"A report has at most {numbers.number(most_rows)} rows.", "file")
        rows += [[] for _ in range(number - len(rows))]
        for cell in row.iter(f"{_MAIN}c"):
            at = _column(cell.get("r") or "") if cell.get("r") else len(rows[number - 1])
            if at >= most_columns:
                return Refused(f"A report has at most {most_columns} columns.", "file")
            rows[number - 1] += [""] * (at + 1 - len(rows[number - 1]))
            rows[number - 1][at] = _text(cell, texts, days).strip()
    return rows if any(map(any, rows)) else Refused("The first sheet has no rows.", "file")


def _column(reference: str) -> int:
    at = 0
    for letter in re.match("[A-Z]{1,3}", reference.upper())[0]:  # type: ignore[index]
        at = at * 26 + ord(letter) - 64
    return at - 1


def _text(cell: ElementTree.Element, texts: list[str], days: set[int]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if kind == "inlineStr":
        return "".join(cell.itertext())
    if kind == "s":
        return texts[int(value)]
    if kind == "n" and value and int(cell.get("s", "0")) in days:
        return (_FIRST + timedelta(days=int(float(value)))).isoformat()
    return value
