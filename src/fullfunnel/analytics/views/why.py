"""Why a person stands where they stand in a funnel: the trace, also as a file; and the way to it from the person's page."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from fullfunnel.analytics.forms.question import to_question
from fullfunnel.analytics.models import SavedQuestion
from fullfunnel.analytics.presenters import why as presenter
from fullfunnel.analytics.views.asking import Json, Opened, ask, ask_long, link_of, opened, suggestion
from fullfunnel.analytics.views.frame import csv_file, page_url
from fullfunnel.core import clock
from fullfunnel.people.models import Person
from fullfunnel.people.views.record import find_person
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import hides, visible

MAX_SAVED = 5


@allow(EVERYONE)
def why(request: MemberRequest) -> HttpResponse:
    """The trace of the person `who` in the funnel of the address; `at`: which entry, as lists of people give it."""
    found, who = opened(request), request.GET.get("who", "")
    person = seen_unit(request, who)
    asked = ask_long(request, why_question(request, found))
    context: dict[str, Any] = {
        "workspace": request.workspace,
        "asked": asked,
        "person": person,
        "name": person or who,
        "again": request.get_full_path(),
        "csv_url": f"{page_url(request, 'why-csv')}?{request.GET.urlencode()}",
        "back": f"{page_url(request, 'funnel')}?{link_of(found)}",
        "trace": presenter.present(asked.answer) if asked.answer else None,
    }
    return render(request, "analytics/why.html", context)


@allow(EVERYONE)
def why_csv(request: MemberRequest) -> HttpResponse:
    """The events of the trace as a file."""
    seen_unit(request, request.GET.get("who", ""))
    asked = ask(request, why_question(request, opened(request)))
    return csv_file(asked, presenter.csv_rows, "why")


def seen_unit(request: MemberRequest, who: str) -> Person | None:
    """Return the person whose trace is asked for, None for a company or a deal; 404 for who is not to be seen."""
    person = visible(Person.objects.filter(workspace=request.workspace, public_id=who[:64])).first()
    if person is None and hides():
        raise Http404("not for you to see")
    return person


def why_question(request: MemberRequest, found: Opened) -> Json:
    question = to_question(found.fields, clock.now(), request.workspace.timezone)
    asked: Json = {"kind": "why", "question": question, "unit": request.GET.get("who", "")}
    return asked | ({"entered_at": request.GET["at"]} if request.GET.get("at") else {})


@allow(EVERYONE)
def person_funnels(request: MemberRequest, public_id: str) -> HttpResponse:
    """A panel of the person's page: the funnels in which one may ask why. Nothing is counted for it."""
    find_person(request.workspace, public_id)
    page = page_url(request, "why")
    kept = SavedQuestion.kept.filter(workspace=request.workspace, question__kind="funnel").order_by("-pk")[:MAX_SAVED]
    links = [(saved.name, f"{page}?saved={saved.pk}&who={public_id}") for saved in kept]
    if not links and (fields := suggestion(request.workspace)).is_complete():
        links = [("The road of this workspace", f"{page}?{link_of(Opened(fields, None))}&who={public_id}")]
    return render(request, "analytics/_person_funnels.html", {"workspace": request.workspace, "links": links})
