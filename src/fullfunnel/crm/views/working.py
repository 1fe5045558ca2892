"""Working on a deal: its details, people, activities and tasks; taking it back, taking it over."""

from datetime import datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fullfunnel.core.pages import Toast, tell
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.deals.forms import person_called
from fullfunnel.crm.details import READERS, read_day
from fullfunnel.crm.models import Deal, Task
from fullfunnel.crm.said import Done
from fullfunnel.crm.views.shared import answer, deal_url, find_deal
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Membership, User
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow

DAY_ENDS = time(17, 0)


@allow(EDITORS)
@require_POST
def change(request: MemberRequest, public_id: str) -> HttpResponse:
    """Change what was sent of the deal's details, or its owner; what was not sent stays."""
    deal = find_deal(request, public_id)
    if "owner" in request.POST:
        owner = owner_named(request, request.POST["owner"])
        result = owner if isinstance(owner, Refused) else actions.assign_deal(deal, owner=owner, by=request.member)
    else:
        changes = {name: value for name, value in request.POST.items() if name in READERS}
        result = actions.change_deal(deal, changes=changes, by=request.member)
    return answer(request, deal, result, Toast("Saved."))


def owner_named(request: MemberRequest, public_id: str) -> User | Refused | None:
    """Return the member of that id; None for nobody."""
    if not public_id:
        return None
    members = Membership.objects.filter(workspace=request.workspace, user__public_id=public_id).select_related("user")
    found = members.first()
    return found.user if found else Refused("That is no member of this workspace; choose one who is.", "owner")


def person_of(request: MemberRequest, public_id: str) -> Person | None:
    return Person.objects.filter(workspace=request.workspace, public_id=public_id[:64]).first()


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
    person = person_of(request, given.get("person", ""))
    logged = actions.log_activity(deal, done=done, person=person, by=request.member)
    if not isinstance(logged, Refused) and given.get("next_step", "").strip() and not deal.is_kept_elsewhere:
        actions.change_deal(deal, changes=next_step(given), by=request.member)
    return answer(request, deal, logged, Toast("Logged."))


def next_step(given: Any) -> dict[str, Any]:
    """Return the next step that came with an activity; a day that is none is left out."""
    try:
        on = read_day(given.get("next_step_on", ""))
    except ValueError:
        on = None
    return {"next_step": given.get("next_step", ""), "next_step_on": on}


@allow(EDITORS)
@require_POST
def add_task(request: MemberRequest, public_id: str) -> HttpResponse:
    """Add what is to be done, due at the end of a working day."""
    deal, given = find_deal(request, public_id), request.POST
    owner, due = owner_named(request, given.get("task_owner", "")), due_at(given.get("due", ""))
    if isinstance(owner, Refused) or isinstance(due, Refused):
        return answer(request, deal, owner if isinstance(owner, Refused) else due, Toast(""))
    added = actions.add_task(deal, title=given.get("title", ""), due_at=due, owner=owner, by=request.member)
    return answer(request, deal, added, Toast("The task was added."))


def due_at(text: str) -> datetime | Refused | None:
    """Return the end of that working day in the workspace's zone."""
    try:
        day = read_day(text)
    except ValueError:
        return Refused(f"'{text[:40]}' is no day; write one like 2026-12-18.", "due")
    return datetime.combine(day, DAY_ENDS, timezone.get_current_timezone()) if day else None


def find_task(request: MemberRequest, deal: Deal, task_id: str) -> Task:
    return get_object_or_404(Task, workspace=request.workspace, deal=deal, public_id=task_id)


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
