"""What a seller does with a hand-over. Each answers with its row, the counts and a toast."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import ChoiceField, RadioSelect
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from fullfunnel.core.pages import Form
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.inbox import forms
from fullfunnel.crm.inbox.sheet import form_of, inbox_url
from fullfunnel.crm.models import Deal, HandOver
from fullfunnel.crm.views.activities import undo_url
from fullfunnel.crm.views.answering import done, refused, wrong_form
from fullfunnel.crm.views.inbox import asked_hand_over
from fullfunnel.workspaces.models import User
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow
from fullfunnel.workspaces.sight import visible


@allow(EDITORS)
@require_POST
def accept(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    one = asked_hand_over(request, hand_over_id)
    accepted = actions.accept_hand_over(one, by=request.member)
    if isinstance(accepted, Refused):
        return refused(request, one, accepted)
    return done(request, accepted, "accepted", undo=inbox_url(one, "undo"), goes_on=True)


@allow(EDITORS)
@require_POST
def take_over(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    one = asked_hand_over(request, hand_over_id)
    taken = actions.take_over_hand_over(one, by=request.member)
    return refused(request, one, taken) if isinstance(taken, Refused) else done(request, taken, "is kept here now")


@dataclass(frozen=True)
class Outcome:
    """What is said of an act that was done, and the address that takes it back."""

    said: str
    undo: str = ""
    goes_on: bool = True


@allow(EDITORS)
@require_POST
def act(request: MemberRequest, hand_over_id: str, name: str) -> HttpResponse:
    """Do what the form of an act asks for; ACTS says what that is."""
    one = asked_hand_over(request, hand_over_id)
    form = form_of(name, request.member, request.POST)
    if not form.is_valid():
        return wrong_form(request, one, name, form, form.refusal().sentence)
    outcome = ACTS[name](request, one, form)
    if isinstance(outcome, Refused):
        return not_done(request, one, name, form, outcome)
    return done(request, one, outcome.said, undo=outcome.undo, goes_on=outcome.goes_on)


def reject(request: MemberRequest, one: HandOver, form: forms.Reject) -> Outcome | Refused:
    rejected = actions.reject_hand_over(one, reason=form.said, by=request.member)
    said = f"rejected: {form.said}"
    return rejected if isinstance(rejected, Refused) else Outcome(said, inbox_url(one, "undo"))


def recycle(request: MemberRequest, one: HandOver, form: forms.Recycle) -> Outcome | Refused:
    until = form.cleaned_data["until"]
    recycled = actions.recycle_hand_over(one, reason=form.said, until=until, by=request.member)
    said = f"recycled: {form.said}"
    return recycled if isinstance(recycled, Refused) else Outcome(said, inbox_url(one, "undo"))


def assign(request: MemberRequest, one: HandOver, form: Form) -> Outcome | Refused:
    owner = None if form.cleaned_data["owner"] == forms.POOL else User.objects.get(pk=form.cleaned_data["owner"])
    assigned = actions.assign_hand_over(one, owner=owner, by=request.member)
    said = f"is given to {owner}" if owner else "is back in the pool"
    return assigned if isinstance(assigned, Refused) else Outcome(said, inbox_url(one, "undo-assign"))


def open_deal(request: MemberRequest, one: HandOver, form: Form) -> Outcome | Refused:
    """Open a deal; of several open ones of the company the form asks which to join."""
    asked = request.POST.get("join", "")
    join = visible(Deal.objects.filter(workspace=request.workspace, public_id=asked)).first() if asked else None
    details = form.cleaned_data
    opened = actions.open_deal(one, details=details, by=request.member, join=join, is_new=asked == "new")
    if isinstance(opened, Refused):
        return opened
    if opened.hand_over_id != one.pk:
        return Outcome(f"joined the deal {opened}")
    return Outcome(f"a deal is open: {opened}", inbox_url(one, "undo-deal"))


def log_call(request: MemberRequest, one: HandOver, form: forms.LogCall) -> Outcome | Refused:
    """Log a call, and the next step as a task."""
    logged = actions.log_call(one.deal or one.person, call=form.call(), person=one.person, by=request.member)
    if isinstance(logged, Refused):
        return logged
    return Outcome(f"call logged: {logged.outcome.lower()}", undo_url(logged), goes_on=False)


# What each act with a form does.
ACTS: Mapping[str, Callable[[MemberRequest, HandOver, Any], Outcome | Refused]] = {
    "reject": reject,
    "recycle": recycle,
    "assign": assign,
    "deal": open_deal,
    "call": log_call,
}


def not_done(request: MemberRequest, one: HandOver, name: str, form: Form, why: Refused) -> HttpResponse:
    """Answer an action that was refused: beside the field if it is about one, else by a toast."""
    if not (why.field or why.choices):
        return refused(request, one, why)
    if why.choices:
        choices = [*why.choices, ("new", "One deal more")]
        form.fields["join"] = ChoiceField(label="Which deal", choices=choices, widget=RadioSelect)
    form.accept(why)
    return wrong_form(request, one, name, form, why.sentence)
