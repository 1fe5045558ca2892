"""How many rows a list has: exact up to a thousand, else "1,000+", for counting all is what makes a list slow."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from fullfunnel.core import numbers
from fullfunnel.core.pages.keyset import KeysetPage

MOST = 1_000


@dataclass(frozen=True)
class Count:
    """`number` rows, or, with `is_more`, more than that."""

    number: int
    is_more: bool = False

    def __str__(self) -> str:
        return f"{numbers.number(self.number)}{'+' if self.is_more else ''}"


def count_of(rows: QuerySet[Any], page: KeysetPage[Any], most: int | None = MOST) -> Count:
    """Return how many rows the list has of which this is a page; one that is the whole list has been counted."""
    return Count(len(page.rows)) if page.is_all else count_up_to(rows, most)


def count_up_to(rows: QuerySet[Any], most: int | None = MOST) -> Count:
    """Return how many rows there are, and look no further than `most` (None: exactly)."""
    if most is None:
        return Count(rows.count())
    found = rows.order_by()[: most + 1].count()
    return Count(min(found, most), found > most)
