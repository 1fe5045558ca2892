from typing import Any

from django import forms

from fullfunnel.core.pages import Form
from fullfunnel.core.texts import LANGUAGES
from fullfunnel.workspaces.wording.own import LONGEST
from fullfunnel.workspaces.wording.shown import PLACES

SEARCH = {"type": "search", "placeholder": "Search by text or key"}


class Find(Form):
    q = forms.CharField(
        label="Search", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    place = forms.ChoiceField(
        label="Place", required=False, choices=[("", "Every place"), *((each.key, each.label) for each in PLACES)]
    )
    language = forms.ChoiceField(label="Language", required=False, choices=[("", "Every language"), *LANGUAGES.items()])
    own = forms.BooleanField(label="Only what you changed", required=False)


class Text(Form):
    text = forms.CharField(
        label="Your text", max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(self, *args: Any, look_url: str, **kwargs: Any) -> None:
        """look_url: of the picture that follows what is typed."""
        super().__init__(*args, **kwargs)
        live = {"hx-post": look_url, "hx-trigger": "input delay:250ms", "hx-target": "#tried", "hx-swap": "innerHTML"}
        self.fields["text"].widget.attrs |= live

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())
