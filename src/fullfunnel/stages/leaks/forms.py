from typing import Any

from django import forms

from fullfunnel.core.pages import Form

# As browsers want a day.
DAY = "%Y-%m-%d"


class Give(Form):
    """To whom, and until when. Which day may be, give_leak says."""

    to = forms.ChoiceField(label="Give to", widget=forms.Select(attrs={"class": "form-select"}))
    due_on = forms.DateField(
        label="By", widget=forms.DateInput(format=DAY, attrs={"class": "form-control", "type": "date"})
    )

    def __init__(self, *args: Any, members: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(key), name) for key, name in members]  # type: ignore[attr-defined]


class Mend(Form):
    on = forms.DateField(
        label="Mended on", widget=forms.DateInput(format=DAY, attrs={"class": "form-control", "type": "date"})
    )


class Close(Form):
    reason = forms.CharField(
        label="Why it is no leak", max_length=300, widget=forms.TextInput(attrs={"class": "form-control"})
    )
