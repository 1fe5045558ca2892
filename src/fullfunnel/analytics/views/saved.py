"""Saved questions: the list, and what may be done with one. Everybody opens them; viewers change nothing."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fullfunnel.analytics import actions
from fullfunnel.analytics.forms.kind import Kind
from fullfunnel.analytics.forms.kinds import FUNNEL, KINDS
from fullfunnel.analytics.forms.parts import period_fields
from fullfunnel.analytics.models import SavedQuestion, SavedQuestions
from fullfunnel.analytics.views.asking import Json, kept_question, reason_against
from fullfunnel.core import clock
from fullfunnel.journeys.questions.periods import PRESETS
from fullfunnel.journeys.questions.words import period_words
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, allow

KEPT_DAYS = 30
ICONS = {"funnel": "filter", "trend": "chart-line", "retention": "grid-dots", "paths": "route", "attribution": "scale"}


@allow(*EVERYONE)
def saved(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """All kept questions that the user may see."""
    found = kept(request, workspace).select_related("created_by").order_by("name", "pk")
    since = clock.now() - timedelta(days=KEPT_DAYS)
    gone = seen(request, workspace).filter(deleted_at__gte=since).order_by("-deleted_at")
    pinned = pinned_question(workspace)
    context = {
        "workspace": workspace,
        "rows": [
            {"saved": one, "words": summary(one), "pinned": pinned is not None and one.pk == pinned.pk}
            | {"icon": ICONS.get(kind_of(one).name, "star"), "url": url_of(one)}
            | {"can_be_pinned": kind_of(one).name == FUNNEL.name and not one.is_private}
            | {"is_mine": one.created_by_id == request.user.pk}
            for one in found
        ],
        "gone": gone,
        "news": [
            {"label": kind.capitalize(), "icon": icon, "url": reverse(f"analytics:{kind}", args=[workspace.slug])}
            for kind, icon in ICONS.items()
            if kind in KINDS
        ],
        "may_save": request.membership.role in EDITORS,  # type: ignore[attr-defined]
    }
    return render(request, "analytics/saved.html", context)


def seen(request: HttpRequest, workspace: Workspace) -> SavedQuestions:
    """The saved questions that the user may see, deleted ones too."""
    return SavedQuestion.objects.filter(workspace=workspace).seen_by(request.user)  # type: ignore[arg-type]


def kept(request: HttpRequest, workspace: Workspace) -> SavedQuestions:
    return seen(request, workspace).filter(deleted_at=None)


@allow(*EVERYONE)
def find_saved(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What Ctrl-K finds among the saved questions: `q` is part of a name."""
    words = request.GET.get("q", "").split()[:10]
    found = kept(request, workspace)
    for word in words:
        found = found.filter(name__icontains=word)
    listed = [{"name": one.name, "url": url_of(one)} for one in found.order_by("name")[:10]] if words else []
    return render(request, "analytics/found.html", {"found": listed})


def pinned_question(workspace: Workspace) -> SavedQuestion | None:
    """The question on the overview: the one pinned last. Only funnels stand there."""
    pinned = SavedQuestion.kept.filter(workspace=workspace, pinned_at__isnull=False, question__kind=FUNNEL.name)
    latest: SavedQuestion | None = pinned.order_by("-pinned_at").first()
    return latest


def kind_of(saved: SavedQuestion) -> Kind:
    return KINDS[saved.question["kind"]]


def url_of(saved: SavedQuestion) -> str:
    """The page on which it opens."""
    return f"{reverse(f'analytics:{kind_of(saved).name}', args=[saved.workspace.slug])}?saved={saved.pk}"


def summary(saved: SavedQuestion) -> str:
    """ "page_viewed → form_submitted → deal_won, in the last 90 days"."""
    return f"{kind_of(saved).words(saved.question)}, {period_words(preset_of(saved), saved.question)}"


def preset_of(saved: SavedQuestion) -> str:
    return period_fields(saved.question.get("period") or {}, saved.preset, "").preset


def _read(workspace: Workspace, kind: Kind, link: str) -> tuple[Any, Json, str]:
    """The fields that a link says, their question, and why it cannot be saved ("" when it can)."""
    fields = kind.read(QueryDict(link))
    if fields is None or not kind.is_complete(fields):
        return None, {}, "Choose at least one event before saving."
    question = kind.to_question(fields, clock.now(), workspace.timezone)
    return fields, question, reason_against(workspace, question)


def _preset(fields: Any) -> str:
    return fields.period.preset if fields.period.preset in PRESETS and fields.period.preset != "custom" else ""


@allow(*EDITORS)
@require_POST
def save(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Keeps the question of a link (of the `kind`) under a name, or in the place of the saved question `saved`."""
    link, name = request.POST.get("link", ""), request.POST.get("name", "")
    kind = KINDS.get(request.POST.get("kind", ""), FUNNEL)
    fields, question, reason = _read(workspace, kind, link)
    found = kept_question(request, workspace, request.POST.get("saved", ""), kind.name)
    reason = reason or ("" if found else actions.reason_against_name(name))
    if fields is None or reason:
        messages.error(request, reason)
        return redirect(_page(workspace, kind, link))
    if found:
        actions.change_question(found, question=question, preset=_preset(fields), view=kind.view_of(fields))
        messages.success(request, f"“{found}” now asks this.")
    else:
        found = actions.save_question(
            workspace,
            name=name,
            question=question,
            preset=_preset(fields),
            by=request.user,  # type: ignore[arg-type]
            view=kind.view_of(fields),
            is_private=request.POST.get("seen_by") == "me",
        )
        messages.success(request, f"Saved as “{found}”.")
    return redirect(_page(workspace, kind, f"saved={found.pk}&{kind.write(fields)}"))


def _page(workspace: Workspace, kind: Kind, link: str) -> str:
    # Careful: only pairs that are a query string may go into the address.
    pairs = QueryDict(mutable=True)
    for key, value in parse_qsl(link, keep_blank_values=True):
        pairs.appendlist(key, value)
    return reverse(f"analytics:{kind.name}", args=[workspace.slug]) + f"?{pairs.urlencode()}"


@allow(*EDITORS)
@require_POST
def change_saved(request: HttpRequest, workspace: Workspace, pk: int) -> HttpResponse:
    """`do` is rename (with `name`), pin, unpin, share, unshare (its maker only), delete or restore."""
    found = get_object_or_404(seen(request, workspace), pk=pk)
    do = request.POST.get("do", "")
    if reason := reason_against_change(found, do, request.user.pk):
        messages.error(request, reason)
    elif do == "rename":
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


def reason_against_change(found: SavedQuestion, do: str, user_id: int | None) -> str:
    """Why this may not be done with it; "" when it may."""
    if do == "pin" and found.is_private:
        return "The overview is everybody’s, and this question is yours alone: share it first."
    if do == "pin" and kind_of(found).name != FUNNEL.name:
        return "Only a funnel can stand on the overview."
    if do == "unshare" and found.created_by_id != user_id:
        return "Only who made it can keep it to themselves."
    return ""


PLAIN = {
    "share": actions.share_question,
    "unshare": actions.unshare_question,
    "pin": actions.pin_question,
    "unpin": actions.unpin_question,
    "restore": actions.restore_question,
}
SAID = {
    "share": "“{}” is now seen by everybody in this workspace.",
    "unshare": "“{}” is now seen by you alone.",
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
