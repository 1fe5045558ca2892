"""The sales panel, which a person's page loads by URL. Each view answers with the panel as it is then."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.core.pages import Form, Toast
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.actions.advocating import Advocacy
from fullfunnel.crm.deals.forms import person_named
from fullfunnel.crm.models import HandOver, Task
from fullfunnel.crm.pipelines import pipelines_of
from fullfunnel.crm.records.forms import Advocate, HandOverNow, Log, NewTask
from fullfunnel.crm.records.panel import panel_of
from fullfunnel.crm.views.activities import undo_url
from fullfunnel.people.models import Person
from fullfunnel.people.views.record import find_person as seen_person
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import reason_not_to_change, visible


def find_person(request: MemberRequest, public_id: str) -> Person:
    return seen_person(request.workspace, public_id).living()


@allow(EVERYONE)
@require_safe
def panel(request: MemberRequest, public_id: str) -> HttpResponse:
    """Show what sales does about a person; nothing where nobody sells by deals."""
    person = find_person(request, public_id)
    return _panel(request, person) if pipelines_of(request.workspace) else HttpResponse("")


@allow(EDITORS)
@require_POST
def log(request: MemberRequest, public_id: str) -> HttpResponse:
    """Log a call, an e-mail, a meeting with them."""
    person, form = find_person(request, public_id), Log(request.POST)
    made = form.accept(actions.log_activity(person, done=form.done(), by=request.member)) if form.is_valid() else None
    if made is None:
        return _panel(request, person, log_form=form)
    toast = Toast("logged", lead=made.get_kind_display(), undo=undo_url(made))
    return _panel(request, person, toast=toast)


@allow(EDITORS)
@require_POST
def hand_over(request: MemberRequest, public_id: str) -> HttpResponse:
    """Hand them to sales, or note that they asked again where that was done already."""
    person, form = find_person(request, public_id), HandOverNow(request.POST)
    made = None
    if form.is_valid():
        why = [form.cleaned_data["why"]]
        made = form.accept(actions.hand_over(person, cause_event=form.cause_event, why=why, by=request.member))
    if made is None:
        return _panel(request, person, hand_over_form=form)
    return _panel(request, person, said=_said(person, made, form.cause_event))


def _said(person: Person, made: HandOver, cause_event: str) -> str:
    if made.cause_event == cause_event:
        return f"{person} was handed over."
    if made.person_id == person.pk:
        return f"{person} was handed over before: noted that they ask again."
    return f"{person} joined the hand-over of {made.person}, of the same company."


@allow(EDITORS)
@require_POST
def add_task(request: MemberRequest, public_id: str) -> HttpResponse:
    """Add what is to be done about them."""
    person = find_person(request, public_id)
    form = NewTask(request.POST, workspace=request.workspace, user=request.user)
    made = form.accept(actions.add_task(person, **form.task(), by=request.member)) if form.is_valid() else None
    return _panel(request, person, said="The task was added.") if made else _panel(request, person, task_form=form)


def find_task(request: MemberRequest, person: Person, task_id: str) -> Task:
    rows = visible(Task.objects.filter(workspace=request.workspace, person=person))
    return get_object_or_404(rows, public_id=task_id)


@allow(EDITORS)
@require_POST
def finish_task(request: MemberRequest, public_id: str, task_id: str) -> HttpResponse:
    person = find_person(request, public_id)
    task = find_task(request, person, task_id)
    done = actions.finish_task(task, by=request.member)
    return _panel(request, person, refused=done) if isinstance(done, Refused) else _panel(request, person, done=done)


@allow(EDITORS)
@require_POST
def reopen_task(request: MemberRequest, public_id: str, task_id: str) -> HttpResponse:
    """Take back that a task is done."""
    person = find_person(request, public_id)
    task = find_task(request, person, task_id)
    again = actions.reopen_task(task, by=request.member)
    said = "The task is open again."
    return _panel(request, person, **({"refused": again} if isinstance(again, Refused) else {"said": said}))


@allow(EDITORS)
@require_POST
def note_advocacy(request: MemberRequest, public_id: str) -> HttpResponse:
    """Note a review, a reference, or by whose word they came: an event of whoever did it."""
    person, form = find_person(request, public_id), Advocate(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _panel(request, person, advocate_form=form)
    said, what = form.cleaned_data, Advocacy(form.cleaned_data["what"])
    by, rating = request.member, int(said["rating"]) if said["rating"] else None
    who, referred = person, None
    if what == Advocacy.REFERRED:
        found = person_named(request.workspace, said["referred_by"] or "-")
        if found is None:
            form.add_error("referred_by", "Choose whose word it was.")
            return _panel(request, person, advocate_form=form)
        who, referred = found, person
    refused = reason_not_to_change(person, by=by)
    noted = form.accept(refused or actions.note_advocacy(who, what=what, by=by, rating=rating, referred=referred))
    return _panel(request, person, said="Noted.") if noted else _panel(request, person, advocate_form=form)


def _panel(request: MemberRequest, person: Person, **shown: Any) -> HttpResponse:
    """Render the panel; 422 with a form that is wrong, or with an action that was refused.

    shown: said or toast (what was done), refused, done (a task that was finished), log_form, hand_over_form, task_form.
    """
    context = {
        "person": person,
        "may_act": request.may(EDITORS) and not person.is_contact_unknown,
        "log_form": Log(),
        "hand_over_form": HandOverNow(),
        "advocate_form": Advocate(workspace=request.workspace),
        "task_form": NewTask(workspace=request.workspace, user=request.user),
    }
    is_wrong = any(form.errors for form in shown.values() if isinstance(form, Form)) or bool(shown.get("refused"))
    return render(request, "crm/panel/_panel.html", panel_of(person) | context | shown, status=422 if is_wrong else 200)
