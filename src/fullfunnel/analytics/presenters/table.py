"""The table behind a picture."""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_SHOWN = 500


class Linked(str):
    """A cell that leads to the people behind it: `who`, see presenters/people_links.py."""

    who: str

    def __new__(cls, text: str, who: str) -> "Linked":
        found = super().__new__(cls, text)
        found.who = who
        return found


@dataclass(frozen=True)
class Table:
    """Cells as they are written; the first column names the row. `head`: (words, whether the column holds numbers)."""

    head: list[tuple[str, bool]]
    rows: list[list[str]]

    def cells(self) -> Iterator[list[tuple[str, bool]]]:
        """The rows that a page shows, each cell with whether it is a number."""
        for row in self.rows[:MAX_SHOWN]:
            yield [(text, is_number) for text, (_, is_number) in zip(row, self.head, strict=True)]

    @property
    def more(self) -> int:
        """How many rows stand in the file only."""
        return max(len(self.rows) - MAX_SHOWN, 0)
