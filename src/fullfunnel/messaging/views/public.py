"""Pages for whoever got a mail: confirm a topic, choose topics, leave. GET and HEAD change nothing anywhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import language_of_browser
from fullfunnel.messaging import actions
from fullfunnel.messaging.links import Addressed, addressed_by, is_over, opt_in_of
from fullfunnel.messaging.standing import YES, paused_until, standings_of, topics_of
from fullfunnel.workspaces.models import Brand, Workspace
from fullfunnel.workspaces.scope import strangers_form

ONE_CLICK = "List-Unsubscribe"
CENTRE, ONE_CLICKED = "preference centre", "one-click unsubscribe"
Json = dict[str, Any]


@strangers_form
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the one button that confirms, or the outcome of pressing it."""
    opt_in = opt_in_of(token)
    if opt_in is None:
        return _page(request, "gone", None, {})
    state, context = "ask", {"opt_in": opt_in, "topic": opt_in.topic}
    if opt_in.confirmed_at is not None:
        state = "done"
    elif request.method == "POST" and "again" in request.POST:
        sent = actions.ask_again(opt_in, by=None)
        refused = sent.sentence if isinstance(sent, Refused) else ""
        state = "done" if refused == actions.AGREED else "gone" if refused else "sent"
    elif is_over(opt_in):
        state = "over"
    elif request.method == "POST":
        state = "over" if isinstance(actions.confirm_opt_in(opt_in, by=None), Refused) else "done"
    return _page(request, state, opt_in.workspace, context, language=opt_in.language)


@strangers_form
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show what somebody is written about and take their choice. A mail program's one click (RFC 8058) leaves the mail's topic."""
    found = addressed_by(token)
    if request.method == "POST" and request.POST.get(ONE_CLICK) == "One-Click":
        if found:
            _leave(found, is_all=found.topic is None, source=ONE_CLICKED)
        return HttpResponse("You are unsubscribed.\n", content_type="text/plain; charset=utf-8")
    if found is None or found.person is None:
        if found and request.method == "POST":
            _leave(found, is_all=True, source=CENTRE)
        return _page(request, "gone", None, {})
    said = _take(request, found) if request.method == "POST" else ""
    return _page(request, "preferences", found.workspace, _choices(found) | {"said": said})


@strangers_form
@require_POST
def leave_all(request: HttpRequest, token: str) -> HttpResponse:
    """Take back every yes; mail about an order or a question goes on."""
    found = addressed_by(token)
    if found:
        _leave(found, is_all=True, source=CENTRE)
    if found is None or found.person is None:
        return _page(request, "gone", None, {})
    return _page(request, "preferences", found.workspace, _choices(found) | {"said": "all"})


def _take(request: HttpRequest, found: Addressed) -> str:
    """Do what the page asks for; return what to say of it: saved, paused, resumed, all."""
    assert found.person  # noqa: S101
    if "pause" in request.POST or "resume" in request.POST:
        if "resume" in request.POST:
            actions.resume_person(found.person, by=None)
            return "resumed"
        actions.pause_person(found.person, by=None)
        return "paused"
    if "all" in request.POST:
        _leave(found, is_all=True, source=CENTRE)
        return "all"
    done = actions.choose_topics(found.person, keys=set(request.POST.getlist("topic")), source=CENTRE, by=None)
    return "" if isinstance(done, Refused) else "saved"


def _leave(found: Addressed, *, is_all: bool, source: str) -> None:
    if found.person is None:
        # Whoever was erased is nobody here; their address still gets nothing.
        actions.suppress_address(found.workspace, digest=found.digest, reason="unsubscribed", by=None)
    else:
        actions.unsubscribe_person(found.person, topic=None if is_all else found.topic, source=source, by=None)


def _choices(found: Addressed) -> Json:
    assert found.person  # noqa: S101
    standings = standings_of(found.person, topics_of(found.workspace))
    return {
        "standings": [(each.topic, each.state == YES) for each in standings],
        "paused_until": paused_until(found.person),
        "has_any": any(each.state == YES for each in standings),
    }


def _page(
    request: HttpRequest, state: str, workspace: Workspace | None, context: Json, language: str = ""
) -> HttpResponse:
    """Answer with a page in the person's language, or the browser's. It says nothing of anybody whom the link does not prove."""
    spoken = language or language_of_browser(request.headers.get("Accept-Language", "")) or "en"
    brand = Brand.objects.filter(workspace=workspace).first() if workspace else None
    shown = {"state": state, "firm": workspace.name if workspace else "", "brand": brand, "language": spoken}
    response = render(request, "messaging/public/page.html", shown | context)
    response["X-Robots-Tag"] = "noindex"
    return response
