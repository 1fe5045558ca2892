from typing import Any

from django.forms import ChoiceField, Select

from fullfunnel.core.pages import Form
from fullfunnel.notices.kinds import HOWS, KINDS


class Choices(Form):
    """A field for each kind of notice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, each in KINDS.items():
            widget = Select(attrs={"class": "form-select"})
            self.fields[kind] = ChoiceField(label=each.label, choices=list(HOWS.items()), widget=widget)
