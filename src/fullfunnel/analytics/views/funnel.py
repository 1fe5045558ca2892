"""The funnel builder: the view is the address, so every press and every keystroke that counts is a GET."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from fullfunnel.analytics.forms.choices import BUCKETS
from fullfunnel.analytics.kinds.funnel import FUNNEL
from fullfunnel.analytics.pictures import groups_of, people_links, picture, table
from fullfunnel.analytics.presenters import over_time
from fullfunnel.analytics.views.asking import Json, Opened, ask_long, asked_fields, link_of, opened
from fullfunnel.analytics.views.frame import csv_file, page_url, pressed, question_context, swapped
from fullfunnel.core import clock
from fullfunnel.journeys.questions.words import funnel_sentence
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow


@allow(EVERYONE)
def funnel(request: MemberRequest) -> HttpResponse:
    """The builder and its answer. htmx asks for the answer alone."""
    found = opened(request)
    found, focus = pressed(request, found, FUNNEL)
    context = builder_context(request, found) | {"focus": focus}
    return swapped(request, context, "analytics/funnel.html", "analytics/_builder.html", "analytics/_result.html")


def builder_context(request: MemberRequest, found: Opened) -> dict[str, Any]:
    asked = asked_fields(request, found.fields)
    context = question_context(request, found, asked, FUNNEL)
    if asked and asked.answer:
        context |= answer_context(request, found, asked.question, asked.answer, context["link"])
    return context


def answer_context(request: MemberRequest, found: Opened, question: Json, answer: Json, link: str) -> dict[str, Any]:
    people_url = page_url(request, "funnel-people")
    groups = groups_of(answer, people_links(people_url, link))
    return {
        "sentence": funnel_sentence(question, answer, found.fields.period.preset),
        "rows": picture(question, answer, people_url, link),
        "groups": groups,
        "folded": groups[6:],
    }


@allow(EVERYONE)
def funnel_over_time(request: MemberRequest) -> HttpResponse:
    """The funnel of each hour, day, week or month (`each`), by when its entries began: a fragment of the builder's page."""
    found = opened(request)
    each = request.GET.get("each", "week")
    each = each if each in dict(BUCKETS) else "week"
    question = FUNNEL.to_question(found.fields, clock.now(), request.workspace.timezone) | {"show": "trend", "by": each}
    asked = ask_long(request, question, found.fields)
    context = {"workspace": request.workspace, "asked": asked, "link": link_of(found), "each": each, "buckets": BUCKETS}
    context |= {"again": request.get_full_path()} | (over_time.present(asked.answer) if asked.answer else {})
    return render(request, "analytics/_over_time.html", context)


@allow(EVERYONE)
def funnel_csv(request: MemberRequest) -> HttpResponse:
    """The table as a file; what cannot be answered is answered with 400 and the reason."""
    return csv_file(asked_fields(request, opened(request).fields, may_wait=False), table, "funnel")
