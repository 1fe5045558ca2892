"""What separates those who went on to a step of a funnel from those who were lost before it; also as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fullfunnel.analytics.forms.question import to_question
from fullfunnel.analytics.questions.words import step_label
from fullfunnel.analytics.shown import drop_off as shown
from fullfunnel.analytics.views.asking import Json, Opened, ask, ask_long, link_of, opened, seen_names
from fullfunnel.analytics.views.behind import whole
from fullfunnel.analytics.views.frame import csv_file
from fullfunnel.core import clock
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EVERYONE, allow


@allow(*EVERYONE)
def drop_off(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The analyst's page about the step `step` (from 2) of the funnel of the address; without one, about that which loses most."""
    found = opened(request, workspace)
    question = drop_off_question(request, workspace, found)
    asked = ask_long(request, workspace, question)
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
        "lost_url": f"{reverse('analytics:funnel-people', args=[workspace.slug])}?{link}&step={step}&outcome=dropped",
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
    asked = ask(workspace, drop_off_question(request, workspace, opened(request, workspace)))
    return csv_file(asked, shown.csv_rows, "drop-off")


def drop_off_question(request: HttpRequest, workspace: Workspace, found: Opened) -> Json:
    question = to_question(found.fields, clock.now(), workspace.timezone)
    question.pop("breakdown", None)
    asked: Json = {"kind": "drop_off", "question": question}
    if not request.GET.get("step"):
        return asked
    return asked | {"step": min(whole(request.GET["step"], 2), max(len(question["steps"]), 2))}
