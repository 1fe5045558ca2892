"""How somebody writes numbers, money, days and times of day. The words stay English; periods are cut in the workspace's zone.

`using(locale, zone)` holds for the request; without it everything is written as in Britain, in the current zone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from zoneinfo import ZoneInfo

NBSP = "\u00a0"


@dataclass(frozen=True)
class Locale:
    """`month_first`: "Oct 14, 2026"; `money_after`: "1.234,50 €"; `half_days`: "3:04 pm"."""

    code: str
    label: str
    group: str = ","
    decimal: str = "."
    month_first: bool = False
    money_after: bool = False
    half_days: bool = False


BRITISH = Locale("en-GB", "English (United Kingdom)")
LOCALES = {
    each.code: each
    for each in (
        BRITISH,
        Locale("en-US", "English (United States)", month_first=True, half_days=True),
        Locale("de-DE", "German (Germany)", ".", ",", money_after=True),
        Locale("de-AT", "German (Austria)", NBSP, ","),
        Locale("de-CH", "German (Switzerland)", "’", "."),
        Locale("fr-FR", "French (France)", NBSP, ",", money_after=True),
        Locale("it-IT", "Italian (Italy)", ".", ",", money_after=True),
        Locale("es-ES", "Spanish (Spain)", ".", ",", money_after=True),
        Locale("nl-NL", "Dutch (Netherlands)", ".", ","),
        Locale("pl-PL", "Polish (Poland)", NBSP, ",", money_after=True),
        Locale("sv-SE", "Swedish (Sweden)", NBSP, ",", money_after=True),
    )
}


@dataclass(frozen=True)
class Reader:
    """Who reads what is written: their locale, and the zone of their times of day (None: the current one)."""

    locale: Locale = BRITISH
    zone: ZoneInfo | None = None


_reader: ContextVar[Reader] = ContextVar("reader", default=Reader())  # noqa: B039 (frozen)


@contextmanager
def using(code: str, zone: str = "") -> Iterator[None]:
    """Write as in the locale `code` and the zone inside; unknown or empty: as in Britain, in the current zone."""
    token = _reader.set(Reader(LOCALES.get(code, BRITISH), ZoneInfo(zone) if zone else None))
    try:
        yield
    finally:
        _reader.reset(token)


def current() -> Locale:
    return _reader.get().locale


def own_zone() -> ZoneInfo | None:
    """Return the reader's zone; None: the current one."""
    return _reader.get().zone


def digits(text: str) -> str:
    """Write digits grouped as in "1,234.5" as the reader does."""
    locale = current()
    return text if locale is BRITISH else text.translate({ord(","): locale.group, ord("."): locale.decimal})
