"""The form that asks for what keeps a deal in its stage, and for nothing else."""

from typing import Any

from django import forms
from django.urls import reverse

from fullfunnel.core.pages import DayField, Form, MoneyField, PickField
from fullfunnel.crm.deals.facts import told_of
from fullfunnel.crm.deals.forms import people_options, person_called
from fullfunnel.crm.models import Bant, Deal
from fullfunnel.crm.said import Supplied
from fullfunnel.workspaces.models import Membership, User

DECIDER = "Decides"
AREA = {"rows": 3}


class WhatIsMissing(Form):
    """A field for each need that a deal does not meet. missing: of crm.needs.NEEDS; picks: whether it has a picker."""

    def __init__(self, data: Any = None, *, deal: Deal, missing: list[str]) -> None:
        super().__init__(data)
        self.deal, self.missing = deal, missing
        for need in missing:
            self.fields |= getattr(self, f"_{need}")()
        self.picks = "person" in self.fields
        if "amount" in self.fields:
            self.offer_currencies("amount", deal.currency, deal.workspace.currency)
        for at, field in enumerate(self.fields.values()):
            if at == 0:
                field.widget.attrs["autofocus"] = True
            if not isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect):
                field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def _amount(self) -> dict[str, forms.Field]:
        return {"amount": MoneyField(label="Amount")}

    def _closes_on(self) -> dict[str, forms.Field]:
        return {"closes_on": DayField(label="Expected to close")}

    def _next_step(self) -> dict[str, forms.Field]:
        return {"next_step": forms.CharField(label="Next step", max_length=300)}

    def _owner(self) -> dict[str, forms.Field]:
        users = [(user.public_id, str(user)) for user in self._users()]
        return {"owner": forms.ChoiceField(label="Who looks after it?", choices=[("", "Choose a member"), *users])}

    def _people(self) -> dict[str, forms.Field]:
        who = PickField(label="Who decides?" if "decider" in self.missing else "Who is on it?")
        workspace = self.deal.workspace
        who.widget.options_url = reverse("crm:people-options", args=[workspace.slug])
        who.by_words = lambda words: people_options(workspace, words)
        return {"person": who}

    def _decider(self) -> dict[str, forms.Field]:
        people = [(each.person.public_id, str(each.person)) for each in self.deal.people.select_related("person")]
        if not people:
            return self._people()
        return {"decider": forms.ChoiceField(label="Who decides?", choices=[("", "Choose who"), *people])}

    def _need(self) -> dict[str, forms.Field]:
        area = forms.Textarea(attrs=AREA)
        return {"need": forms.CharField(label="What they need", max_length=5_000, widget=area)}

    def _need_confirmed(self) -> dict[str, forms.Field]:
        asked = {} if self.deal.need.strip() else self._need()
        label = "They confirmed that they need this"
        sure = forms.BooleanField(label=label, error_messages={"required": "Tick it when they have said so."})
        sure.help_text = self.deal.need[:300]
        return asked | {"confirmed": sure}

    def _bant(self) -> dict[str, forms.Field]:
        which = forms.ChoiceField(label="Which is known?", choices=[("", "Choose which"), *Bant.choices])
        text = forms.CharField(label="What is known of it", max_length=5_000, widget=forms.Textarea(attrs=AREA))
        return {"bant": which, "bant_text": text}

    def _users(self) -> list[User]:
        members = Membership.objects.filter(workspace=self.deal.workspace).select_related("user")
        return [each.user for each in members.order_by("user__name", "pk")]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("person", "decider"):
            if given.get(name):
                given[name] = self.accept(person_called(self.deal.workspace, given[name], ""))
        return given

    def supplied(self) -> Supplied:
        """Return what a valid form says."""
        given = dict(self.cleaned_data)
        owner, people = given.pop("owner", ""), []
        for name in ("person", "decider"):
            if person := given.pop(name, None):
                people.append((person, DECIDER if "decider" in self.missing else ""))
        if given.pop("confirmed", False):
            given["need_is_assumed"] = False
        user = next((each for each in self._users() if each.public_id == owner), None)
        return Supplied(told_of(given), user, tuple(people))
