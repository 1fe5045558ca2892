"""The form that the forms of all rooms begin with."""

from typing import Any, TypeVar

from django import forms

from fullfunnel.core.pages.fields import CURRENCIES, MoneyField
from fullfunnel.core.refused import Refused

T = TypeVar("T")


class Form(forms.Form):
    """A form whose fields look like the product's, and which shows a refused action beside its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select) and not isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs["class"] = "form-select"
            elif not isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.CheckboxInput):
                field.widget.attrs["class"] = "form-control"

    def set_choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Offer these (value, label) in the field `name`."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices

    def offer_currencies(self, name: str, *first: str) -> None:
        """Offer in the field `name` these currencies first, then the usual ones; empty ones are left out."""
        field = self.fields[name]
        assert isinstance(field, MoneyField)  # noqa: S101 (for the type checker)
        field.offer(list(dict.fromkeys([*filter(None, first), *CURRENCIES])))

    def refusal(self) -> Refused:
        """Return what is wrong with a form that is not valid, as the refusal of an action."""
        sentences = [str(each) for errors in self.errors.values() for each in errors]
        return Refused(" ".join(sentences), next(iter(self.errors), ""))

    def accept(self, result: T | Refused) -> T | None:
        """Return what an action made of this form; None if it refused, and then the sentence stands beside its field."""
        if not isinstance(result, Refused):
            return result
        self.add_error(result.field if result.field in self.fields else None, result.sentence)
        return None
