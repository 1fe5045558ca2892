"""What separates those who went on to a step of a funnel from those who were lost before it; also as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fullfunnel.analytics.forms.question import to_question
from fullfunnel.analytics.shown import drop_off as shown
from fullfunnel.analytics.shown.who import read_who
from fullfunnel.analytics.views.asking import Json, Opened, ask, ask_long, link_of, opened, seen_names
from fullfunnel.analytics.views.behind import PAGE, page_of, whole
from fullfunnel.analytics.views.frame import csv_file
from fullfunnel.analytics.views.listed import Listing, outcomes
from fullfunnel.core import clock
from fullfunnel.journeys.questions.words import funnel_words, short_label, step_label
from fullfunnel.journeys.why.question import MOST_ROWS
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EVERYONE, allow

MOST_SHOWN = 50


@allow(*EVERYONE)
def drop_off(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The analyst's page about the step `step` (from 2) of the funnel of the address; without one, about that which loses most."""
    found = opened(request, workspace)
    question = drop_off_question(request, workspace, found)
    asked = ask_long(request, workspace, question | {"limit": MOST_SHOWN})
    link, base = link_of(found), reverse("analytics:drop-off", args=[workspace.slug])
    steps = question["question"]["steps"]
    step = asked.answer["step"] if asked.answer else question.get("step")
    back = f"{reverse('analytics:funnel', args=[workspace.slug])}?{link}"
    context: dict[str, Any] = {
        "workspace": workspace,
        "asked": asked,
        "step": step,
        "nothing": to_begin_with(workspace, steps, back) if len(steps) < 2 else None,
        "again": request.get_full_path(),
        "steps": [(at, step_label(step), f"{base}?{link}&step={at}") for at, step in enumerate(steps, 1) if at > 1],
        "asks": funnel_words(question["question"], found.fields.period.preset) if steps else "",
        "people_url": f"{reverse('analytics:drop-off-people', args=[workspace.slug])}?{link}&step={step}",
        "csv_url": f"{reverse('analytics:drop-off-csv', args=[workspace.slug])}?{link}&step={step}",
        "back": back,
        "found": shown.shown(question["question"], asked.answer) if asked.answer else None,
    }
    return render(request, "analytics/drop_off.html", context)


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


@allow(*EVERYONE)
def drop_off_csv(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The analyst's table as a file."""
    question = drop_off_question(request, workspace, opened(request, workspace))
    asked = ask(workspace, question | {"limit": MOST_ROWS})
    return csv_file(asked, shown.csv_rows, "drop-off")


@allow(*EVERYONE)
def drop_off_people(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The people behind a number of the analyst's: `who.…` as shown/who.py writes it, `page` (from 1)."""
    found = opened(request, workspace)
    question = drop_off_question(request, workspace, found) | read_who(request.GET)
    number = whole(request.GET.get("page"), 1)
    question |= {"show": "people", "limit": PAGE, "offset": (number - 1) * PAGE}
    asked, link = ask_long(request, workspace, question), link_of(found)
    back = f"{reverse('analytics:drop-off', args=[workspace.slug])}?{link}&step={question.get('step', '')}"
    context: dict[str, Any] = {
        "workspace": workspace,
        "asked": asked,
        "title": title(question),
        "entered": "Entered",
        "outcomes": outcomes(request, LISTING, question),
        "has_why": True,
        "link": link,
        "back": back,
        "back_words": LISTING.back,
    }
    if asked.answer:
        context |= page_of(request, workspace, asked.answer, number, question["question"]["count"])
    return render(request, "analytics/people.html", context)


def title(question: Json) -> str:
    """ "Lost before “Form submitted” (device: mobile)"; of the others "(not device: mobile)"."""
    steps, step = question["question"]["steps"], question.get("step", len(question["question"]["steps"]) + 1)
    said = "Went on to" if question.get("outcome") == "went_on" else "Lost before"
    said += f" “{short_label(steps[step - 1])}”" if len(steps) >= step else ""
    if "factor" not in question:
        return said
    return f"{said} ({'' if question['with'] else 'not '}{shown.factor_words(question)})"


LISTING = Listing(title, "Entered", "what separates them", (("dropped", "Lost"), ("went_on", "Went on")))


def drop_off_question(request: HttpRequest, workspace: Workspace, found: Opened) -> Json:
    question = to_question(found.fields, clock.now(), workspace.timezone)
    question.pop("breakdown", None)
    asked: Json = {"kind": "drop_off", "question": question}
    if not request.GET.get("step"):
        return asked
    return asked | {"step": min(whole(request.GET["step"], 2), max(len(question["steps"]), 2))}
