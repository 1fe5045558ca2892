"""What stands beside the list: one hand-over with all that helps to answer it, and what may be done with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse

from fullfunnel.core.pages import Form
from fullfunnel.crm.inbox import forms
from fullfunnel.crm.inbox.rows import Row
from fullfunnel.crm.models import Activity, Deal, HandOver, Outcome, StageKind
from fullfunnel.crm.reading import deals_at
from fullfunnel.crm.reasons import ENGAGEMENT, FIT, Reason
from fullfunnel.forms.models import Submission
from fullfunnel.people.models import Consent
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.scope import EDITORS
from fullfunnel.workspaces.sight import visible

SHOWN_ACTIVITIES = 5


@dataclass(frozen=True)
class Act:
    """A popover with a form: R opens "reject"."""

    name: str
    label: str
    key: str
    title: str
    button: str
    form: Form


@dataclass(frozen=True)
class Score:
    """The reasons of fit or of engagement. `cut`: what they have beyond 100, or below 0, so that the sum is right."""

    label: str
    total: int
    reasons: Sequence[Reason]

    @property
    def cut(self) -> int:
        return self.total - sum(each.points for each in self.reasons)


@dataclass(frozen=True)
class Sheet:
    row: Row
    scores: Sequence[Score]
    others: Sequence[Reason] = ()
    acts: Sequence[Act] = ()
    activities: Sequence[Activity] = field(default_factory=tuple)
    deals: Sequence[Deal] = field(default_factory=tuple)
    consents: Sequence[Consent] = field(default_factory=tuple)
    submission: Submission | None = None
    may_accept: bool = False
    may_undo: bool = False


def sheet_of(row: Row, member: Membership) -> Sheet:
    """Return what this member sees of a hand-over, with the acts that are possible now."""
    one, may = row.hand_over, member.role in EDITORS and not row.is_kept
    acts = {Outcome.WAITING: "reject recycle assign deal call", Outcome.ACCEPTED: "assign deal call"}
    names = acts.get(Outcome(one.outcome), "call").split() if may else []
    scope = {"workspace_id": one.workspace_id}
    deals = deals_at(one.company).filter(state=StageKind.OPEN).select_related("stage", "owner") if one.company else ()
    activities = visible(Activity.objects.filter(**scope, person=one.person)).select_related("by").order_by("-at")
    return Sheet(
        row,
        scores=[Score("Fit", one.fit, of(row, FIT)), Score("Engagement", one.engagement, of(row, ENGAGEMENT))],
        others=of(row, ""),
        acts=[act_named(name, member) for name in names if name != "deal" or one.deal is None],
        activities=list(activities[:SHOWN_ACTIVITIES]),
        deals=list(deals[:SHOWN_ACTIVITIES]),
        submission=_sent(one) if member.role in EDITORS else None,
        consents=list(Consent.objects.filter(**scope, person=one.person).order_by("purpose")),
        may_accept=may and row.is_waiting,
        may_undo=may and not row.is_waiting and (one.deal is None or one.deal.taken_back_at is not None),
    )


def _sent(one: HandOver) -> Submission | None:
    """What was sent to the form that led to it."""
    sent = Submission.objects.filter(workspace_id=one.workspace_id, event_id=one.cause_event)
    return sent.select_related("form").first()


def of(row: Row, kind: str) -> list[Reason]:
    return [each for each in row.reasons if each.of == kind]


def act_named(name: str, member: Membership, form: Form | None = None) -> Act:
    """Return an act with its form, an empty one if none is given."""
    label, key, title, button = ACTS[name]
    return Act(name, label, key, title, button, form or form_of(name, member))


def form_of(name: str, member: Membership, data: object = None) -> Form:
    """Return the form of an act, filled with what was sent."""
    made: dict[str, Callable[..., Form]] = {
        "reject": forms.Reject,
        "recycle": forms.Recycle,
        "assign": lambda *args, **kwargs: forms.Assign(*args, members=owners_of(member), **kwargs),
        "deal": forms.OpenDeal,
        "call": forms.LogCall,
    }
    return made[name](data, auto_id=f"{name}-%s")


def owners_of(member: Membership) -> QuerySet[Membership]:
    """Return the members who may look after a hand-over."""
    members = Membership.objects.filter(workspace=member.workspace, role__in=EDITORS)
    return members.select_related("user").order_by("user__name", "pk")


def inbox_url(hand_over: HandOver, name: str = "record") -> str:
    """Return the address of an act with a hand-over, or of its record."""
    return reverse(f"crm:inbox-{name}", args=[hand_over.workspace.slug, hand_over.public_id])


# Name -> (button, key, title of the popover, button in it).
ACTS = {
    "reject": ("Reject…", "r", "Nothing for sales. Why?", "Reject"),
    "recycle": ("Recycle…", "b", "Not yet: back to marketing. Why?", "Recycle"),
    "assign": ("Assign…", "o", "Who looks after this?", "Assign"),
    "deal": ("Open deal…", "d", "Open a deal", "Open deal"),
    "call": ("Log call…", "l", "How was the call?", "Log the call"),
}
