"""The European Central Bank's file of reference rates, daily or historical: what one euro is in each currency. Pure."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused

EURO = "EUR"
MOST_ROWS = 20_000
PLACES = Decimal("0.0000000001")
_DAYS = ("%Y-%m-%d", "%d %B %Y")


class DatedRate(NamedTuple):
    """On `day` one unit of `currency` was worth `rate` of the workspace's."""

    currency: str
    day: date
    rate: Decimal


def read_ecb(text: str, into: str, wanted: Sequence[str] = ()) -> list[DatedRate] | Refused:
    """Return the rates into the currency `into`: of all currencies, or only of those `wanted`.

    The file's rows are days, its columns currencies; N/A and empty cells say nothing.
    """
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text.lstrip("\ufeff")))]
    rows = [row for row in rows if any(row)]
    if not rows or rows[0][0].lower() != "date" or not all(re.fullmatch("[A-Z]{3}|", name) for name in rows[0][1:]):
        return Refused(
            "Line 1 is not the ECB's: it begins with Date and has a currency such as USD in each column.", "file"
        )
    if len(rows) > MOST_ROWS:
        return Refused(f"A file has at most {number(MOST_ROWS)} days.", "file")
    if into not in (EURO, *rows[0]):
        return Refused(f"The file has no rate of {into}, the workspace's currency.", "file")
    found: list[DatedRate] = []
    for line, row in enumerate(rows[1:], 2):
        of_day = _of_day(row, rows[0], into, line)
        if isinstance(of_day, Refused):
            return of_day
        found += [one for one in of_day if not wanted or one.currency in wanted]
    return found or Refused("The file has no rates.", "file")


def _of_day(row: Sequence[str], names: Sequence[str], into: str, line: int) -> list[DatedRate] | Refused:
    day = _day(row[0])
    if day is None:
        return Refused(f"Line {line}: “{row[0][:40]}” is no day; write it like 2026-11-30.", "file")
    per_euro = {EURO: Decimal(1)}
    for name, cell in zip(names[1:], row[1:], strict=False):
        if not name or cell in ("", "N/A"):
            continue
        try:
            number = Decimal(cell)
        except InvalidOperation:
            number = Decimal(0)
        if not (number.is_finite() and Decimal("0.0000001") < number < 10**9):
            return Refused(f"Line {line}, {name}: “{cell[:40]}” is no rate; write it like 1.0842.", "file")
        per_euro[name] = number
    own = per_euro.pop(into, None)
    if own is None:
        return []
    return [DatedRate(name, day, (own / number).quantize(PLACES)) for name, number in per_euro.items()]


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None
