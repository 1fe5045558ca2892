"""The page of tasks: done, put off, taken back, each by one key or thumb."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.core import clock
from fullfunnel.core.pages import Toast, answer_action, refused_toast
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import dates
from fullfunnel.crm import actions
from fullfunnel.crm.models import Task
from fullfunnel.crm.pipelines import must_sell
from fullfunnel.crm.tasks import due, lists
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import visible

NO_DAY = "none"


@allow(EVERYONE)
@require_safe
def tasks(request: MemberRequest) -> HttpResponse:
    """Show mine, everybody's, or what I did."""
    must_sell(request.workspace)
    return render(request, "crm/tasks/page.html", shown(request))


def shown(request: MemberRequest) -> dict[str, Any]:
    asked = request.GET.get("show", "")
    show = asked if asked in lists.LABELS else lists.MINE
    return {
        "workspace": request.workspace,
        "show": show,
        "tabs": list(lists.LABELS.items()),
        "groups": lists.groups_of(show, request.member),
        "lead": lists.lead_of(request.member),
        "snoozes": list(due.SNOOZES.items()),
        "may_act": request.may(EDITORS),
        "nav": {"name": "crm:tasks", "count": lists.said_to_do(request.member)},
    }


def find_task(request: MemberRequest, task_id: str) -> Task:
    return get_object_or_404(visible(Task.objects.filter(workspace=request.workspace)), public_id=task_id)


@allow(EDITORS)
@require_POST
def finish(request: MemberRequest, task_id: str) -> HttpResponse:
    task = find_task(request, task_id)
    return answer(request, actions.finish_task(task, by=request.member), "is done", undo_url(request, task, "reopen"))


@allow(EDITORS)
@require_POST
def reopen(request: MemberRequest, task_id: str) -> HttpResponse:
    """Take back that it is done."""
    return answer(request, actions.reopen_task(find_task(request, task_id), by=request.member), "is open again")


@allow(EDITORS)
@require_POST
def snooze(request: MemberRequest, task_id: str) -> HttpResponse:
    """Put a task off `until` (of due.SNOOZES); or back to `due`, which it was before."""
    task, before = find_task(request, task_id), request.GET.get("due", "")
    until = request.POST.get("until", "")
    if before:
        at = None if before == NO_DAY else moment_of(before)
        return answer(request, actions.change_task(task, changes={"due_at": at}, by=request.member), "is due as before")
    if until not in due.SNOOZES:
        wrong = Refused(f"A task is put off to one of {', '.join(due.SNOOZES.values())}.", "until")
        return answer(request, wrong, "")
    at = due.snoozed(until, task.due_at, timezone.localtime(clock.now()))
    changed = actions.change_task(task, changes={"due_at": at}, by=request.member)
    was = task.due_at.isoformat() if task.due_at else NO_DAY
    return answer(request, changed, f"is put off to {dates.weekday(at)}", undo_url(request, task, "snooze", due=was))


def moment_of(text: str) -> datetime | None:
    """Return the moment that an Undo names; None for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def undo_url(request: MemberRequest, task: Task, name: str, **more: str) -> str:
    kept = {"show": request.GET.get("show", "")} | more
    query = urlencode({key: value for key, value in kept.items() if value})
    return reverse(f"crm:{name}-task", args=[request.workspace.slug, task.public_id]) + f"?{query}"


def answer(request: MemberRequest, result: Task | Refused, said: str, undo: str = "") -> HttpResponse:
    """Answer an act: the list and the count as they are now, and a toast; the page's script goes on to the next row."""
    refused = isinstance(result, Refused)
    toast = refused_toast(result) if isinstance(result, Refused) else Toast(said, lead=result.title, undo=undo)
    context = shown(request) | {"is_swapped": True}
    drawn = [render_to_string("crm/tasks/_list.html", context, request)]
    drawn.append(render_to_string("core/_nav_count.html", context | {"item": context["nav"]}, request))
    back = reverse("crm:tasks", args=[request.workspace.slug])
    found = answer_action(request, toast, drawn, back=f"{back}?show={context['show']}")
    if not refused:
        found["HX-Trigger-After-Settle"] = "tasks-answered"
    return found
