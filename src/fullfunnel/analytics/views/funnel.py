"""The funnel builder: the view is the address, so every press and every keystroke that counts is a GET."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fullfunnel.analytics.forms.kinds import FUNNEL
from fullfunnel.analytics.pictures import groups_of, picture, table
from fullfunnel.analytics.views.asking import Json, Opened, asked_fields, opened
from fullfunnel.analytics.views.frame import csv_file, pressed, question_context, swapped
from fullfunnel.analytics.words import funnel_sentence
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
def funnel_csv(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The table as a file; what cannot be answered is answered with 400 and the reason."""
    return csv_file(asked_fields(workspace, opened(request, workspace).fields), table, "funnel")
