"""A form's own funnel: a page, and the same as a fragment below the builder."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fullfunnel.core.numbers import number
from fullfunnel.forms.counts import DAYS, FormFunnel, Step, funnel_of
from fullfunnel.forms.fields import read
from fullfunnel.forms.models import Form, FormVersion
from fullfunnel.forms.views.shared import form_of, head_of, versions_of
from fullfunnel.journeys.ask import QuestionError, QuestionTimeout
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow

# Of the bars, in the units of their drawing.
HEIGHT, BAR, GAP = 120, 28, 8


@allow(EVERYONE)
@require_safe
def funnel(request: MemberRequest, public_id: str) -> HttpResponse:
    """How far people came, by device."""
    form = form_of(request, public_id)
    context = counted(form, versions_of(form)[1])
    template = "forms/_funnel.html" if request.headers.get("HX-Request") else "forms/funnel.html"
    return render(request, template, head_of(request, form, "funnel") | context)


def counted(form: Form, live: FormVersion | None) -> dict[str, Any]:
    """Return the bars of the live version; `funnel` is None where there is none, or its answer took too long."""
    found: FormFunnel | None = None
    failed = False
    if live is not None:
        try:
            found = funnel_of(form, live, read(live.content))
        except (QuestionError, QuestionTimeout):
            failed = True
    bars = [drawn(step, found.most) for step in found.steps] if found else []
    return {"funnel": found, "failed": failed, "bars": bars, "days": DAYS, "said": said(found) if found else ""}


def drawn(step: Step, most: int) -> dict[str, Any]:
    """Return a step with the geometry of its two bars."""
    heights = [round(HEIGHT * count / most, 1) for count in (step.phone, step.desktop)]
    return {"step": step, "phone": (HEIGHT - heights[0], heights[0]), "desktop": (HEIGHT - heights[1], heights[1])}


def said(found: FormFunnel) -> str:
    """ "254 of 530 who began sent it; on phones 74 of 240, on other devices 180 of 290."."""
    sent, began = sum(found.sent), sum(found.started)
    parts = [f"{number(a)} of {number(b)}" for a, b in zip(found.sent, found.started, strict=True)]
    return f"{number(sent)} of {number(began)} who began sent it; on phones {parts[0]}, on other devices {parts[1]}."
