"""What stands behind a funnel: the people of a bar, and how long they took."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fullfunnel.analytics.forms.question import to_question
from fullfunnel.analytics.pictures import NO_VALUE
from fullfunnel.analytics.views.asking import Json, ask_long, link_of, opened
from fullfunnel.core import clock
from fullfunnel.core.numbers import exact_duration
from fullfunnel.journeys.questions.shapes import NOUNS
from fullfunnel.journeys.questions.words import counted, short_label, step_label
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EVERYONE, allow

PAGE = 50
OUTCOMES = {"reached": "reached", "dropped": "were lost before", "pending": "can still reach"}


@allow(*EVERYONE)
def funnel_people(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The people behind a part of a bar: `step` (from 1), `outcome`, `group` or `nogroup`, `page` (from 1)."""
    found = opened(request, workspace)
    page = whole(request.GET.get("page"), 1)
    question = to_question(found.fields, clock.now(), workspace.timezone)
    question |= chosen(request) | {"show": "people", "limit": PAGE, "offset": (page - 1) * PAGE}
    asked = ask_long(request, workspace, question, found.fields)
    context: dict[str, Any] = {"workspace": workspace, "asked": asked, "title": title(question)}
    if asked.answer:
        context |= page_of(request, workspace, asked.answer, page, question["count"])
    context |= {"link": link_of(found), "entered": "Entered", "has_why": True, "back_words": "the funnel"}
    context["back"] = f"{reverse('analytics:funnel', args=[workspace.slug])}?{context['link']}"
    if question["outcome"] == "dropped" and question["step"] > 1:
        context["separates"] = (
            f"{reverse('analytics:drop-off', args=[workspace.slug])}?{context['link']}&step={question['step']}"
        )
    return render(request, "analytics/people.html", context)


def whole(text: str | None, least: int, most: int = 100_000) -> int:
    """The whole number of a query string, kept within its limits."""
    return min(max(int(text), least), most) if text and text.isdecimal() and len(text) < 10 else least


def chosen(request: HttpRequest) -> Json:
    """Which people: the contract's `step`, `outcome` and `group`."""
    outcome = request.GET.get("outcome", "reached")
    choice: Json = {"step": whole(request.GET.get("step"), 1), "outcome": outcome if outcome in OUTCOMES else "reached"}
    if request.GET.get("nogroup"):
        choice["group"] = None
    elif "group" in request.GET:
        choice["group"] = request.GET["group"]
    return choice


def title(question: Json) -> str:
    """ "Were lost before step 2, “Form submitted” (device: mobile)"."""
    step = min(question["step"], max(len(question["steps"]), 1))
    said = f"{OUTCOMES[question['outcome']]} step {step}"
    if question["steps"]:
        named = question["steps"][step - 1]
        said += f", “{short_label(named)}”"
    if "group" in question and "breakdown" in question:
        value = NO_VALUE if question["group"] is None else question["group"]
        said += f" ({question['breakdown']['property']}: {value})"
    return "Who " + said


def page_of(request: HttpRequest, workspace: Workspace, answer: Json, page: int, count: str = "people") -> Json:
    """What people.html shows of one page of a list."""
    total = answer["total"]
    return {
        "people": people_of(workspace, answer["people"], count),
        "total": total,
        "counted": counted({"count": count}, total),
        "noun": NOUNS.get(count, "person").capitalize(),
    } | pages(request, page, total)


def people_of(workspace: Workspace, rows: list[Json], count: str = "people") -> list[Json]:
    """The answer's rows with the person behind each; a row whose person is gone is left out. Companies and deals have names only."""
    noun = NOUNS.get(count, "person")
    keys = {row[noun] for row in rows}
    found = Person.objects.filter(workspace=workspace, public_id__in=keys).select_related("company")
    known = {} if count in ("companies", "deals") else {person.public_id: person for person in found}
    return [
        {
            "person": known.get(row[noun]),
            "name": known.get(row[noun], row[noun]),
            "at": datetime.fromisoformat(row["entered_at"]),
            "why": urlencode({"who": row[noun], "at": row["entered_at"]}),
        }
        for row in rows
        if row[noun] in known or count in ("companies", "deals")
    ]


def pages(request: HttpRequest, page: int, total: int) -> Json:
    """Links to the pages before and after."""

    def link(to: int) -> str:
        query = request.GET.copy()
        query["page"] = str(to)
        return f"{request.path}?{query.urlencode()}"

    return {
        "first": (page - 1) * PAGE + 1,
        "last": min(page * PAGE, total),
        "before": link(page - 1) if page > 1 else "",
        "after": link(page + 1) if page * PAGE < total else "",
    }


@allow(*EVERYONE)
def funnel_time(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """How long people took from the step `first` to the step `last`: a histogram with its table."""
    found = opened(request, workspace)
    question = to_question(found.fields, clock.now(), workspace.timezone)
    count = max(len(question["steps"]), 1)
    start = min(whole(request.GET.get("first"), 1), max(count - 1, 1))
    end = min(max(whole(request.GET.get("last"), 1) if request.GET.get("last") else count, start + 1), count)
    question.pop("breakdown", None)
    question |= {"show": "time_to_convert", "from_step": start, "to_step": end}
    asked = ask_long(request, workspace, question, found.fields)
    context = {"workspace": workspace, "asked": asked, "link": link_of(found), "start": start, "end": end}
    return render(
        request, "analytics/_time.html", context | histogram(asked.answer, question) | steps_to_choose(question)
    )


def steps_to_choose(question: Json) -> Json:
    labels = [step_label(step) for step in question["steps"]]
    return {"labels": list(enumerate(labels, 1))}


def histogram(answer: Json | None, question: Json) -> Json:
    """What the chart draws: a bar for each span of time, and its sentence."""
    if answer is None:
        return {"bins": []}
    bins = [
        {"span": f"{exact_duration(row['from'])} to {exact_duration(row['to'])}", "count": row["count"]}
        for row in answer["bins"]
    ]
    unit = counted(question, 2).split(maxsplit=1)[1]
    series = [{"name": unit.capitalize(), "values": [row["count"] for row in bins], "hue": 1}]
    chart = {"kind": "bars", "unit": unit, "x": [row["span"] for row in bins], "series": series}
    return {
        "bins": bins,
        "converted": answer["converted"],
        "seconds": answer["seconds"],
        "chart_json": json.dumps(chart),
    }
