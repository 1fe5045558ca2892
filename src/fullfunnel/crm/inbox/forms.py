"""What the popovers of the inbox ask. Reasons have numbers, so that one key chooses them."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from fullfunnel.core.pages import DayField, Form
from fullfunnel.crm.models import Bant
from fullfunnel.crm.said import NOT_FOR_US, NOT_YET, Call
from fullfunnel.workspaces.models import Membership

OUTCOMES = ("Reached", "No answer", "Voicemail", "Wrong number")
# When a next step is due on its day.
MORNING = time(9)
POOL = "pool"


def same(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class WithReason(Form):
    """A reason out of a list, words of one's own, or both. What a reason must be, the action says."""

    reason = forms.ChoiceField(label="Why", required=False, widget=forms.RadioSelect)
    words = forms.CharField(label="In your own words", required=False)
    reasons: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("reason", same(self.reasons))

    @property
    def said(self) -> str:
        return ": ".join(filter(None, (self.cleaned_data["reason"], self.cleaned_data["words"].strip())))


class Reject(WithReason):
    reasons = NOT_FOR_US


class Recycle(WithReason):
    reasons = NOT_YET
    until = DayField(label="Look again on", required=False)


class Assign(Form):
    owner = forms.ChoiceField(label="Whose is it", widget=forms.RadioSelect)

    def __init__(self, *args: Any, members: QuerySet[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = [(str(each.user_id), str(each.user)) for each in members]
        self.set_choices("owner", [*owners, (POOL, "Nobody: back into the pool")])


class OpenDeal(Form):
    """What is needed, and one thing more that is known: budget, authority or timing. Both may be assumed."""

    need = forms.CharField(label="What do they need", widget=lines(2))
    need_is_assumed = forms.BooleanField(label="I assume it; nobody has said so", required=False)
    bant = forms.ChoiceField(label="One thing more that you know", choices=Bant.choices, widget=forms.RadioSelect)
    bant_text = forms.CharField(label="What you know of it")
    bant_is_assumed = forms.BooleanField(label="I assume this, too", required=False)


class LogCall(Form):
    outcome = forms.ChoiceField(label="How was it", choices=same(OUTCOMES), widget=forms.RadioSelect)
    text = forms.CharField(label="What you learned", required=False, widget=lines(2))
    next_step = forms.CharField(label="Next step", required=False)
    next_on = DayField(label="On", required=False)

    def call(self) -> Call:
        """Return what log_call is told: what is next is due in the morning of its day."""
        said, day = self.cleaned_data, self.cleaned_data["next_on"]
        due = timezone.make_aware(datetime.combine(day, MORNING)) if day else None
        return Call(said["outcome"], said["text"], said["next_step"], due)
