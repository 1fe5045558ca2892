"""What the page of a deal asks of its facts, each in its place."""

from typing import Any

from django import forms

from fullfunnel.core.pages import DayField, Form, Money, MoneyField
from fullfunnel.crm.models import Deal


class Facts(Form):
    """A deal's facts. Of what was sent only the fields that are named are read: the others stay. change_deal says what they may be."""

    name = forms.CharField(label="Name", required=False)
    amount = MoneyField(label="Amount", required=False)
    closes_on = DayField(label="Closes", required=False)
    next_step = forms.CharField(
        label="Next step",
        required=False,
        widget=forms.TextInput({"maxlength": 300, "placeholder": "Call about the offer"}),
    )
    next_step_on = DayField(label="On", required=False)
    need = forms.CharField(required=False)
    need_is_assumed = forms.CharField(required=False)
    bant = forms.CharField(required=False)
    bant_text = forms.CharField(required=False)
    bant_is_assumed = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, deal: Deal, auto_id: str = "edit-%s", is_blank: bool = False) -> None:
        super().__init__(data, auto_id=auto_id, initial={} if is_blank else _facts_of(deal))
        self.offer_currencies("amount", deal.currency, deal.workspace.currency)
        if data is not None:
            for name in set(self.fields) - set(data):
                del self.fields[name]

    def changes(self) -> dict[str, Any]:
        """Return what change_deal is told."""
        return told_of(self.cleaned_data)


def told_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return what forms say of a deal by the names of its fields: money is an amount and a currency."""
    told = dict(cleaned)
    money: Money | None = told.get("amount")
    if money is not None:
        told |= {"amount": money.amount, "currency": money.currency}
    return told


def _facts_of(deal: Deal) -> dict[str, Any]:
    amount = None if deal.amount is None else Money(deal.amount, deal.currency or deal.workspace.currency)
    return {"name": deal.name, "amount": amount, "closes_on": deal.closes_on, "next_step": deal.next_step,
            "next_step_on": deal.next_step_on}  # fmt: skip
