from typing import Any

from django import forms

from fullfunnel.core.pages import Form
from fullfunnel.stages.page_kinds import TITLES


class PageKinds(Form):
    """A box a kind of page, a path a line. What a path must be, set_page_kinds says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, title in TITLES.items():
            self.fields[kind] = forms.CharField(
                label=title,
                required=False,
                max_length=30_000,
                widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
            )

    def pages(self) -> dict[str, list[str]]:
        """Return the patterns of each kind."""
        return {kind: str(self.cleaned_data[kind]).split() for kind in TITLES}


class ByScore(Form):
    """Who is handed over by score. What a score must be, set_score_rule says."""

    is_on = forms.BooleanField(label="Hand people over by score", required=False)
    fit = forms.IntegerField(
        label="Fit of at least", widget=forms.NumberInput(attrs={"class": "form-control", "min": 1, "max": 100})
    )
    engagement = forms.IntegerField(
        label="Engagement of at least", widget=forms.NumberInput(attrs={"class": "form-control", "min": 1, "max": 100})
    )


class Served(Form):
    """Which postcodes are served. What a postcode is, set_served_postcodes says."""

    postcodes = forms.CharField(
        label="Postcodes, one a line",
        required=False,
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "form-control", "placeholder": "80331\n81*"}),
    )
