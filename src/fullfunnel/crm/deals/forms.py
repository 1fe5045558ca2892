"""What the pages of deals ask."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse

from fullfunnel.core.pages import DayField, Form, MoneyField, Option, PickField, row_id
from fullfunnel.core.pages.picking import MAX_OPTIONS
from fullfunnel.core.refused import Refused
from fullfunnel.crm.deals.facts import told_of
from fullfunnel.crm.models import LostReason, PipelineStage, SaidBy
from fullfunnel.crm.pipelines import lost_reasons_of
from fullfunnel.crm.said import Lost
from fullfunnel.people.models import Company, Person
from fullfunnel.people.search import search_people
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.sight import visible

ONE_MORE = "new"
HALF = MAX_OPTIONS // 2


class WhyLost(Form):
    """Why a deal was lost."""

    reason = forms.ChoiceField(label="Why was it lost?", widget=forms.Select)
    text = forms.CharField(
        label="In their words", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    competitor = forms.CharField(
        label="Lost to", required=False, max_length=200, help_text="A competitor, if there was one."
    )
    said_by = forms.ChoiceField(
        label="Who said so?", required=False, choices=[("", "Not known"), *SaidBy.choices], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons: dict[str, LostReason] = {each.public_id: each for each in lost_reasons_of(workspace)}
        offered = [("", "Choose the reason"), *((key, each.name) for key, each in self.reasons.items())]
        self.set_choices("reason", offered)

    def said(self) -> Lost:
        """Return what a valid form says."""
        given = self.cleaned_data
        return Lost(self.reasons[given["reason"]], given["text"], given["competitor"], given["said_by"])


class NewDeal(Form):
    """For whom, and the first things known of it."""

    customer = PickField(label="For whom", help_text="A person or a company.")
    name = forms.CharField(
        label="Name", required=False, max_length=200, help_text="Left empty, it is called as its company."
    )
    amount = MoneyField(label="Amount", required=False)
    closes_on = DayField(label="Expected to close", required=False)
    stage = forms.ChoiceField(label="Stage")
    need = forms.CharField(label="What they need", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    join = forms.ChoiceField(label="Which deal is it?", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, workspace: Workspace, stages: list[PipelineStage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        self.offer_currencies("amount", workspace.currency)
        self.fields["customer"].widget.options_url = reverse("crm:customer-options", args=[workspace.slug])
        pick = self.fields["customer"]
        assert isinstance(pick, PickField)  # noqa: S101 (for the type checker)
        pick.by_words = lambda words: customers(workspace, words)
        self.set_choices("stage", [(each.public_id, f"{each.pipeline.name}: {each.name}") for each in stages])
        self.stages = {each.public_id: each for each in stages}
        self.fields["join"].widget = forms.HiddenInput()

    def ask_which(self, deals: Iterable[tuple[str, str]]) -> None:
        """Ask whether it is one of the open deals of that customer."""
        field = self.fields["join"]
        field.widget = forms.RadioSelect()
        self.set_choices("join", [*deals, (ONE_MORE, "None of these: open one more")])

    def details(self) -> dict[str, Any]:
        """Return what a valid form says of the deal; what was left empty is left out."""
        names = ("name", "amount", "closes_on", "need")
        return told_of({name: self.cleaned_data[name] for name in names if self.cleaned_data[name]})


def people_options(workspace: Workspace, words: str) -> list[Option]:
    """Return the people whom these words fit, as a picker offers them."""
    if len(words) < 2:
        return []
    found = visible(search_people(workspace, words)).select_related("company")[:MAX_OPTIONS]
    return [Option(each.public_id, str(each), str(each.company or each.email)) for each in found]


def customers(workspace: Workspace, words: str) -> list[Option]:
    """Return the people and companies whom these words fit."""
    people = [Option(f"p:{each.value}", each.label, each.fact, "People") for each in people_options(workspace, words)]
    rows = visible(Company.objects.filter(workspace=workspace, name__icontains=words)).order_by("name", "pk")
    shown = rows[:HALF] if len(words) > 1 else rows.none()
    companies = [Option(f"c:{each.pk}", str(each), each.domain, "Companies") for each in shown]
    return [*companies, *people[: MAX_OPTIONS - len(companies)]]


def customer_named(workspace: Workspace, value: str) -> Person | Company | None:
    """Return whom a picked value means: "p:" and a person's public id, "c:" and a company's number."""
    kind, _, name = value.partition(":")
    if kind == "c":
        return visible(Company.objects.filter(workspace=workspace, pk=row_id(name))).first()
    return person_named(workspace, name) if kind == "p" else None


def person_named(workspace: Workspace, public_id: str) -> Person | None:
    """Return the visible person with this public id."""
    return visible(Person.objects.filter(workspace=workspace, public_id=public_id[:64])).first()


def person_called(workspace: Workspace, public_id: str, words: str) -> Person | Refused:
    """Return the person that was picked; without JavaScript the only one whom the words fit."""
    found = person_named(workspace, public_id) if public_id else None
    if found is not None:
        return found
    people: list[Person] = list(visible(search_people(workspace, words))[:2]) if len(words.strip()) > 1 else []
    if len(people) == 1:
        return people[0]
    return Refused("Choose a person from the list: type a part of the name or address.", "person")
