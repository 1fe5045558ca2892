"""Walk me through: the page, what it shows anew every second, the acts of sales, and vanishing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.analytics.views.asking import ask_long
from fullfunnel.core import clock
from fullfunnel.core.pages import tell
from fullfunnel.core.refused import Refused
from fullfunnel.demo.halden_forms import DEMO, SITE
from fullfunnel.demo.here import kept_of_demo, refuse_others
from fullfunnel.demo.walk import showing
from fullfunnel.demo.walk.acts import ACTS, act_on
from fullfunnel.demo.walk.steps import steps_of, what_happened
from fullfunnel.demo.walk.vanish import vanish, vanish_stale
from fullfunnel.demo.walk.walker import Walker, keep_walker, person_of, walker_of
from fullfunnel.demo.walk.way import Way, way_of
from fullfunnel.forms.actions import change_form
from fullfunnel.forms.models import Form
from fullfunnel.stages.asked import Shown, page_question
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow

Json = dict[str, Any]


@allow(EDITORS)
@require_safe
def walk(request: MemberRequest) -> HttpResponse:
    """Show the small site beside both funnels; before the first step, what is going to happen."""
    refuse_others(request.workspace)
    walker, kept = walker_of(request), kept_of_demo()
    context: Json = {"workspace": request.workspace, "walker": walker, "steps": steps_of(())}
    if walker:
        form = kept.get("forms", {}).get("ids", {}).get(DEMO, "")
        context |= {"site": SITE, "write_key": kept["write_keys"]["web"], "form": form}
        context |= _now(request, walker)
    return render(request, "demo/walk.html", context)


@allow(EDITORS)
@require_POST
def start(request: MemberRequest) -> HttpResponse:
    """Begin: whoever walked before in this browser, or hours ago in another, is gone first."""
    refuse_others(request.workspace)
    if walker := walker_of(request):
        _vanish(request, walker)
    vanish_stale(request.workspace, by=request.member)
    _let_frame(request)
    keep_walker(request, Walker.new())
    return redirect("demo:walk", request.workspace.slug)


@allow(EDITORS)
@require_safe
def now(request: MemberRequest) -> HttpResponse:
    """Answer the parts of the page that change; 204 where none did since `seen`."""
    refuse_others(request.workspace)
    walker = walker_of(request)
    if walker is None:
        return HttpResponse(status=204)
    context = _now(request, walker)
    if context["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "demo/_now.html", {"workspace": request.workspace, "walker": walker} | context)


@allow(EDITORS)
@require_POST
def act(request: MemberRequest, name: str) -> HttpResponse:
    """Do what Bob would do next: accept, confirm or win."""
    refuse_others(request.workspace)
    walker = walker_of(request)
    way = way_of(walker, request.workspace) if walker else Way()
    done = act_on(way, name, request.workspace) if name in ACTS else Refused("There is no such act.")
    if done:
        tell(request, done, "")
    return redirect("demo:walk", request.workspace.slug)


@allow(EDITORS)
@require_POST
def leave(request: MemberRequest) -> HttpResponse:
    """Vanish: the walker is forgotten, with all that came of them."""
    refuse_others(request.workspace)
    walker = walker_of(request)
    refused = _vanish(request, walker) if walker else None
    tell(request, refused or walker, "You are gone: every number is as before.")
    return redirect("demo:walk", request.workspace.slug)


def _vanish(request: MemberRequest, walker: Walker) -> Refused | None:
    person = person_of(walker, request.workspace)
    refused = vanish(person, by=request.member) if person else None
    if refused is None:
        keep_walker(request, None)
    return refused


def _let_frame(request: MemberRequest) -> None:
    """Let the demo's form stand in a frame of this very server."""
    here, public_id = (
        request.build_absolute_uri("/").rstrip("/"),
        kept_of_demo().get("forms", {}).get("ids", {}).get(DEMO),
    )
    form = Form.objects.filter(workspace=request.workspace, public_id=public_id).first()
    if form is not None and here not in form.origins:
        change_form(form, name=form.name, hands_over=form.hands_over, origins=[*form.origins, here], by=request.member)


def _now(request: MemberRequest, walker: Walker) -> Json:
    way = way_of(walker, request.workspace)
    asked = ask_long(request, page_question(Shown(), request.workspace))
    context: Json = {"way": way, "steps": steps_of(way.reached), "happened": what_happened(way.reached), "asked": asked}
    if asked.answer:
        context |= showing.of_answer(request, asked.answer, way)
    context["you"] = showing.you_in(way)
    until = asked.answer["data_until"] if asked.answer else ""
    act = showing.next_act(way)
    return context | {"act": act, "seen": showing.seen(until, way), "shown_at": clock.now()}
