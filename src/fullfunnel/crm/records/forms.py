"""What the pages of companies and the sales panel ask."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from fullfunnel.core.pages import DayField, Form, PickField
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.crm.actions.advocating import Advocacy
from fullfunnel.crm.actions.work import MAX_OUTCOME, MAX_TEXT, MAX_TITLE
from fullfunnel.crm.models import ActivityKind, Direction
from fullfunnel.crm.said import Done
from fullfunnel.people.models import Company, CompanyKind
from fullfunnel.workspaces.models import Membership, User, Workspace

OUTCOMES = ("reached", "no answer", "voicemail", "held", "not there", "moved to another day")
DAY_ENDS = time(17, 0)
CAUSE = "by-member-"


def members_of(workspace: Workspace) -> list[User]:
    """Return who may own something here, by name."""
    rows = Membership.objects.filter(workspace=workspace).select_related("user").order_by("user__name", "pk")
    return [each.user for each in rows]


class Log(Form):
    """What was done with somebody; log_activity says what the texts may be."""

    prefix = "log"
    kind = forms.ChoiceField(label="What", choices=ActivityKind.choices)
    direction = forms.ChoiceField(label="Who began", choices=[(Direction.OUT, "We did"), (Direction.IN, "They did")])
    outcome = forms.CharField(
        label="Outcome", required=False, widget=forms.TextInput({"maxlength": MAX_OUTCOME, "placeholder": "Reached"})
    )
    text = forms.CharField(
        label="What was said", required=False, widget=forms.Textarea({"rows": 2, "maxlength": MAX_TEXT})
    )

    kinds, outcomes = ActivityKind.choices, OUTCOMES
    directions = [(Direction.OUT, "We did"), (Direction.IN, "They did")]

    def done(self) -> Done:
        return Done(**self.cleaned_data)


class HandOverNow(Form):
    """Why a member hands somebody over. `cause` is of this form alone, so that sent twice it is one hand-over."""

    prefix = "hand-over"
    why = forms.CharField(label="Why now?", max_length=300, widget=forms.TextInput({"placeholder": "Asked for a demo"}))
    cause = forms.RegexField(r"^[A-Za-z0-9_-]{8,64}\Z", widget=forms.HiddenInput, initial=new_public_id)

    @property
    def cause_event(self) -> str:
        return CAUSE + str(self.cleaned_data["cause"])


class Advocate(Form):
    """What somebody did for us."""

    prefix = "advocate"
    what = forms.ChoiceField(
        label="What did they do?",
        choices=[
            (Advocacy.REVIEW, "Gave a review"),
            (Advocacy.REFERENCE, "Agreed to be a reference"),
            (Advocacy.REFERRED, "Came by somebody's word"),
        ],
    )
    rating = forms.ChoiceField(
        label="Stars, of a review",
        required=False,
        choices=[("", "–"), *((str(n), f"{n} of 5") for n in range(5, 0, -1))],
    )
    referred_by = PickField(label="By whose word", required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["referred_by"].widget.options_url = reverse("crm:people-options", args=[workspace.slug])


class NewTask(Form):
    """What somebody of us has to do, due at the end of a working day."""

    prefix = "task"
    title = forms.CharField(
        label="What is to be done", widget=forms.TextInput({"maxlength": MAX_TITLE, "placeholder": "Send the offer"})
    )
    due = DayField(label="Due", required=False)
    owner = forms.ChoiceField(label="Whose", required=False)

    def __init__(self, *args: Any, workspace: Workspace, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {each.public_id: each for each in members_of(workspace)}
        self.set_choices("owner", [(key, str(each)) for key, each in self.members.items()])
        self.fields["owner"].initial = user.public_id

    def task(self) -> dict[str, Any]:
        """Return what add_task is told."""
        day, owner = self.cleaned_data["due"], self.members.get(self.cleaned_data["owner"])
        due = datetime.combine(day, DAY_ENDS, timezone.get_current_timezone()) if day else None
        return {"title": self.cleaned_data["title"], "due_at": due, "owner": owner}


class EditCompany(Form):
    """A company's name, kind and owner; change_company says what a name may be."""

    name = forms.CharField(label="Name")
    kind = forms.ChoiceField(label="Kind", choices=CompanyKind.choices)
    owner = forms.ChoiceField(label="Owner", required=False)
    is_competitor = forms.BooleanField(label="A competitor", required=False)

    def __init__(self, *args: Any, workspace: Workspace, company: Company | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {each.public_id: each for each in members_of(workspace)}
        self.set_choices("owner", [("", "Nobody"), *((key, str(each)) for key, each in self.members.items())])
        if company is not None:
            self.initial = {
                "name": str(company),
                "kind": company.kind,
                "owner": company.owner.public_id if company.owner else "",
                "is_competitor": company.is_competitor,
            }

    def described(self) -> dict[str, Any]:
        """Return what change_company is told."""
        return {name: self.cleaned_data[name] for name in ("name", "kind", "is_competitor")}

    @property
    def owner_chosen(self) -> User | None:
        return self.members.get(self.cleaned_data["owner"])


class NewCompany(Form):
    """A company of which the stream has not heard."""

    name = forms.CharField(label="Name", widget=forms.TextInput({"placeholder": "Rehaklinik Talheim"}))
    kind = forms.ChoiceField(label="Kind", choices=CompanyKind.choices)
    domain = forms.CharField(
        label="Domain of its mail",
        required=False,
        help_text="Whoever writes from it belongs to the company.",
        widget=forms.TextInput({"placeholder": "rehaklinik-talheim.example"}),
    )
