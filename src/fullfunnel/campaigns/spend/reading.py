"""A report's rows as lines of spend, by a mapping; what could mean two things is asked, what is wrong is refused with its line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from fullfunnel.campaigns.spend.columns import (
    DAY_WORDS,
    DECIMALS,
    currency_in,
    read_day,
    read_number,
    readings_of_days,
    readings_of_numbers,
)
from fullfunnel.campaigns.spend.mapping import (
    AD,
    AMOUNT,
    CAMPAIGN,
    CAMPAIGN_ID,
    CLICKS,
    CURRENCY,
    DAY,
    GROUP,
    IMPRESSIONS,
    NEEDED,
    TARGETS,
    Mapping,
    header_at,
)

PLACES = Decimal("0.0001")
MOST_AMOUNT = Decimal(10) ** 12
MOST_COUNT = 10**15
TOTALS = ("total", "gesamt", "summe", "grand total")


class Line(NamedTuple):
    """What was spent on a day, in `currency`, for one campaign, ad group and ad."""

    day: date
    campaign_id: str
    campaign: str
    ad_group: str
    ad: str
    currency: str
    amount: Decimal
    impressions: int
    clicks: int


class Wrong(NamedTuple):
    line: int
    reason: str
    cells: list[str]


class Open(NamedTuple):
    """A column that can be read in several ways. readings: (what a mapping says, in words)."""

    target: str
    header: str
    example: str
    readings: list[tuple[str, str]]


@dataclass
class Report:
    """lines: added up by day, campaign, group and ad; refused and skipped: rows of the file; rows: how many became lines."""

    header: list[str] = field(default_factory=list)
    header_line: int = 0
    lines: list[Line] = field(default_factory=list)
    refused: list[Wrong] = field(default_factory=list)
    skipped: list[Wrong] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    rows: int = 0

    @property
    def sums(self) -> dict[str, Decimal]:
        """Return the money by currency."""
        found: dict[str, Decimal] = {}
        for line in self.lines:
            found[line.currency] = found.get(line.currency, Decimal(0)) + line.amount
        return found


class _Reader:
    def __init__(self, rows: Sequence[list[str]], mapping: Mapping) -> None:
        at = header_at(rows)
        self.report = Report(header=rows[at], header_line=at + 1)
        self.mapping = mapping
        places = {name: place for place, name in reversed(list(enumerate(rows[at])))}
        self.places = {target: places[name] for target, name in mapping.columns.items() if name in places}
        self.body = [(line, row) for line, row in enumerate(rows[at + 1 :], at + 2) if any(row)]
        self.day_form = self.decimal = ""
        self.currency = mapping.currency or currency_in(mapping.columns.get(AMOUNT, ""))

    def cell(self, row: Sequence[str], target: str) -> str:
        place = self.places.get(target, -1)
        return row[place] if 0 <= place < len(row) else ""

    def read(self) -> Report:
        report = self.report
        report.missing = [TARGETS[target] for target in NEEDED if target not in self.places]
        if not report.missing:
            self._decide()
        if not report.missing and not report.open:
            report.lines = added_up(self._lines())
        return report

    def _decide(self) -> None:
        """Choose how days and amounts are read; what two readings fit is left open."""
        rows = [row for _, row in self.body if not self._is_total(row)]
        days = readings_of_days(self.cell(row, DAY) for row in rows)
        numbers = readings_of_numbers(self.cell(row, AMOUNT) for row in rows)
        self.day_form = self._choice(DAY, self.mapping.day_form, days, DAY_WORDS, rows)
        self.decimal = self._choice(AMOUNT, self.mapping.decimal, numbers, DECIMALS, rows)

    def _choice(self, target: str, said: str, fits: list[str], words: dict[str, str], rows: list[list[str]]) -> str:
        if said in fits or len(fits) == 1:
            return said if said in fits else fits[0]
        if fits:
            name = self.mapping.columns[target]
            example = next((cell for row in rows if (cell := self.cell(row, target))), "")
            self.report.open.append(Open(target, name, example, [(each, words[each]) for each in fits]))
        return ""

    def _is_total(self, row: Sequence[str]) -> bool:
        first = next((cell for cell in row if cell), "").lower()
        return first.startswith(TOTALS) and not self._day(row)

    def _day(self, row: Sequence[str]) -> date | None:
        return read_day(self.cell(row, DAY), self.day_form)

    def _lines(self) -> Iterable[Line]:
        for number, row in self.body:
            if self._is_total(row):
                self.report.skipped.append(Wrong(number, "total", row))
                continue
            line = self._line(row)
            if isinstance(line, str):
                self.report.refused.append(Wrong(number, line, row))
            else:
                self.report.rows += 1
                yield line

    def _line(self, row: Sequence[str]) -> Line | str:
        day, money = self._day(row), read_number(self.cell(row, AMOUNT), self.decimal)
        if day is None:
            return f"“{self.cell(row, DAY)[:40]}” is no day"
        if money is None or not 0 <= money / self.mapping.scale < MOST_AMOUNT:
            return f"“{self.cell(row, AMOUNT)[:40]}” is no amount of money"
        currency = self.cell(row, CURRENCY).upper() or self.currency or currency_in(self.cell(row, AMOUNT))
        if not (len(currency) == 3 and currency.isalpha() and currency.isascii()):
            return (
                f"“{currency[:20]}” is no currency; write three letters like EUR" if currency else "names no currency"
            )
        counts = [self._count(row, target) for target in (IMPRESSIONS, CLICKS)]
        if None in counts:
            return "has an impression or click that is no whole number"
        campaign, group, ad = (self.cell(row, target)[:300] for target in (CAMPAIGN, GROUP, AD))
        amount = (money / self.mapping.scale).quantize(PLACES)
        return Line(
            day,
            self.cell(row, CAMPAIGN_ID)[:200],
            campaign,
            group,
            ad,
            currency,
            amount,
            counts[0] or 0,
            counts[1] or 0,
        )

    def _count(self, row: Sequence[str], target: str) -> int | None:
        found = read_number(self.cell(row, target), self.decimal or ".")
        return int(found) if found is not None and 0 <= found < MOST_COUNT and found == int(found) else None


def read_report(rows: Sequence[list[str]], mapping: Mapping) -> Report:
    """Return what the rows say; without lines while a needed column is missing, or one can be read in two ways."""
    return _Reader(rows, mapping).read()


def added_up(lines: Iterable[Line]) -> list[Line]:
    """Return the lines with those of the same day, campaign, group, ad and currency as one."""
    found: dict[tuple[date, str, str, str, str, str], list[Line]] = {}
    for line in lines:
        found.setdefault(line[:6], []).append(line)
    return [
        Line(*key, sum((one.amount for one in of), Decimal(0)), sum(one.impressions for one in of), sum(one.clicks for one in of))
        for key, of in sorted(found.items())
    ]  # fmt: skip
