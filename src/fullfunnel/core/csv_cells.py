"""Escape cells of a CSV so that no spreadsheet runs them as formulas, and undo it.

We put an apostrophe before each text that a spreadsheet might run, and before each that begins with one; also in the names of columns. Our files have
the column MARKER, so that a reader knows to take the apostrophes off.
"""

import re
from collections.abc import Mapping
from typing import Any

MARKER = "fullfunnel_cells"
MARKER_VALUE = "escaped"
# Spreadsheets also read the full-width forms of Japanese input.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def escaped(text: str) -> str:
    """Return the text for a cell. Plain numbers such as -5 stay numbers."""
    if text.startswith("'") or (text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)):
        return "'" + text
    return text


def unescaped(text: str) -> str:
    """Undo `escaped`."""
    return text[1:] if text.startswith("'") else text


def unescaped_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `escaped` in every text of a row, and drop MARKER."""
    return {
        unescaped(name): unescaped(value) if isinstance(value, str) else value
        for name, value in row.items()
        if name != MARKER
    }
