"""The funnel builder: the view is the address, so every press and every keystroke that counts is a GET."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fullfunnel.analytics.forms.kinds import BUCKETS, FUNNEL
from fullfunnel.analytics.pictures import groups_of, picture, table
from fullfunnel.analytics.shown import over_time
from fullfunnel.analytics.views.asking import Json, Opened, ask_long, asked_fields, link_of, opened
from fullfunnel.analytics.views.frame import csv_file, pressed, question_context, swapped
from fullfunnel.core import clock
from fullfunnel.journeys.questions.words import funnel_sentence
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EVERYONE, allow


@allow(*EVERYONE)
def funnel(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The builder and its answer. htmx asks for the answer alone."""
    found = opened(request, workspace)
    found, focus = pressed(request, found, FUNNEL)
    context = builder_context(request, workspace, found) | {"focus": focus}
    return swapped(request, context, "analytics/funnel.html", "analytics/_builder.html", "analytics/_result.html")


def builder_context(request: HttpRequest, workspace: Workspace, found: Opened) -> dict[str, Any]:
    asked = asked_fields(workspace, found.fields, request)
    context = question_context(request, workspace, found, asked, FUNNEL)
    if asked and asked.answer:
        context |= answer_context(workspace, found, asked.question, asked.answer, context["link"])
    return context


def answer_context(workspace: Workspace, found: Opened, question: Json, answer: Json, link: str) -> dict[str, Any]:
    people_url = reverse("analytics:funnel-people", args=[workspace.slug])
    groups = groups_of(answer)
    return {
        "sentence": funnel_sentence(question, answer, found.fields.period.preset),
        "rows": picture(question, answer, people_url, link),
        "groups": groups,
        "folded": groups[6:],
    }


@allow(*EVERYONE)
def funnel_over_time(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The funnel of each hour, day, week or month (`each`), by when its entries began: a fragment of the builder's page."""
    found = opened(request, workspace)
    each = request.GET.get("each", "week")
    each = each if each in dict(BUCKETS) else "week"
    question = FUNNEL.to_question(found.fields, clock.now(), workspace.timezone) | {"show": "trend", "by": each}
    asked = ask_long(request, workspace, question, found.fields)
    context = {"workspace": workspace, "asked": asked, "link": link_of(found), "each": each, "buckets": BUCKETS}
    context |= {"again": request.get_full_path()} | (over_time.shown(asked.answer) if asked.answer else {})
    return render(request, "analytics/_over_time.html", context)


@allow(*EVERYONE)
def funnel_csv(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The table as a file; what cannot be answered is answered with 400 and the reason."""
    return csv_file(asked_fields(workspace, opened(request, workspace).fields), table, "funnel")
