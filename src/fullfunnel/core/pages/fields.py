"""Fields of forms that people type freely: money and days. What is unclear is refused with what would be clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from fullfunnel.core.pages.amounts import read_amount
from fullfunnel.core.pages.days import read_day
from fullfunnel.core.refused import Refused

CURRENCIES = ("EUR", "CHF", "GBP", "USD")
OF_CURRENCY = ".currency"
_SHORT = (Decimal(1), Decimal("0.01"), Decimal("0.0001"))


@dataclass(frozen=True)
class Money:
    """An amount with four places, in a currency of ISO 4217."""

    amount: Decimal
    currency: str

    @property
    def typed(self) -> str:
        """As it stands in a field: "9600" or "9600.50"."""
        shortest = next(each for each in _SHORT if self.amount.quantize(each) == self.amount)
        return str(self.amount.quantize(shortest))


class MoneyInput(forms.Widget):
    template_name = "core/_money.html"
    currencies: Sequence[str] = CURRENCIES

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        typed, currency = (value.typed, value.currency) if isinstance(value, Money) else value or ("", "")
        offered = dict.fromkeys([*([currency] if currency else []), *self.currencies])
        return context | {"typed": typed, "currency": currency or self.currencies[0], "currencies": sorted(offered)}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        """(what is typed, the currency)"""
        return str(data.get(name, "")).strip(), str(data.get(name + OF_CURRENCY, "")).strip()


class MoneyField(forms.Field):
    """Cleans to Money, or None. `currencies`: those that a workspace works with, its own first."""

    widget = MoneyInput

    def __init__(self, *, currencies: Sequence[str] = CURRENCIES, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offer(currencies)

    def offer(self, currencies: Sequence[str]) -> None:
        """Offer these currencies from now on, the first where none is said."""
        self.currencies = currencies
        if isinstance(self.widget, MoneyInput):
            self.widget.currencies = currencies

    def clean(self, value: Any) -> Money | None:
        typed, currency = value or ("", "")
        if not typed:
            _refuse_nothing(self)
            return None
        amount = read_amount(typed)
        if isinstance(amount, Refused):
            raise ValidationError(amount.sentence)
        currency = currency or self.currencies[0]
        if currency not in self.currencies:
            raise ValidationError(f"“{currency[:10]}” is not offered here; choose {' or '.join(self.currencies)}.")
        return Money(amount, currency)


class DayInput(forms.TextInput):
    template_name = "core/_day.html"

    def format_value(self, value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str(value or "")


class DayField(forms.Field):
    """Cleans to a date, or None. Words are read as of today in the workspace's zone."""

    widget = DayInput

    def clean(self, value: Any) -> date | None:
        typed = str(value or "").strip()
        if not typed:
            _refuse_nothing(self)
            return None
        day = read_day(typed, timezone.localdate())
        if isinstance(day, Refused):
            raise ValidationError(day.sentence)
        return day


def _refuse_nothing(field: forms.Field) -> None:
    if field.required:
        raise ValidationError(f"{field.label or 'This'} is needed.")
