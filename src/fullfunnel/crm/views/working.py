"""Working on a deal: its details, people, activities and tasks; taking it back, taking it over."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fullfunnel.core.pages import Toast, tell
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.deals.facts import Facts
from fullfunnel.crm.deals.forms import person_called, person_named
from fullfunnel.crm.models import Deal, Task
from fullfunnel.crm.records.forms import NewTask
from fullfunnel.crm.said import Done
from fullfunnel.crm.views.activities import undo_url
from fullfunnel.crm.views.shared import answer, deal_url, find_deal
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Membership, User
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow
from fullfunnel.workspaces.sight import visible


@allow(EDITORS)
@require_POST
def change(request: MemberRequest, public_id: str) -> HttpResponse:
    """Change what was sent of the deal's details, or its owner; what was not sent stays."""
    deal = find_deal(request, public_id)
    if "owner" in request.POST:
        owner = owner_named(request, request.POST["owner"])
        result = owner if isinstance(owner, Refused) else actions.assign_deal(deal, owner=owner, by=request.member)
    else:
        form = Facts(request.POST, deal=deal)
        is_right = form.is_valid()
        result = actions.change_deal(deal, changes=form.changes(), by=request.member) if is_right else form.refusal()
    return answer(request, deal, result, Toast("Saved."))


def owner_named(request: MemberRequest, public_id: str) -> User | Refused | None:
    """Return the member of that id; None for nobody."""
    if not public_id:
        return None
    members = Membership.objects.filter(workspace=request.workspace, user__public_id=public_id).select_related("user")
    found = members.first()
    return found.user if found else Refused("That is no member of this workspace; choose one who is.", "owner")


def person_of(request: MemberRequest, public_id: str) -> Person | None:
    return person_named(request.workspace, public_id)


@allow(EDITORS)
@require_POST
def add_person(request: MemberRequest, public_id: str) -> HttpResponse:
    """Give a person a part in the deal, or another role."""
    deal = find_deal(request, public_id)
    person = person_called(request.workspace, request.POST.get("person", ""), request.POST.get("person.words", ""))
    if isinstance(person, Refused):
        return answer(request, deal, person, Toast(""))
    role = request.POST.get("role", "")
    added = actions.add_person_to_deal(deal, person=person, role=role, by=request.member)
    return answer(request, deal, added, Toast(f"is on the deal{f': {role}' if role else ''}.", lead=str(person)))


@allow(EDITORS)
@require_POST
def remove_person(request: MemberRequest, public_id: str, person_id: str) -> HttpResponse:
    deal = find_deal(request, public_id)
    person = get_object_or_404(Person, workspace=request.workspace, public_id=person_id)
    removed = actions.remove_person_from_deal(deal, person=person, by=request.member)
    return answer(request, deal, removed, Toast("is not on the deal any more.", lead=str(person)))


@allow(EDITORS)
@require_POST
def log(request: MemberRequest, public_id: str) -> HttpResponse:
    """Log a call, an e-mail, a meeting, with one of the deal's people or without."""
    deal, given = find_deal(request, public_id), request.POST
    done = Done(given.get("kind", ""), given.get("direction", "out"), given.get("outcome", ""), given.get("text", ""))
    person, step = person_of(request, given.get("person", "")), Facts(given, deal=deal)
    if not step.is_valid():
        return answer(request, deal, step.refusal(), Toast(""))
    logged = actions.log_activity(deal, done=done, person=person, by=request.member)
    if isinstance(logged, Refused):
        return answer(request, deal, logged, Toast(""))
    if step.changes().get("next_step") and not deal.is_kept_elsewhere:
        actions.change_deal(deal, changes=step.changes(), by=request.member)
    return answer(request, deal, logged, Toast("logged", lead=logged.get_kind_display(), undo=undo_url(logged)))


@allow(EDITORS)
@require_POST
def add_task(request: MemberRequest, public_id: str) -> HttpResponse:
    """Add what is to be done, due at the end of a working day."""
    deal = find_deal(request, public_id)
    form = NewTask(request.POST, workspace=request.workspace, user=request.user)
    added = actions.add_task(deal, **form.task(), by=request.member) if form.is_valid() else form.refusal()
    return answer(request, deal, added, Toast("The task was added."))


def find_task(request: MemberRequest, deal: Deal, task_id: str) -> Task:
    rows = visible(Task.objects.filter(workspace=request.workspace, deal=deal))
    return get_object_or_404(rows, public_id=task_id)


@allow(EDITORS)
@require_POST
def finish_task(request: MemberRequest, public_id: str, task_id: str) -> HttpResponse:
    deal = find_deal(request, public_id)
    task = find_task(request, deal, task_id)
    undo = reverse("crm:reopen-deal-task", args=[request.workspace.slug, deal.public_id, task.public_id])
    finished = actions.finish_task(task, by=request.member)
    return answer(request, deal, finished, Toast("is done.", lead=task.title, undo=undo))


@allow(EDITORS)
@require_POST
def reopen_task(request: MemberRequest, public_id: str, task_id: str) -> HttpResponse:
    deal = find_deal(request, public_id)
    reopened = actions.reopen_task(find_task(request, deal, task_id), by=request.member)
    return answer(request, deal, reopened, Toast("The task is open again."))


@allow(EDITORS)
@require_POST
def take_back(request: MemberRequest, public_id: str) -> HttpResponse:
    """Take back a deal that was opened by mistake."""
    deal = find_deal(request, public_id)
    if tell(request, actions.take_back_deal(deal, by=request.member), f"{deal.name} was taken back."):
        return redirect("crm:deals", request.workspace.slug)
    return redirect(deal_url(deal))


@allow(EDITORS)
@require_POST
def take_over(request: MemberRequest, public_id: str) -> HttpResponse:
    """Keep here from now on what another program kept."""
    deal = find_deal(request, public_id)
    tell(request, actions.take_over_deal(deal, by=request.member), "This deal is kept here from now on.")
    return redirect(deal_url(deal))
