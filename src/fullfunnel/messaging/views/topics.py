"""Settings, Topics: what people may agree to be written about, and how many did."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core.mail.queue import can_mail
from fullfunnel.core.pages import render_form, tell
from fullfunnel.messaging import actions
from fullfunnel.messaging.forms import TopicForm
from fullfunnel.messaging.models import Topic
from fullfunnel.people.models import Consent
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def topics(request: MemberRequest) -> HttpResponse:
    """List the topics with their numbers; make one more."""
    form = TopicForm(request.POST or None)
    if form.is_valid():
        made = form.accept(actions.create_topic(request.workspace, **form.cleaned_data, by=request.member))
        if made:
            tell(request, made, f"{made.name} is offered.")
            return redirect("messaging:topics", request.workspace.slug)
    context = {"section": "topics", "rows": _rows(request.workspace), "can_mail": can_mail()}
    return render_form(request, "messaging/topics.html", form, context)


@dataclass(frozen=True)
class Row:
    """agreed: people who said yes; asked: links that wait to be pressed."""

    topic: Topic
    agreed: int
    asked: int


def _rows(workspace: Workspace) -> list[Row]:
    waiting = Q(opt_ins__confirmed_at=None, opt_ins__ended_at=None, opt_ins__pk__isnull=False)
    found = Topic.objects.filter(workspace=workspace).annotate(asked=Count("opt_ins", filter=waiting))
    yes = Consent.objects.filter(workspace=workspace, given=True).values("purpose").annotate(many=Count("pk"))
    counts = {row["purpose"]: row["many"] for row in yes}
    return [Row(row, counts.get(row.key, 0), row.asked) for row in found.order_by("archived_at", "name", "pk")]


def _topic(request: MemberRequest, public_id: str) -> Topic:
    return get_object_or_404(Topic.objects.filter(workspace=request.workspace), public_id=public_id)


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: MemberRequest, public_id: str) -> HttpResponse:
    """Change a topic's name and what it says."""
    row = _topic(request, public_id)
    form = TopicForm(request.POST or None, initial={"name": row.name, "says": row.says})
    if form.is_valid():
        kept = form.accept(actions.change_topic(row, **form.cleaned_data, by=request.member))
        if kept:
            return redirect("messaging:topics", request.workspace.slug)
    return render_form(request, "messaging/topic.html", form, {"section": "topics", "topic": row})


@allow(EDITORS)
@require_POST
def archive(request: MemberRequest, public_id: str) -> HttpResponse:
    """Offer a topic no more, or again."""
    is_archived = request.POST.get("archived") == "1"
    done = actions.archive_topic(_topic(request, public_id), is_archived=is_archived, by=request.member)
    tell(request, done, "It is not offered any more." if is_archived else "It is offered again.")
    return redirect("messaging:topics", request.workspace.slug)
