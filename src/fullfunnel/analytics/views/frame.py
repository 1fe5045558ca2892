"""What every question's page shares: its context, presses, htmx's fragments, the table as a file."""

import csv
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fullfunnel.analytics.forms import choices
from fullfunnel.analytics.forms.form import Form
from fullfunnel.analytics.views.asking import Asked, Json, Opened, link_of, split_link
from fullfunnel.core.csv_cells import escaped
from fullfunnel.events.conditions import CHANNEL_GROUP, SENDER
from fullfunnel.events.event import PROMOTED
from fullfunnel.events.models import EventName, EventProperty
from fullfunnel.journeys.questions.periods import PRESETS
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EDITORS, MemberRequest

MAX_NAMES = 500


def pressed(request: HttpRequest, found: Opened, form: Form) -> tuple[Opened, str]:
    """What stands in the controls after the press that the address names, and what has the focus then."""
    do = request.GET.get("do", "")
    if not do:
        return found, ""
    fields, focus = form.edited(found.fields, do)
    return Opened(fields, found.saved), focus


def page_url(request: MemberRequest, name: str) -> str:
    """The address of a page of this room in the request's workspace."""
    return reverse(f"analytics:{name}", args=[request.workspace.slug])


def question_context(request: MemberRequest, found: Opened, asked: Asked | None, form: Form) -> dict[str, Any]:
    """What the templates of every question's page read, whatever its form."""
    split_url, is_split = split_link(found, form)
    address, link = page_url(request, form.name), link_of(found, form)
    context = {
        "workspace": request.workspace,
        "form": form,
        "page_url": address,
        "fields": found.fields,
        "saved": found.saved,
        "link": link,
        "again": f"{address}?{link}",
        "split_url": f"?{split_url}",
        "is_split": is_split,
        "asked": asked,
        "presets": PRESETS,
        "choices": choices,
        "may_save": request.may(EDITORS),
        **catalogue(request.workspace),
    }
    if asked and asked.answer:
        until = asked.answer.get("data_until")
        context["until"] = datetime.fromisoformat(until) if until else None
        context["question_json"] = json.dumps(asked.question, indent=2, ensure_ascii=False)
        context["api_url"] = request.build_absolute_uri("/api/v1/ask")
    return context


def catalogue(workspace: Workspace) -> dict[str, list[str]]:
    """What the boxes offer: event names, the latest first, and their properties."""
    names = EventName.objects.filter(workspace=workspace).order_by("-last_seen_at").values_list("name", flat=True)
    seen = EventProperty.objects.filter(workspace=workspace).order_by("name").values_list("name", flat=True)
    properties = dict.fromkeys([CHANNEL_GROUP, *PROMOTED, *SENDER, *seen.distinct()[:MAX_NAMES]])
    return {"names": list(names[:MAX_NAMES]), "properties": list(properties)}


def swapped(request: HttpRequest, context: dict[str, Any], page: str, builder: str, result: str) -> HttpResponse:
    """The whole page; or, when htmx asks, the answer alone; or, after a press, the builder with the answer."""
    if request.headers.get("HX-Target") != "result":
        return render(request, page, context)
    if not request.GET.get("do"):
        return render(request, result, context)
    # A press changes the form too, so the whole builder is swapped.
    response = render(request, builder, context)
    response["HX-Retarget"], response["HX-Reswap"] = "#builder", "outerHTML"
    return response


def csv_file(asked: Asked | None, table: Callable[[Json], list[list[Any]]], name: str) -> HttpResponse:
    """The table of an answer as a file; what cannot be answered is answered with 400 (429: not now) and the reason."""
    if asked is None or asked.answer is None:
        reason = asked.message if asked else "choose the first event"
        status = 429 if asked and asked.is_busy else 400
        return HttpResponse(f"There is no table: {reason}\n", status=status, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    # Careful: without the mark some spreadsheets read UTF-8 as Latin-1.
    response.write("\ufeff")
    csv.writer(response).writerows([written(cell) for cell in row] for row in table(asked.answer))
    return response


def written(cell: Any) -> Any:
    """A cell of a file: truth as JSON writes it, and no text that a spreadsheet would calculate."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return escaped(cell) if isinstance(cell, str) else cell
