"""What stands behind a funnel: the people of a bar, and how long they took."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from fullfunnel.analytics.forms.form import Form
from fullfunnel.analytics.forms.question import to_question
from fullfunnel.analytics.kinds.funnel import FUNNEL
from fullfunnel.analytics.pictures import NO_VALUE
from fullfunnel.analytics.views.asking import Asked, Json, ask_long, link_of, opened
from fullfunnel.analytics.views.frame import page_url
from fullfunnel.core import clock
from fullfunnel.core.numbers import exact_duration
from fullfunnel.core.pages import Page, asked_page, whole_number
from fullfunnel.journeys.questions.shapes import NOUNS
from fullfunnel.journeys.questions.words import counted, short_label, step_label
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import hides, visible

SIDES = {"reached": "Went on", "dropped": "Lost", "pending": "Pending"}
OUTCOMES = {"reached": "reached", "dropped": "were lost before", "pending": "can still reach"}


@allow(EVERYONE)
def funnel_people(request: MemberRequest) -> HttpResponse:
    """The people behind a part of a bar: `step` (from 1), `outcome`, `group` or `nogroup`, `page` (from 1)."""
    found, page = opened(request), asked_page(request)
    question = to_question(found.fields, clock.now(), request.workspace.timezone) | chosen(request)
    asked, link = ask_people(request, question, page, found.fields), link_of(found)
    context: dict[str, Any] = {"title": title(question), "link": link, "entered": "Entered", "has_why": True}
    context |= {"back": f"{page_url(request, 'funnel')}?{link}", "back_words": "the funnel"}
    context["outcomes"] = outcomes_of(request, question) if question["step"] > 1 else []
    if question["outcome"] == "dropped" and question["step"] > 1:
        context["separates"] = f"{page_url(request, 'drop-off')}?{link}&step={question['step']}"
    return people_page(request, asked, page, context, question["count"])


def ask_people(request: MemberRequest, question: Json, page: Page, fields: Any = None, form: Form = FUNNEL) -> Asked:
    """Ask for this page of the people behind a number of `question`."""
    return ask_long(request, question | {"show": "people", "limit": page.size, "offset": page.offset}, fields, form)


def outcomes_of(request: MemberRequest, question: Json) -> list[tuple[str, str, bool]]:
    """The other lists of the same step and group: words, link, and whether it is what is shown."""
    found = []
    for outcome, words in SIDES.items():
        query = request.GET.copy()
        query.pop("page", None)
        query["outcome"] = outcome
        found.append((words, f"{request.path}?{query.urlencode()}", outcome == question["outcome"]))
    return found


def chosen(request: MemberRequest) -> Json:
    """Which people: the contract's `step`, `outcome` and `group`."""
    outcome = request.GET.get("outcome", "reached")
    choice: Json = {
        "step": whole_number(request.GET.get("step")),
        "outcome": outcome if outcome in OUTCOMES else "reached",
    }
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


def people_page(request: MemberRequest, asked: Asked, page: Page, context: Json, count: str = "people") -> HttpResponse:
    """The page of a list of people, companies or deals (`count`); `context` says which list it is and where one came from."""
    context |= {"workspace": request.workspace, "asked": asked}
    if asked.answer:
        total = asked.answer["total"]
        listed = asked.answer["people"]
        context |= {
            "people": (seen := people_of(request.workspace, listed, count)),
            "unseen": unseen(len(seen), len(listed)),
            "total": total,
            "counted": counted({"count": count}, total),
            "noun": NOUNS.get(count, "person").capitalize(),
            "page": page.of(total),
        }
    return render(request, "analytics/people.html", context)


def unseen(shown: int, listed: int) -> str:
    """Return what a list says of the rows of this page that whoever asks does not see; "" where they see all."""
    return f"You see {shown} of these {listed}; the others belong to others." if hides() and shown < listed else ""


def people_of(workspace: Workspace, rows: list[Json], count: str = "people") -> list[Json]:
    """The answer's rows with the person behind each; a row whose person is gone is left out. Companies and deals have names only."""
    noun = NOUNS.get(count, "person")
    keys = {row[noun] for row in rows}
    found = visible(Person.objects.filter(workspace=workspace, public_id__in=keys)).select_related("company")
    if count in ("companies", "deals"):
        known = dict[str, Person]()
        # Of companies and deals the list has names only, and no row to ask about.
        rows = [] if hides(count) else rows
    else:
        known = {person.public_id: person for person in found}
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


@allow(EVERYONE)
def funnel_time(request: MemberRequest) -> HttpResponse:
    """How long people took from the step `first` to the step `last`: a histogram with its table."""
    found = opened(request)
    question = to_question(found.fields, clock.now(), request.workspace.timezone)
    start, end = _ends(request, max(len(question["steps"]), 1))
    question.pop("breakdown", None)
    question |= {"show": "time_to_convert", "from_step": start, "to_step": end}
    asked = ask_long(request, question, found.fields)
    context = {"workspace": request.workspace, "asked": asked, "link": link_of(found), "start": start, "end": end}
    context |= histogram(asked.answer, question) | steps_to_choose(question)
    return render(request, "analytics/_time.html", context)


def _ends(request: MemberRequest, count: int) -> tuple[int, int]:
    """The two steps (from 1) of a funnel of `count` steps between which time is measured: by default the first and the last."""
    start = whole_number(request.GET.get("first"), most=max(count - 1, 1))
    end = whole_number(request.GET.get("last") or str(count), least=start + 1, default=start + 1)
    return start, min(end, count)


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
