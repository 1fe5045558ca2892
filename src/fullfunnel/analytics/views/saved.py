"""Saved questions: the list, and what may be done with one. Everybody opens them; viewers change nothing."""

from datetime import timedelta
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fullfunnel.analytics import actions
from fullfunnel.analytics.forms.link import read_fields, write_fields
from fullfunnel.analytics.forms.periods import PRESETS
from fullfunnel.analytics.forms.question import from_question, to_question
from fullfunnel.analytics.forms.state import FunnelFields
from fullfunnel.analytics.models import SavedQuestion
from fullfunnel.analytics.views.asking import Json, kept_question, reason_against
from fullfunnel.analytics.words import period_words, step_label
from fullfunnel.core import clock
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, allow

KEPT_DAYS = 30


@allow(*EVERYONE)
def saved(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """All kept questions, the pinned one first."""
    found = SavedQuestion.kept.filter(workspace=workspace).select_related("created_by").order_by("name", "pk")
    since = clock.now() - timedelta(days=KEPT_DAYS)
    gone = SavedQuestion.objects.filter(workspace=workspace, deleted_at__gte=since).order_by("-deleted_at")
    pinned = pinned_question(workspace)
    context = {
        "workspace": workspace,
        "rows": [
            {"saved": one, "words": summary(one), "pinned": pinned is not None and one.pk == pinned.pk} for one in found
        ],
        "gone": gone,
        "may_save": request.membership.role in EDITORS,  # type: ignore[attr-defined]
    }
    return render(request, "analytics/saved.html", context)


def pinned_question(workspace: Workspace) -> SavedQuestion | None:
    """The question on the overview: the one pinned last."""
    return SavedQuestion.kept.filter(workspace=workspace, pinned_at__isnull=False).order_by("-pinned_at").first()


def summary(saved: SavedQuestion) -> str:
    """ "page_viewed → form_submitted → deal_won, in the last 90 days"."""
    steps = " → ".join(step_label(step) for step in saved.question["steps"])
    return f"{steps}, {period_words(preset_of(saved), saved.question)}"


def preset_of(saved: SavedQuestion) -> str:
    return from_question(saved.question, saved.preset).period.preset


def _read(workspace: Workspace, link: str) -> tuple[FunnelFields | None, Json, str]:
    """The builder that a link says, its question, and why it cannot be saved ("" when it can)."""
    fields = read_fields(QueryDict(link))
    if fields is None or not fields.is_complete():
        return None, {}, "Choose at least one step before saving."
    question = to_question(fields, clock.now(), workspace.timezone)
    return fields, question, reason_against(workspace, question)


def _preset(fields: FunnelFields) -> str:
    return fields.period.preset if fields.period.preset in PRESETS and fields.period.preset != "custom" else ""


@allow(*EDITORS)
@require_POST
def save(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Keeps the question of a link under a name, or in the place of the saved question `saved`."""
    link, name = request.POST.get("link", ""), request.POST.get("name", "")
    fields, question, reason = _read(workspace, link)
    key = request.POST.get("saved", "")
    found = kept_question(workspace, key)
    reason = reason or ("" if found else actions.reason_against_name(name))
    if fields is None or reason:
        messages.error(request, reason)
        return redirect(_builder(workspace, link))
    if found:
        actions.change_question(found, question=question, preset=_preset(fields))
        messages.success(request, f"“{found}” now asks this.")
    else:
        by = request.user
        found = actions.save_question(workspace, name=name, question=question, preset=_preset(fields), by=by)  # type: ignore[arg-type]
        messages.success(request, f"Saved as “{found}”.")
    return redirect(_builder(workspace, f"saved={found.pk}&{write_fields(fields)}"))


def _builder(workspace: Workspace, link: str) -> str:
    # Careful: only pairs that are a query string may go into the address.
    pairs = QueryDict(mutable=True)
    for key, value in parse_qsl(link, keep_blank_values=True):
        pairs.appendlist(key, value)
    return reverse("analytics:funnel", args=[workspace.slug]) + f"?{pairs.urlencode()}"


@allow(*EDITORS)
@require_POST
def change_saved(request: HttpRequest, workspace: Workspace, pk: int) -> HttpResponse:
    """`do` is rename (with `name`), pin, unpin, delete or restore."""
    found = get_object_or_404(SavedQuestion, workspace=workspace, pk=pk)
    do = request.POST.get("do", "")
    if do == "rename":
        _rename(request, found)
    elif do == "delete":
        actions.delete_question(found)
        messages.success(request, f"“{found}” was deleted; below it can be brought back for {KEPT_DAYS} days.")
    elif do in PLAIN:
        PLAIN[do](found)
        messages.success(request, SAID[do].format(found))
    else:
        messages.error(request, "That is nothing a saved question can do.")
    return redirect("analytics:saved", workspace.slug)


PLAIN = {
    "pin": actions.pin_question,
    "unpin": actions.unpin_question,
    "restore": actions.restore_question,
}
SAID = {
    "pin": "“{}” stands on the overview.",
    "unpin": "“{}” no longer stands on the overview.",
    "restore": "“{}” is back.",
}


def _rename(request: HttpRequest, found: SavedQuestion) -> None:
    name = request.POST.get("name", "")
    if reason := actions.reason_against_name(name):
        messages.error(request, reason)
        return
    actions.rename_question(found, name=name)
    messages.success(request, f"It is called “{found}” now.")
