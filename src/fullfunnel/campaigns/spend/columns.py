"""How the cells of a column are read: a day's order and a number's decimal sign are decided by the whole column, never by a cell."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

# What platforms write where nothing was spent.
NOTHING = ("", "-", "--", "–", "—", "n/a", "null")
_SIGNS = re.compile(r"[€£$¥]|\b[A-Z]{3}\b")
_POINT = re.compile(r"-?\d{1,3}(?:[,'’  ]\d{3})*(?:\.\d*)?|-?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?")
_COMMA = re.compile(r"-?\d{1,3}(?:[.'’  ]\d{3})*(?:,\d*)?|-?\d+(?:,\d*)?")
DECIMALS = {".": "1,234.56", ",": "1.234,56"}


def _slashed(first: str) -> Callable[[str], date | None]:
    def read(text: str) -> date | None:
        found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T].*)?", text)
        if found is None:
            return None
        one, other, year = (int(part) for part in found.groups())
        month, day = (one, other) if first == "month" else (other, one)
        return _date(year + 2000 if year < 100 else year, month, day)

    return read


def _iso(text: str) -> date | None:
    found = re.match(r"(\d{4})-?(\d{2})-?(\d{2})(?=$|[ T])", text) or re.fullmatch(
        r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T].*)?", text
    )
    return _date(*(int(part) for part in found.groups())) if found else None


def _named(text: str) -> date | None:
    for form in ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%a, %b %d, %Y", "%d-%b-%Y", "%d-%b-%y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


DAYS: Mapping[str, Callable[[str], date | None]] = {
    "iso": _iso, "named": _named, "month-first": _slashed("month"), "day-first": _slashed("day"),
}  # fmt: skip
DAY_WORDS = {
    "iso": "2026-05-31", "named": "May 31, 2026", "month-first": "5/31/2026, the month first", "day-first": "31.5.2026, the day first",
}  # fmt: skip


def readings_of_days(cells: Iterable[str]) -> list[str]:
    """Return the forms that fit every cell which looks like a day at all; [] where none fits most of them."""
    given = [cell for cell in cells if re.search(r"\d", cell)]
    counts = {name: sum(read(cell) is not None for cell in given) for name, read in DAYS.items()}
    best = max(counts.values(), default=0)
    return [name for name, many in counts.items() if many == best] if best else []


def read_day(text: str, form: str) -> date | None:
    return DAYS[form](text) if form in DAYS else None


def readings_of_numbers(cells: Iterable[str]) -> list[str]:
    """Return the decimal signs with which the column can be read, one where both say the same numbers."""
    given = [bare for cell in cells if (bare := _bare(cell)).lower() not in NOTHING]
    fits = [sign for sign in DECIMALS if all(read_number(cell, sign) is not None for cell in given)]
    if len(fits) == 2 and all(read_number(cell, ".") == read_number(cell, ",") for cell in given):
        return ["."]
    if not fits:
        counts = {sign: sum(read_number(cell, sign) is not None for cell in given) for sign in DECIMALS}
        return [max(counts, key=lambda sign: counts[sign])] if any(counts.values()) else []
    return fits


def read_number(text: str, decimal: str) -> Decimal | None:
    """Return the number in a cell; 0 for nothing, None for what is none."""
    bare = _bare(text)
    if bare.lower() in NOTHING:
        return Decimal(0)
    pattern, groups = (_POINT, "[,'’  ]") if decimal == "." else (_COMMA, "[.'’  ]")
    if not pattern.fullmatch(bare):
        return None
    return Decimal(re.sub(groups, "", bare).replace(",", "."))


def currency_in(text: str) -> str:
    """Return the currency that a header or a cell names: "Amount spent (EUR)", "€12.30"; "" for none."""
    signs = {"€": "EUR", "£": "GBP", "$": "USD"}
    found = re.search(r"\b(EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|AUD|CAD|JPY)\b", text)
    return found[1] if found else next((code for sign, code in signs.items() if sign in text), "")


def _bare(text: str) -> str:
    return _SIGNS.sub("", text).strip().strip("\u00a0").strip()
