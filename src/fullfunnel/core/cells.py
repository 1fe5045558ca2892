"""Cells of a CSV that a spreadsheet must not run as formulas, and the way back.

A file that carries the column MARKER was written by us: each text that a spreadsheet might run, or that begins with an
apostrophe, has one apostrophe in front. Whoever reads such a file takes it off again; other files are left as they are.
"""

import re
from collections.abc import Mapping
from typing import Any

MARKER = "fullfunnel_cells"
MARKER_VALUE = "escaped"
# As read by spreadsheets: also the full-width forms of Japanese input.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def escaped(text: str) -> str:
    """The text as it is written to a cell. Plain numbers such as -5 stay numbers."""
    if text.startswith("'") or (text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)):
        return "'" + text
    return text


def unescaped(text: str) -> str:
    """What `escaped` was given."""
    return text[1:] if text.startswith("'") else text


def unescaped_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a file that carries MARKER as it was before it was written."""
    return {
        name: unescaped(value) if isinstance(value, str) else value for name, value in row.items() if name != MARKER
    }
