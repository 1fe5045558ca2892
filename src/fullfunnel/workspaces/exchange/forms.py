from django import forms

from fullfunnel.core.pages import DayField, Form
from fullfunnel.workspaces.exchange.reading import MOST_BYTES


class TypedRate(Form):
    currency = forms.CharField(label="Currency", max_length=3, widget=forms.TextInput(attrs={"placeholder": "USD"}))
    day = DayField(label="From this day on", help_text="It holds until a later one.")
    rate = forms.CharField(
        label="One unit is worth", max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()


class RatesFile(Form):
    file = forms.FileField(
        label="The ECB's file",
        help_text=f"eurofxref.csv or eurofxref-hist.csv, unzipped, of at most {MOST_BYTES // 1_000_000} MB. Its days replace those here.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
