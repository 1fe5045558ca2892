"""A few notes of the demo company's sellers, written by the same action as any other."""

from fullfunnel.notes.actions import add_note
from fullfunnel.people.search import search_people
from fullfunnel.workspaces.models import Membership, Workspace

# Who it is about, who wrote it, what.
NOTES = (
    ("Ada Brandt", "bob@halden.example", "Asked twice for a demo on her phone, and the form never came. Call her."),
    ("Ada Brandt", "dana@halden.example", "Head of nursing, 3 sites, 180 staff.\nPlans shifts in a spreadsheet today."),
    ("Ada Brandt", "bob@halden.example", "Tried to reach her on Friday; she is back on Tuesday."),
)


def write_notes(workspace: Workspace) -> int:
    """Write the notes about those who are there; return how many."""
    written = 0
    for name, email, text in NOTES:
        person = search_people(workspace, f'"{name}"').first()
        writer = Membership.objects.filter(workspace=workspace, user__email=email).select_related("user").first()
        if person and writer:
            add_note(person, text=text, by=writer)
            written += 1
    return written
