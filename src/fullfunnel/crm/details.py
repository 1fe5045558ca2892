"""What a deal says of itself, as forms and programs give it: read into values, or refused. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from fullfunnel.core.numbers import number
from fullfunnel.core.pages.amounts import exact_amount, read_amount
from fullfunnel.core.refused import Refused
from fullfunnel.events.values import currency_code

BANT = ("budget", "authority", "timing")
LONGEST = {"name": 200, "next_step": 300, "need": 5_000, "bant_text": 5_000}
FOUR_PLACES = Decimal("0.0001")
# Changes of these are rows of their own, and figures.
FIGURES = ("amount", "currency", "closes_on")


def read_details(given: Mapping[str, Any]) -> dict[str, Any] | Refused:
    """Return the details by the names of Deal's fields; Refused for the first that no deal could have. Absent stays absent."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in READERS:
            return Refused(f"A deal has no {name}; it has {', '.join(sorted(READERS))}.", name)
        read = READERS[name](name, value)
        if isinstance(read, Refused):
            return read
        found[name] = read
    return found


def read_day(value: Any) -> date | None:
    """Return a day; None without one. ValueError for what is no day."""
    if isinstance(value, date) or value is None or value == "":
        return value or None
    return date.fromisoformat(str(value).strip()[:10])


def _text(name: str, value: Any) -> str | Refused:
    text = "" if value is None else str(value).strip()
    if len(text) > LONGEST[name]:
        return Refused(f"This has at most {number(LONGEST[name])} characters; it has {number(len(text))}.", name)
    if name == "name" and not text:
        return Refused("A deal needs a name.", name)
    return text


def _amount(name: str, value: Any) -> Decimal | Refused | None:
    if value is None or value == "":
        return None
    is_number = isinstance(value, Decimal | int)
    return exact_amount(Decimal(value), field=name) if is_number else read_amount(str(value), field=name)


def _currency(name: str, value: Any) -> str | Refused:
    code = currency_code(str(value or ""))
    return code if code or not value else Refused(f"'{str(value)[:40]}' is no currency; write one like EUR.", name)


def _day(name: str, value: Any) -> date | Refused | None:
    try:
        return read_day(value)
    except ValueError:
        return Refused(f"'{str(value)[:40]}' is no day; write one like 2026-12-18.", name)


def _flag(name: str, value: Any) -> bool:
    return bool(value)


def _bant(name: str, value: Any) -> str | Refused:
    if value and value not in BANT:
        return Refused(f"'{str(value)[:40]}' is not one of {', '.join(BANT)}.", name)
    return str(value or "")


READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "name": _text,
    "amount": _amount,
    "currency": _currency,
    "closes_on": _day,
    "next_step": _text,
    "next_step_on": _day,
    "need": _text,
    "need_is_assumed": _flag,
    "bant": _bant,
    "bant_text": _text,
    "bant_is_assumed": _flag,
}
