"""Write numbers, money and durations, in the locale of who reads them (core.texts.locales).

A dash means no data. Spaces before % and units do not break.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fullfunnel.core.texts import locales

NO_DATA = "–"
NBSP = "\u00a0"
SHOW_N_BELOW = 100
NO_PERCENT_BELOW = 20
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
WITHOUT_CENTS = {"JPY", "KRW", "ISK", "HUF", "CLP", "VND"}


def number(value: Any) -> str:
    """1204 -> "1,204"; 3.14159 -> "3.1"; None -> the dash."""
    if value is None:
        return NO_DATA
    if isinstance(value, int):
        return locales.digits(f"{value:,}")
    if value == int(value):
        return locales.digits(f"{int(value):,}")
    return locales.digits(f"{value:,.1f}")


def percent(share: float | None) -> str:
    """Write a share: one decimal below 10 % and from 99 to 99.9 %, so that nearly all is not all."""
    if share is None:
        return NO_DATA
    value = Decimal(str(share)) * 100
    size = abs(value)
    if 0 < size < Decimal("0.1"):
        return f"<{NBSP}{locales.digits('0.1')}{NBSP}%"
    tenths = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if (abs(tenths) < 10 and tenths != 0) or 99 <= size <= Decimal("99.9"):
        return locales.digits(f"{tenths:,}{NBSP}%")
    return locales.digits(f"{value.quantize(Decimal(1), ROUND_HALF_UP):,}{NBSP}%")


def percent_of(part: int | None, whole: int | None) -> str:
    """Write a part of a whole: with n below 100, only counts below 20."""
    if part is None or whole is None:
        return NO_DATA
    if whole < NO_PERCENT_BELOW:
        return locales.digits(f"{part:,} of {whole:,}")
    said = percent(part / whole)
    return f"{said} (n{NBSP}={NBSP}{whole})" if whole < SHOW_N_BELOW else said


def duration(seconds: float | None) -> str:
    """Write the two largest units: "2 d 4 h", "3 min 20 s"; below a second "< 1 s"."""
    if seconds is None:
        return NO_DATA
    left = round(abs(seconds))
    if left == 0:
        return f"0{NBSP}s" if seconds == 0 else f"<{NBSP}1{NBSP}s"
    if left >= 3600:
        left = round(left / 60) * 60
    if left >= 86_400:
        left = round(left / 3600) * 3600
    parts: list[tuple[int, str]] = []
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count or parts:
            parts.append((count, unit))
    shown = [f"{number(count)}{NBSP}{unit}" for count, unit in parts[:2] if count]
    return ("−" if seconds < 0 else "") + NBSP.join(shown)


def exact_duration(seconds: float) -> str:
    """Write all units: "3 d 4 h 30 min", "250 ms"."""
    parts, left = [], round(seconds * 1_000_000)
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        count, left = divmod(left, size * 1_000_000)
        parts += [f"{count:,}{NBSP}{unit}"] if count else []
    unit, size = ("ms", 1_000) if 0 < left < 1_000_000 and not parts else ("s", 1_000_000)
    parts += [f"{(Decimal(left) / size).normalize():f}{NBSP}{unit}"] if left or not parts else []
    return NBSP.join(parts)


def money(amount: Decimal | int | None, currency: str) -> str:
    """Write an exact amount: "€1,234.50", "−$3.00", "NOK 1,234.50"."""
    if amount is None:
        return NO_DATA
    exact = Decimal(amount)
    places = Decimal(1) if currency in WITHOUT_CENTS else Decimal("0.01")
    digits = locales.digits(f"{abs(exact).quantize(places, ROUND_HALF_UP):,}")
    symbol, minus = SYMBOLS.get(currency), "−" if exact < 0 else ""
    if locales.current().money_after:
        return f"{minus}{digits}{NBSP}{symbol or currency}"
    return minus + (f"{symbol}{digits}" if symbol else f"{currency}{NBSP}{digits}")


@dataclass(frozen=True)
class Change:
    direction: int
    words: str


def change(now: float | None, before: float | None, base: str) -> Change:
    """Write a relative change and its base; no percentage on a base below 20."""
    if now is None or before is None:
        return Change(0, f"nothing to compare with in {base}")
    if now == before:
        return Change(0, f"as many as in {base} ({number(before)})")
    direction = 1 if now > before else -1
    comparison = "more" if direction > 0 else "fewer"
    if before < NO_PERCENT_BELOW:
        return Change(direction, f"{number(abs(now - before))} {comparison} than in {base} ({number(before)})")
    return Change(direction, f"{percent(abs(now - before) / before)} {comparison} than in {base} ({number(before)})")
