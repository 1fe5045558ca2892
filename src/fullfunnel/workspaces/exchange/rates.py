"""What money of another currency is worth in the workspace's on a day. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Rates:
    """Rates into the currency `into`. by_currency: for each other one its days, in order, and their rates."""

    into: str
    by_currency: Mapping[str, tuple[tuple[date, ...], tuple[Decimal, ...]]] = field(default_factory=dict)

    def rate_on(self, currency: str, day: date) -> Decimal | None:
        """Return what one unit of `currency` is worth: the rate of the day, or the latest before it; None where there is none."""
        if currency == self.into:
            return Decimal(1)
        days, rates = self.by_currency.get(currency, ((), ()))
        at = bisect_right(days, day)
        return rates[at - 1] if at else None

    def converted(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        """Return the amount in `into`, with four places; None without a rate."""
        rate = self.rate_on(currency, day)
        return None if rate is None else (amount * rate).quantize(PLACES)


def rates_into(into: str, rows: Iterable[tuple[str, date, Decimal]]) -> Rates:
    """Make rates of (currency, day, rate), in any order."""
    sorted_rows: dict[str, list[tuple[date, Decimal]]] = {}
    for currency, day, rate in sorted(rows):
        sorted_rows.setdefault(currency, []).append((day, rate))
    return Rates(into, {name: (tuple(d for d, _ in of), tuple(r for _, r in of)) for name, of in sorted_rows.items()})
