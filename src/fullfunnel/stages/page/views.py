"""How a number was counted, and a stage opened: pages of their own, and in the drawer."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fullfunnel.analytics.views.asking import ask_long
from fullfunnel.stages.asked import Shown, days_shown, question_of, read_shown
from fullfunnel.stages.page.explained import ALSO, Explained, explained
from fullfunnel.stages.page.rules_now import rules_now
from fullfunnel.stages.page.why import Asked, lines_of
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow

Json = dict[str, Any]


@allow(EVERYONE)
@require_safe
def why(request: MemberRequest) -> HttpResponse:
    """Say how a number was counted: `stage`, `outcome`, `group` or `nogroup`."""
    shown = chosen_group(request, read_shown(request.GET))
    question, rules, stage = question_of(shown, request.workspace), rules_now(request.workspace), asked_stage(request)
    asked = ask_long(request, question)
    context: Json = {"workspace": request.workspace, "asked": asked, "stage": stage, "shown": shown}
    context["question_json"] = json.dumps(question, indent=2, ensure_ascii=False)
    context["back"] = f"{reverse('stages:home', args=[request.workspace.slug])}?{shown.link()}"
    if asked.answer and (stage.unit == "people" or "deals" in asked.answer):
        days = days_shown(shown, request.workspace)
        number = Asked(stage, request.GET.get("outcome", ""), days, request.workspace.timezone, shown.filters)
        context["parts"] = lines_of(number, asked.answer, rules)
        context["rules_version"] = asked.answer["rules"]
    return render(request, "stages/page/why.html", context)


@allow(EVERYONE)
@require_safe
def stage(request: MemberRequest) -> HttpResponse:
    """Open a stage: what it is, who is in it, what is at work there, and what is missing."""
    shown, opened = read_shown(request.GET), asked_stage(request)
    asked = ask_long(request, question_of(shown, request.workspace))
    context: Json = {"workspace": request.workspace, "asked": asked, "stage": opened, "shown": shown}
    context["why"] = why_url(request, query_of(shown, opened.stage))
    return render(request, "stages/page/stage.html", context)


def asked_stage(request: MemberRequest) -> Explained:
    """Return the stage that the address names, the first where it names none."""
    name = request.GET.get("stage", "")
    if name == "opportunity" and request.GET.get("outcome") == "won":
        name = "customer"
    return explained(name if name in ALSO else "awareness", request.workspace.sells, rules_now(request.workspace))


def chosen_group(request: MemberRequest, shown: Shown) -> Shown:
    """Return what is shown, narrowed to the row of the table that the address names."""
    if "nogroup" in request.GET:
        return Shown(**{**vars(shown), shown.by: "-"})
    return Shown(**{**vars(shown), shown.by: request.GET["group"][:200]}) if "group" in request.GET else shown


def why_url(request: MemberRequest, query: str) -> str:
    return f"{reverse('stages:why', args=[request.workspace.slug])}?{query}"


def stage_url(request: MemberRequest, query: str) -> str:
    return f"{reverse('stages:stage', args=[request.workspace.slug])}?{query}"


def query_of(shown: Shown, stage: str) -> str:
    return "&".join(part for part in (shown.link(), urlencode({"stage": stage})) if part)
