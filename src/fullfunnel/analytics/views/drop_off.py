"""What separates those who went on to a step of a funnel from those who were lost before it; also as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fullfunnel.analytics.forms.question import to_question
from fullfunnel.analytics.kinds.page import PeopleList
from fullfunnel.analytics.presenters import drop_off as presenter
from fullfunnel.analytics.presenters.people_links import read_people_link
from fullfunnel.analytics.views.asking import Json, Opened, ask, ask_long, link_of, opened, seen_names
from fullfunnel.analytics.views.behind import ask_people, people_page
from fullfunnel.analytics.views.frame import csv_file, page_url
from fullfunnel.analytics.views.people_lists import outcomes
from fullfunnel.core import clock
from fullfunnel.core.pages import asked_page, whole_number
from fullfunnel.journeys.questions.words import funnel_words, short_label, step_label
from fullfunnel.journeys.why.question import MAX_ROWS
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow

MAX_SHOWN = 100


@allow(EVERYONE)
def drop_off(request: MemberRequest) -> HttpResponse:
    """The analyst's page about the step `step` (from 2) of the funnel of the address; without one, about that which loses most."""
    found = opened(request)
    question = drop_off_question(request, found)
    asked = ask_long(request, question | {"limit": MAX_SHOWN})
    steps = question["question"]["steps"]
    context: dict[str, Any] = {
        "workspace": request.workspace,
        "asked": asked,
        "again": request.get_full_path(),
        "asks": funnel_words(question["question"], found.fields.period.preset) if steps else "",
        "found": presenter.present(question["question"], asked.answer) if asked.answer else None,
    }
    step = asked.answer["step"] if asked.answer else question.get("step")
    return render(request, "analytics/drop_off.html", context | _links(request, link_of(found), steps, step))


def _links(request: MemberRequest, link: str, steps: list[Json], step: int | None) -> dict[str, Any]:
    """Where one goes from the analyst's page about `step`: to the other steps, the people, the file, and back."""
    base, back = page_url(request, "drop-off"), f"{page_url(request, 'funnel')}?{link}"
    return {
        "step": step,
        "steps": [(at, step_label(each), f"{base}?{link}&step={at}") for at, each in enumerate(steps, 1) if at > 1],
        "people_url": f"{page_url(request, 'drop-off-people')}?{link}&step={step}",
        "csv_url": f"{page_url(request, 'drop-off-csv')}?{link}&step={step}",
        "back": back,
        "nothing": to_begin_with(request.workspace, steps, back) if len(steps) < 2 else None,
    }


def to_begin_with(workspace: Workspace, steps: list[Json], back: str) -> dict[str, str]:
    """What the page says where there are no two steps to ask between, and where to go: why, url, label."""
    why = "A step of a funnel that some reached and others did not."
    if steps:
        why += " This funnel has one step only: add the event that should come after it."
        return {"why": why, "url": back, "label": "Add a step"}
    if not seen_names(workspace):
        why += " No event was seen yet, because no source has sent anything."
        return {"why": why, "url": reverse("workspaces:sources", args=[workspace.slug]), "label": "Connect a source"}
    why += " There is no funnel yet: build one, then choose “what separates them” at one of its joints."
    return {"why": why, "url": back, "label": "Build a funnel"}


@allow(EVERYONE)
def drop_off_csv(request: MemberRequest) -> HttpResponse:
    """The analyst's table as a file."""
    question = drop_off_question(request, opened(request))
    asked = ask(request, question | {"limit": MAX_ROWS})
    return csv_file(asked, presenter.csv_rows, "drop-off")


@allow(EVERYONE)
def drop_off_people(request: MemberRequest) -> HttpResponse:
    """The people behind a number of the analyst's: `who.…` as presenters/people_links.py writes it, `page` (from 1)."""
    found = opened(request)
    question = drop_off_question(request, found) | read_people_link(request.GET)
    page, link = asked_page(request), link_of(found)
    asked = ask_people(request, question, page)
    context: dict[str, Any] = {"title": title(question), "entered": PEOPLE_LIST.entered, "has_why": True, "link": link}
    context["outcomes"] = outcomes(request, PEOPLE_LIST, question)
    context["back"] = f"{page_url(request, 'drop-off')}?{link}&step={question.get('step', '')}"
    return people_page(request, asked, page, context | {"back_words": PEOPLE_LIST.back}, question["question"]["count"])


def title(question: Json) -> str:
    """ "Lost before “Form submitted” (device: mobile)"; of the others "(not device: mobile)"."""
    steps, step = question["question"]["steps"], question.get("step", len(question["question"]["steps"]) + 1)
    said = "Went on to" if question.get("outcome") == "went_on" else "Lost before"
    said += f" “{short_label(steps[step - 1])}”" if len(steps) >= step else ""
    if "factor" not in question:
        return said
    return f"{said} ({'' if question['with'] else 'not '}{presenter.factor_words(question)})"


PEOPLE_LIST = PeopleList(title, "Entered", "what separates them", (("dropped", "Lost"), ("went_on", "Went on")))


def drop_off_question(request: MemberRequest, found: Opened) -> Json:
    question = to_question(found.fields, clock.now(), request.workspace.timezone)
    question.pop("breakdown", None)
    asked: Json = {"kind": "drop_off", "question": question}
    if not request.GET.get("step"):
        return asked
    last = max(len(question["steps"]), 2)
    return asked | {"step": whole_number(request.GET["step"], default=2, least=2, most=last)}
