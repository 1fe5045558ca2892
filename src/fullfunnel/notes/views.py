"""The panel of notes, which a person's page loads by URL."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from fullfunnel.core.pages import tell
from fullfunnel.notes import actions
from fullfunnel.notes.forms import NewNote
from fullfunnel.notes.models import Note
from fullfunnel.people.models import Person
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow

MAX_SHOWN = 100


@allow(EVERYONE)
def panel(request: MemberRequest, public_id: str) -> HttpResponse:
    """Show the notes about a person, the latest first."""
    return _panel(request, get_object_or_404(Person, workspace=request.workspace, public_id=public_id))


@allow(EDITORS)
@require_POST
def add(request: MemberRequest, public_id: str) -> HttpResponse:
    person = get_object_or_404(Person, workspace=request.workspace, public_id=public_id)
    form = NewNote(request.POST)
    note = form.accept(actions.add_note(person, **form.cleaned_data, by=request.member)) if form.is_valid() else None
    return _panel(request, person, form=None if note else form, said="The note was added." if note else "")


@allow(EDITORS)
@require_POST
def remove(request: MemberRequest, note_id: str) -> HttpResponse:
    note = get_object_or_404(Note.objects.select_related("person"), workspace=request.workspace, public_id=note_id)
    tell(request, actions.remove_note(note, by=request.member), "The note was removed.")
    return redirect("people:person", request.workspace.slug, note.person.living().public_id)


def _panel(request: MemberRequest, person: Person, *, form: NewNote | None = None, said: str = "") -> HttpResponse:
    """Render the panel; `said` tells how an action went."""
    notes = Note.objects.filter(workspace=request.workspace, person=person.living()).select_related("written_by")
    latest = notes.order_by("-pk")[:MAX_SHOWN]
    rows = [(note, actions.reason_not_to_remove(note, by=request.member) is None) for note in latest]
    context = {
        "person": person,
        "rows": rows,
        "total": notes.count(),
        "said": said,
        "form": (form or NewNote()) if request.may(EDITORS) else None,
    }
    return render(request, "notes/_panel.html", context)
