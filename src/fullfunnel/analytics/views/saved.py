"""Saved questions: the list, and what may be done with one. Everybody opens them; viewers change nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fullfunnel.analytics import actions
from fullfunnel.analytics.forms.form import Form
from fullfunnel.analytics.forms.parts import period_fields
from fullfunnel.analytics.kinds.funnel import FUNNEL
from fullfunnel.analytics.kinds.wired import WiredPage, question_forms, wired_pages
from fullfunnel.analytics.models import SavedQuestion, SavedQuestions
from fullfunnel.analytics.views.asking import kept_question
from fullfunnel.analytics.views.frame import page_url
from fullfunnel.core import clock
from fullfunnel.core.pages import Heading, Listing, asked_list, asked_words, tell
from fullfunnel.core.refused import Refused
from fullfunnel.journeys.questions.periods import PRESETS
from fullfunnel.journeys.questions.words import period_words
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow

# An action that needs nothing but the question; words of what was done, with the question in them.
Change = Callable[..., SavedQuestion | Refused]
Words = Callable[[SavedQuestion], str]
RESTORE_DAYS = 30
HEADINGS = (
    Heading("Question", "name"),
    Heading("Kept by", "created_by__name"),
    Heading("Changed", "-updated_at"),
    Heading(""),
)


@allow(EVERYONE)
def saved(request: MemberRequest) -> HttpResponse:
    """All kept questions that the user may see."""
    since = clock.now() - timedelta(days=RESTORE_DAYS)
    context = {
        "workspace": request.workspace,
        "listing": _listing(request),
        "kept_count": kept(request).count(),
        "gone": seen(request).filter(deleted_at__gte=since).order_by("-deleted_at"),
        "news": [
            {"label": wired.title, "icon": wired.icon, "url": page_url(request, wired.name)}
            for wired in open_pages(request)
        ],
        "may_save": request.may(EDITORS),
    }
    return render(request, "analytics/saved.html", context)


def _listing(request: MemberRequest) -> Listing:
    rows, words = kept(request).select_related("created_by"), asked_words(request)
    listing = asked_list(
        request,
        rows.filter(name__icontains=words) if words else rows,
        HEADINGS,
        sort="name",
        id="saved",
        label="Saved questions",
        row_template="analytics/_saved_row.html",
        searches="Search saved questions",
        is_stacked=True,
    )
    return replace(listing, page=replace(listing.page, rows=_rows(request, listing.page.rows)))


def _rows(request: MemberRequest, found: Sequence[SavedQuestion]) -> list[dict[str, Any]]:
    pinned, icons = pinned_question(request.workspace), {wired.name: wired.icon for wired in wired_pages()}
    return [
        {"saved": row, "words": summary(row), "pinned": pinned is not None and row.pk == pinned.pk}
        | {"icon": icons[form_of(row).name], "url": url_of(row)}
        | {"can_be_pinned": form_of(row).name == FUNNEL.name and not row.is_private}
        | {"is_mine": row.created_by_id == request.user.pk}
        for row in found
    ]


def seen(request: MemberRequest) -> SavedQuestions:
    """Return the saved questions of the pages that the user may see, deleted ones too."""
    kinds = [wired.name for wired in open_pages(request)]
    return SavedQuestion.objects.filter(workspace=request.workspace, question__kind__in=kinds).seen_by(request.user)


def open_pages(request: MemberRequest) -> list[WiredPage]:
    """Return the pages that the user may see."""
    return [wired for wired in wired_pages() if request.may(wired.roles)]


def kept(request: MemberRequest) -> SavedQuestions:
    return seen(request).filter(deleted_at=None)


@allow(EVERYONE)
def find_saved(request: MemberRequest) -> HttpResponse:
    """What Ctrl-K finds among the saved questions: `q` is part of a name."""
    words = request.GET.get("q", "").split()[:10]
    found = kept(request)
    for word in words:
        found = found.filter(name__icontains=word)
    listed = [{"name": one.name, "url": url_of(one)} for one in found.order_by("name")[:10]] if words else []
    return render(request, "analytics/found.html", {"found": listed})


def pinned_question(workspace: Workspace) -> SavedQuestion | None:
    """The question on the overview: the one pinned last. Only funnels stand there."""
    pinned = SavedQuestion.kept.filter(workspace=workspace, pinned_at__isnull=False, question__kind=FUNNEL.name)
    latest: SavedQuestion | None = pinned.order_by("-pinned_at").first()
    return latest


def form_of(saved: SavedQuestion) -> Form:
    return question_forms()[saved.question["kind"]]


def url_of(saved: SavedQuestion) -> str:
    """The page on which it opens."""
    return f"{reverse(f'analytics:{form_of(saved).name}', args=[saved.workspace.slug])}?saved={saved.pk}"


def summary(saved: SavedQuestion) -> str:
    """ "page_viewed → form_submitted → deal_won, in the last 90 days"."""
    return f"{form_of(saved).words(saved.question)}, {period_words(preset_of(saved), saved.question)}"


def preset_of(saved: SavedQuestion) -> str:
    return period_fields(saved.question.get("period") or {}, saved.preset, "").preset


def _preset(fields: Any) -> str:
    return fields.period.preset if fields.period.preset in PRESETS and fields.period.preset != "custom" else ""


@allow(EDITORS)
@require_POST
def save(request: MemberRequest) -> HttpResponse:
    """Keeps the question of a link (of the `kind`) under a name, or in the place of the saved question `saved`."""
    link, form = request.POST.get("link", ""), question_forms().get(request.POST.get("kind", ""), FUNNEL)
    fields = form.read(QueryDict(link))
    if fields is None or not form.is_complete(fields):
        messages.error(request, "Choose at least one event before saving.")
        return redirect(_page(request, form, link))
    result, words = _kept(request, form, fields)
    tell(request, result, words)
    if not isinstance(result, Refused):
        link = f"saved={result.pk}&{form.write(fields)}"
    return redirect(_page(request, form, link))


def _kept(request: MemberRequest, form: Form, fields: Any) -> tuple[SavedQuestion | Refused, Words]:
    """Changes the saved question that the form names, or saves a new one; with what is said of it then."""
    question = form.to_question(fields, clock.now(), request.workspace.timezone)
    values: dict[str, Any] = {
        "question": question,
        "preset": _preset(fields),
        "view": form.view_of(fields),
        "by": request.member,
    }
    found = kept_question(request, request.POST.get("saved", ""), form.name)
    if found:
        return actions.change_question(found, **values), "“{}” now asks this.".format
    name, is_private = request.POST.get("name", ""), request.POST.get("seen_by") == "me"
    made = actions.save_question(request.workspace, name=name, is_private=is_private, **values)
    return made, "Saved as “{}”.".format


def _page(request: MemberRequest, form: Form, link: str) -> str:
    # Careful: only pairs that are a query string may go into the address.
    pairs = QueryDict(mutable=True)
    for key, value in parse_qsl(link, keep_blank_values=True):
        pairs.appendlist(key, value)
    return f"{page_url(request, form.name)}?{pairs.urlencode()}"


@allow(EDITORS)
@require_POST
def change_saved(request: MemberRequest, pk: int) -> HttpResponse:
    """`do` is rename (with `name`), pin, unpin, share, unshare (its maker only), delete or restore."""
    found, do = get_object_or_404(seen(request), pk=pk), request.POST.get("do", "")
    if do == "rename":
        renamed = actions.rename_question(found, name=request.POST.get("name", ""), by=request.member)
        tell(request, renamed, "It is called “{}” now.".format)
    elif do in CHANGES:
        change, words = CHANGES[do]
        tell(request, change(found, by=request.member), words.format)
    else:
        messages.error(request, "That is nothing a saved question can do.")
    return redirect("analytics:saved", request.workspace.slug)


# What a press on a saved question does -> the action, and what is said then.
CHANGES: dict[str, tuple[Change, str]] = {
    "share": (actions.share_question, "“{}” is now seen by everybody in this workspace."),
    "unshare": (actions.unshare_question, "“{}” is now seen by you alone."),
    "pin": (actions.pin_question, "“{}” stands on the overview."),
    "unpin": (actions.unpin_question, "“{}” no longer stands on the overview."),
    "delete": (
        actions.delete_question,
        f"“{{}}” was deleted; below it can be brought back for {RESTORE_DAYS} days.",
    ),
    "restore": (actions.restore_question, "“{}” is back."),
}
