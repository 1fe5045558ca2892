"""What a seller does with a hand-over. Each answers with its row, the counts and a toast."""

from datetime import datetime, time
from typing import cast

from django.db import transaction
from django.forms import ChoiceField, RadioSelect
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fullfunnel.core.pages import Form
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.inbox import forms
from fullfunnel.crm.inbox.sheet import form_of, inbox_url
from fullfunnel.crm.models import Activity, ActivityKind, Deal, HandOver
from fullfunnel.crm.said import Done
from fullfunnel.crm.views.answering import done, refused, wrong_form
from fullfunnel.crm.views.inbox import asked_hand_over
from fullfunnel.workspaces.models import Membership, User
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow

# When a next step is due on its day.
MORNING = time(9)


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


@allow(EDITORS)
@require_POST
def reject(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    one = asked_hand_over(request, hand_over_id)
    form = cast(forms.Reject, form_of("reject", request.member, request.POST))
    if not form.is_valid():
        return unread(request, one, "reject", form)
    rejected = actions.reject_hand_over(one, reason=form.said, by=request.member)
    if isinstance(rejected, Refused):
        return not_done(request, one, "reject", form, rejected)
    return done(request, rejected, f"rejected: {rejected.reason}", undo=inbox_url(one, "undo"), goes_on=True)


@allow(EDITORS)
@require_POST
def recycle(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    one = asked_hand_over(request, hand_over_id)
    form = cast(forms.Recycle, form_of("recycle", request.member, request.POST))
    if not form.is_valid():
        return unread(request, one, "recycle", form)
    until = form.cleaned_data["until"]
    recycled = actions.recycle_hand_over(one, reason=form.said, until=until, by=request.member)
    if isinstance(recycled, Refused):
        return not_done(request, one, "recycle", form, recycled)
    return done(request, recycled, f"recycled: {recycled.reason}", undo=inbox_url(one, "undo"), goes_on=True)


@allow(EDITORS)
@require_POST
def assign(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    one = asked_hand_over(request, hand_over_id)
    form = form_of("assign", request.member, request.POST)
    if not form.is_valid():
        return unread(request, one, "assign", form)
    owner = None if form.cleaned_data["owner"] == forms.POOL else User.objects.get(pk=form.cleaned_data["owner"])
    assigned = actions.assign_hand_over(one, owner=owner, by=request.member)
    if isinstance(assigned, Refused):
        return not_done(request, one, "assign", form, assigned)
    said = f"is given to {owner}" if owner else "is back in the pool"
    return done(request, assigned, said, undo=inbox_url(one, "undo-assign"), goes_on=True)


@allow(EDITORS)
@require_POST
def deal(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    """Open a deal; of several open ones of the company the form asks which to join."""
    one = asked_hand_over(request, hand_over_id)
    form = form_of("deal", request.member, request.POST)
    if not form.is_valid():
        return unread(request, one, "deal", form)
    opened = _opened(request, one, form)
    if isinstance(opened, Refused):
        return not_done(request, one, "deal", form, opened)
    is_new = opened.hand_over_id == one.pk
    said = f"a deal is open: {opened}" if is_new else f"joined the deal {opened}"
    return done(request, one, said, undo=inbox_url(one, "undo-deal") if is_new else "", goes_on=True)


@allow(EDITORS)
@require_POST
def call(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    one = asked_hand_over(request, hand_over_id)
    form = cast(forms.LogCall, form_of("call", request.member, request.POST))
    if not form.is_valid():
        return unread(request, one, "call", form)
    logged = _logged(one, form, request.member)
    if isinstance(logged, Refused):
        return not_done(request, one, "call", form, logged)
    return done(request, one, f"call logged: {logged.outcome.lower()}")


def _opened(request: MemberRequest, one: HandOver, form: Form) -> Deal | Refused:
    asked = request.POST.get("join", "")
    join = Deal.objects.filter(workspace=request.workspace, public_id=asked).first() if asked else None
    return actions.open_deal(one, details=form.cleaned_data, by=request.member, join=join, is_new=asked == "new")


@transaction.atomic
def _logged(one: HandOver, form: forms.LogCall, by: Membership) -> Activity | Refused:
    """The call, and the next step as a task."""
    said = Done(ActivityKind.CALL, outcome=form.cleaned_data["outcome"], text=form.cleaned_data["text"])
    subject, step = one.deal or one.person, form.cleaned_data["next_step"]
    logged = actions.log_activity(subject, done=said, person=one.person, by=by)
    due = timezone.make_aware(datetime.combine(form.day, MORNING)) if form.day else None
    task = (
        actions.add_task(subject, title=step, due_at=due, by=by) if step and not isinstance(logged, Refused) else None
    )
    if isinstance(task, Refused):
        transaction.set_rollback(True)
        return Refused(task.sentence, "next_step")
    return logged


def unread(request: MemberRequest, one: HandOver, name: str, form: Form) -> HttpResponse:
    """Answer a form in which something is missing."""
    return wrong_form(
        request, one, name, form, " ".join(str(each) for errors in form.errors.values() for each in errors)
    )


def not_done(request: MemberRequest, one: HandOver, name: str, form: Form, why: Refused) -> HttpResponse:
    """Answer an action that was refused: beside the field if it is about one, else by a toast."""
    if not (why.field or why.choices):
        return refused(request, one, why)
    if why.choices:
        choices = [*why.choices, ("new", "One deal more")]
        form.fields["join"] = ChoiceField(label="Which deal", choices=choices, widget=RadioSelect)
    form.accept(why)
    return wrong_form(request, one, name, form, why.sentence)
