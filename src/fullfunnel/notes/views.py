"""The panel of notes, which a person's page loads by URL. Each view answers with the panel as it is then."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.core.pages import asked_page, render_form
from fullfunnel.core.refused import Refused
from fullfunnel.notes import actions
from fullfunnel.notes.forms import NewNote
from fullfunnel.notes.models import Note
from fullfunnel.people.models import Person
from fullfunnel.people.views.record import find_person
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import visible


@allow(EVERYONE)
@require_safe
def panel(request: MemberRequest, public_id: str) -> HttpResponse:
    """Show the notes about a person, the latest first."""
    return _panel(request, find_person(request.workspace, public_id))


@allow(EDITORS)
@require_POST
def add(request: MemberRequest, public_id: str) -> HttpResponse:
    person = find_person(request.workspace, public_id)
    form = NewNote(request.POST)
    note = form.accept(actions.add_note(person, **form.cleaned_data, by=request.member)) if form.is_valid() else None
    return _panel(request, person, said="The note was added.") if note else _panel(request, person, form=form)


@allow(EDITORS)
@require_POST
def remove(request: MemberRequest, note_id: str) -> HttpResponse:
    notes = visible(Note.objects.filter(workspace=request.workspace).select_related("person"))
    note = get_object_or_404(notes, public_id=note_id)
    removed = actions.remove_note(note, by=request.member)
    if isinstance(removed, Refused):
        return _panel(request, note.person, refused=removed)
    return _panel(request, note.person, said="The note was removed.")


def _panel(
    request: MemberRequest,
    person: Person,
    *,
    form: NewNote | None = None,
    said: str = "",
    refused: Refused | None = None,
) -> HttpResponse:
    """Render the panel; 422 with a form that is wrong, or with an action that was refused. `said` tells what was done."""
    notes = visible(Note.objects.filter(workspace=request.workspace, person=person.living())).select_related(
        "written_by"
    )
    here = reverse("notes:panel", args=[request.workspace.slug, person.public_id])
    page = asked_page(request, total=notes.count(), link=lambda number: f"{here}?page={number}")
    rows = [
        (note, actions.reason_not_to_remove(note, by=request.member) is None)
        for note in notes.order_by("-pk")[page.offset : page.end]
    ]
    context = {"person": person, "rows": rows, "page": page, "said": said, "refused": refused}
    answer = render_form(request, "notes/_panel.html", form or NewNote(), context | {"may_write": request.may(EDITORS)})
    answer.status_code = 422 if refused else answer.status_code
    return answer
