from collections.abc import Sequence
from typing import Any

from django import forms

from fullfunnel.campaigns.actions.campaigns import Plan
from fullfunnel.campaigns.actions.content import Description
from fullfunnel.campaigns.models import Piece, Status
from fullfunnel.campaigns.spend.platforms import PLATFORMS
from fullfunnel.core.pages import DayField, Form, MoneyField
from fullfunnel.workspaces.models import Membership, User, Workspace

PLATFORM_CHOICES = [(each.name, each.title) for each in PLATFORMS.values()]
# What GA4's grouping knows, where no visit came yet.
USUAL = ("Paid Search", "Paid Social", "Organic Search", "Email", "Referral", "Display", "Organic Social", "Direct")


def owners_of(workspace: Workspace) -> dict[str, User]:
    members = Membership.objects.filter(workspace=workspace).select_related("user").order_by("user__name")
    return {member.user.public_id: member.user for member in members}


class WithOwner(Form):
    """A form in which a member can be chosen as owner."""

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = owners_of(workspace)
        self.set_choices("owner", [("", "Nobody"), *((key, str(user)) for key, user in self.owners.items())])

    def clean_owner(self) -> User | None:
        return self.owners.get(self.cleaned_data["owner"])


class EditCampaign(WithOwner):
    name = forms.CharField(label="Name", max_length=200)
    channel = forms.ChoiceField(label="Channel", choices=[])
    source = forms.CharField(label="utm_source", max_length=200, required=False)
    medium = forms.CharField(label="utm_medium", max_length=200, required=False)
    tags = forms.CharField(
        label="Values of utm_campaign",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line. Empty: everybody of the channel who comes without a campaign, such as readers of articles.",
    )
    platform = forms.ChoiceField(
        label="Platform that reports its spend", required=False, choices=[("", "None"), *PLATFORM_CHOICES]
    )
    platform_id = forms.CharField(label="Its id there", max_length=200, required=False)
    budget = MoneyField(label="Budget", required=False)
    first = DayField(label="From", required=False)
    last = DayField(label="To", required=False)
    owner = forms.ChoiceField(label="Owner", required=False, choices=[])
    status = forms.ChoiceField(label="Status", choices=Status.choices, initial=Status.RUNNING)

    def __init__(self, *args: Any, channels: Sequence[str], workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, workspace=workspace, **kwargs)
        self.set_choices("channel", [(name, name) for name in dict.fromkeys([*channels, *USUAL])])
        self.offer_currencies("budget", workspace.currency)

    def plan(self) -> Plan:
        """Return what was said. Call it when the form is valid."""
        said = dict(self.cleaned_data)
        budget = said.pop("budget")
        said["tags"] = tuple(str(said["tags"]).splitlines())
        return Plan(**said, budget=budget.amount if budget else None, currency=budget.currency if budget else "")


class TypedSpend(Form):
    campaign = forms.ChoiceField(label="Campaign", choices=[])
    first = DayField(label="Day, or the first of several")
    last = DayField(label="Last day", required=False, help_text="The money is spread evenly over the days.")
    money = MoneyField(label="Spent")
    impressions = forms.IntegerField(label="Impressions", required=False, min_value=0, max_value=10**12)
    clicks = forms.IntegerField(label="Clicks", required=False, min_value=0, max_value=10**12)

    def __init__(self, *args: Any, campaigns: Sequence[tuple[str, str]], workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("campaign", list(campaigns))
        self.offer_currencies("money", workspace.currency)


class ReportFile(Form):
    file = forms.FileField(
        label="Report",
        help_text="As the platform gives it, CSV or Excel. Title lines, totals, tabs and UTF-16 are understood; days that are here already are replaced.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class TagLink(Form):
    address = forms.CharField(
        label="Page",
        max_length=2_000,
        widget=forms.TextInput(attrs={"placeholder": "https://example.com/pricing", "inputmode": "url"}),
    )
    source = forms.CharField(label="Source", max_length=200, help_text="Who sends: google, linkedin, newsletter")
    medium = forms.CharField(label="Medium", max_length=200, help_text="How: cpc, paid-social, email, social, referral")
    campaign = forms.CharField(label="Campaign", max_length=200)
    content = forms.CharField(
        label="Content", max_length=200, required=False, help_text="Which of several links, or the post"
    )
    term = forms.CharField(label="Term", max_length=200, required=False)


class SetMargin(Form):
    gross = forms.DecimalField(
        label="Gross margin, %",
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text="What is left of 100 of revenue when what was sold is made.",
    )


class EditPiece(WithOwner):
    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=Piece.Kind.choices)
    stage = forms.ChoiceField(label="Made for", choices=Piece.Stage.choices)
    pattern = forms.CharField(
        label="Path of its page", max_length=500, required=False,
        help_text="Such as /guides/fair-rosters; a * at the end is any text. Whoever opens it is a reader.",
    )  # fmt: skip
    tag = forms.CharField(
        label="utm_content of its link",
        max_length=200,
        required=False,
        help_text="Of a social post: whoever comes by it is a reader.",
    )
    pain_point = forms.CharField(label="Pain point", max_length=200, required=False)
    link = forms.CharField(label="Link", max_length=1_000, required=False, help_text="Where it is; what sellers send.")
    owner = forms.ChoiceField(label="Owner", required=False, choices=[])

    def described(self) -> Description:
        return Description(**self.cleaned_data)
