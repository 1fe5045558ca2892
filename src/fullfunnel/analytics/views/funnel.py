"""The funnel builder: the view is the address, so every press and every keystroke that counts is a GET."""

import csv
import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fullfunnel.analytics.forms import choices
from fullfunnel.analytics.forms.periods import PRESETS
from fullfunnel.analytics.forms.state import edited
from fullfunnel.analytics.pictures import groups_of, picture, table
from fullfunnel.analytics.views.asking import Json, Opened, asked_fields, link_of, opened
from fullfunnel.analytics.words import funnel_sentence
from fullfunnel.core.cells import escaped
from fullfunnel.events.event import PROMOTED
from fullfunnel.events.models import EventName, EventProperty
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, allow

MOST_NAMES = 500


@allow(*EVERYONE)
def funnel(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The builder and its answer. htmx asks for the answer alone."""
    found = opened(request, workspace)
    do = request.GET.get("do", "")
    if do:
        found = Opened(edited(found.fields, do), found.saved)
    context = builder_context(request, workspace, found) | {"focus": focus_after(do, found)}
    if request.headers.get("HX-Target") != "result":
        return render(request, "analytics/funnel.html", context)
    if not do:
        return render(request, "analytics/_result.html", context)
    # A press changes the form too, so the whole builder is swapped.
    response = render(request, "analytics/_builder.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#builder", "outerHTML"
    return response


def focus_after(do: str, found: Opened) -> str:
    """The id of the control that has the focus after a press, so that the keyboard does not lose its place."""
    verb, _, rest = do.partition(":")
    places = [int(place) for place in rest.split(":") if place.isdecimal() and len(place) < 9]
    if verb == "add-step":
        return f"s{len(found.fields.steps)}-e0"
    if verb == "add-exclusion":
        return f"x{len(found.fields.exclusions)}-e0"
    if not places:
        return ""
    letter, verb = ("x", verb[2:]) if verb.startswith("x-") else ("s", verb)
    owners = found.fields.exclusions if letter == "x" else found.fields.steps
    at = places[0] + {"up": -1, "down": 1}.get(verb, 0)
    at = min(max(places[1] if verb == "move" and len(places) > 1 else at, 0), len(owners) - 1)
    if at < 0:
        return ""
    if verb == "add-condition":
        return f"{letter}{at + 1}-{len(owners[at].conditions) - 1}-p"
    if verb == "add-name":
        return f"{letter}{at + 1}-e{len(owners[at].events) - 1}"
    return f"{letter}{at + 1}-e0"


def builder_context(request: HttpRequest, workspace: Workspace, found: Opened) -> dict[str, Any]:
    asked = asked_fields(workspace, found.fields, request)
    link = link_of(found)
    context = {
        "workspace": workspace,
        "fields": found.fields,
        "saved": found.saved,
        "link": link,
        "asked": asked,
        "again": f"{reverse('analytics:funnel', args=[workspace.slug])}?{link}",
        "presets": PRESETS,
        "choices": choices,
        "may_save": request.membership.role in EDITORS,  # type: ignore[attr-defined]
        **catalogue(workspace),
    }
    if asked and asked.answer:
        context |= answer_context(workspace, found, asked.question, asked.answer, link)
        context["api_url"] = request.build_absolute_uri("/api/v1/ask")
    return context


def answer_context(workspace: Workspace, found: Opened, question: Json, answer: Json, link: str) -> dict[str, Any]:
    people_url = reverse("analytics:funnel-people", args=[workspace.slug])
    groups = groups_of(answer)
    return {
        "sentence": funnel_sentence(question, answer, found.fields.period.preset),
        "rows": picture(question, answer, people_url, link),
        "groups": groups,
        "folded": groups[6:],
        "question_json": json.dumps(question, indent=2, ensure_ascii=False),
        "until": moment(answer["data_until"]),
    }


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def catalogue(workspace: Workspace) -> dict[str, list[str]]:
    """What the boxes offer: event names, the latest first, and their properties."""
    names = EventName.objects.filter(workspace=workspace).order_by("-last_seen_at").values_list("name", flat=True)
    seen = EventProperty.objects.filter(workspace=workspace).order_by("name").values_list("name", flat=True)
    properties = dict.fromkeys([*PROMOTED, *seen.distinct()[:MOST_NAMES]])
    return {"names": list(names[:MOST_NAMES]), "properties": list(properties)}


@allow(*EVERYONE)
def funnel_csv(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The table as a file; what cannot be answered is answered with 400 and the reason."""
    asked = asked_fields(workspace, opened(request, workspace).fields)
    if asked is None or asked.answer is None:
        reason = asked.message if asked else "choose at least one step"
        return HttpResponse(f"There is no table: {reason}\n", status=400, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="funnel.csv"'
    # Careful: without the mark some spreadsheets read UTF-8 as Latin-1.
    response.write("\ufeff")
    csv.writer(response).writerows(
        [escaped(cell) if isinstance(cell, str) else cell for cell in row] for row in table(asked.answer)
    )
    return response
