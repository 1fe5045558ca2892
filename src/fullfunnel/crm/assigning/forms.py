"""What the pages of sharing out ask."""

from collections.abc import Sequence
from typing import Any

from django import forms

from fullfunnel.core.pages import Form
from fullfunnel.crm.assigning.territories import OPERATORS
from fullfunnel.crm.assigning.turn import Candidate
from fullfunnel.crm.models import WhenLate
from fullfunnel.workspaces.models import Membership

HOUR = 60


class Rules(Form):
    by_turn = forms.BooleanField(
        label="Give new leads to sellers by turn",
        required=False,
        help_text="To whom looks after the company first, then to who got fewest for their share. Else they wait in the pool.",
    )
    answer_hours = forms.DecimalField(
        label="First answer within (working hours)", min_value=0, max_digits=7, decimal_places=2
    )
    when_late = forms.ChoiceField(label="When it is late", choices=WhenLate.choices, widget=forms.RadioSelect)
    age_out_days = forms.IntegerField(
        label="Ages out after (working days)", min_value=0, help_text="Of eight working hours each."
    )
    status_days = forms.IntegerField(
        label="Sales decides within (working days)", required=False, min_value=0, help_text="Empty: not promised."
    )
    hand_overs_a_month = forms.IntegerField(
        label="Marketing hands over each month", required=False, min_value=0, help_text="Empty: not promised."
    )

    @property
    def rules(self) -> dict[str, Any]:
        """As actions.set_sales_rules takes them."""
        given = dict(self.cleaned_data)
        return given | {"answer_minutes": round(given.pop("answer_hours") * HOUR)}


class NewTerritory(Form):
    user = forms.ChoiceField(label="Who", choices=[])
    countries = forms.CharField(label="Countries", required=False, max_length=200, help_text="Like DE, AT.")
    postcodes = forms.CharField(
        label="Postcodes", required=False, max_length=1000, help_text="Like 80000-81999, 1010, 4*."
    )
    name = forms.CharField(
        label="And this property", required=False, max_length=100, help_text="Of them or their company."
    )
    op = forms.ChoiceField(label="compares", choices=list(OPERATORS.items()))
    value = forms.CharField(label="with", required=False, max_length=200)

    def __init__(self, *args: Any, members: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("user", [(str(each.user_id), str(each.user)) for each in members])

    @property
    def territory(self) -> dict[str, Any]:
        """As actions.add_territory takes it, without the user."""
        given = self.cleaned_data
        condition = [{each: given[each] for each in ("name", "op", "value")}] if given["name"] else []
        codes = given["countries"].replace(";", ",").split(",")
        return {"countries": codes, "postcodes": given["postcodes"], "conditions": condition}


class ShareOut(Form):
    """How many each gets."""

    def __init__(
        self, *args: Any, candidates: Sequence[Candidate], suggested: dict[int | str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for each in candidates:
            room = "any number" if each.capacity is None else f"{each.capacity}"
            self.fields[f"to_{each.id}"] = forms.IntegerField(
                label=each.name, required=False, min_value=0, initial=suggested.get(each.id, 0),
                help_text=f"{each.open} wait with them, of {room}." if each.is_here else "Is away.",
                widget=forms.NumberInput(attrs={"class": "form-control"}),
            )  # fmt: skip

    @property
    def numbers(self) -> dict[int, int]:
        """A user's id -> how many they get."""
        return {int(name[3:]): number or 0 for name, number in self.cleaned_data.items()}
