"""What a new lead is asked."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse

from fullfunnel.core.pages import Form, PickField, row_id
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.crm.actions.leads import FROM, Lead
from fullfunnel.crm.assigning.promises import rules_of
from fullfunnel.crm.deals.forms import people_options, person_named
from fullfunnel.crm.models import HandOver
from fullfunnel.crm.records.forms import members_of
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import User, Workspace
from fullfunnel.workspaces.sight import visible

NEW, POOL, RULE = "new", "pool", "rule"
# Both boxes are comboboxes over the list of who fits.
OVER_MATCHES = {
    "autocomplete": "off", "role": "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": "lead-options",
}  # fmt: skip


class Firm(PickField):
    """Cleans to the id of the company chosen (0: none), and the words that stand there."""

    def clean(self, value: Any) -> Any:
        words, chosen = value or ("", "")
        return (row_id(chosen), words[:300])


class NewLead(Form):
    """Who, how they are reached, where from. `person` comes with the matches: a public id, or NEW."""

    name = forms.CharField(
        label="Who",
        max_length=200,
        widget=forms.TextInput({"placeholder": "Lena Gruber", "autofocus": True, **OVER_MATCHES}),
    )
    contact = forms.CharField(
        label="Phone or mail",
        max_length=320,
        widget=forms.TextInput({"placeholder": "+43 316 555 0142", **OVER_MATCHES}),
    )
    company = Firm(label="Company", required=False)
    via = forms.ChoiceField(label="Where from", choices=list(FROM.items()), initial="phone", widget=forms.RadioSelect)
    referred_by = PickField(label="Referred by", required=False)
    about = forms.CharField(
        label="What is it about?",
        required=False,
        max_length=250,
        widget=forms.Textarea({"rows": 2, "placeholder": "Night shifts, wants a call back today"}),
    )
    goes_to = forms.ChoiceField(label="Goes to")
    cause = forms.RegexField(r"^[A-Za-z0-9_-]{8,64}\Z", widget=forms.HiddenInput, initial=new_public_id)

    def __init__(self, data: Any = None, *, workspace: Workspace, user: User, kept: Mapping[str, str] | None = None):
        """kept: what the lead before it said that holds for this one, too: where from, and to whom it goes."""
        super().__init__(data)
        self.workspace = workspace
        self.members = {each.public_id: each for each in members_of(workspace)}
        named = [(key, str(each)) for key, each in self.members.items()]
        by_rule = [(RULE, "whose turn it is")] if rules_of(workspace).by_turn else []
        self.set_choices("goes_to", [*named, *by_rule, (POOL, "the pool")])
        self.fields["goes_to"].initial = user.public_id
        for name, value in (kept or {}).items():
            if value in dict(self.fields[name].choices):  # type: ignore[attr-defined]
                self.fields[name].initial = value
        for name, url in (("company", "crm:company-options"), ("referred_by", "crm:people-options")):
            self.fields[name].widget.options_url = reverse(url, args=[workspace.slug])
        referrer = self.fields["referred_by"]
        assert isinstance(referrer, PickField)  # noqa: S101 (for the type checker)
        referrer.by_words = lambda words: people_options(workspace, words)

    def lead(self, person: Person | None) -> Lead:
        """Return what add_lead is told."""
        said = self.cleaned_data
        key, words = said["company"]
        named = Company.objects.filter(workspace=self.workspace, pk=key) if key else Company.objects.none()
        # One that is hidden is chosen by its whole name: a number alone opens nothing.
        company = visible(named).first() or named.filter(name__iexact=words.strip()).first()
        by = person_named(self.workspace, said["referred_by"] or "-")
        return Lead(
            name=said["name"], contact=said["contact"], via=said["via"], about=said["about"], person=person,
            company=company, company_name="" if company else words, referred_by=by,
            owner=self.members.get(said["goes_to"]), is_by_rule=said["goes_to"] == RULE, cause=said["cause"],
        )  # fmt: skip


def asks_again(made: HandOver, cause: str) -> bool:
    """Whether the lead was noted on a hand-over that was open already."""
    return made.cause_event != cause
