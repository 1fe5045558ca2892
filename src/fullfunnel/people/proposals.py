"""Pairs of people that may be one and the same, and of whom nobody has decided yet."""

from django.db.models import QuerySet

from fullfunnel.people.models import MergeProposal, Person
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.sight import about_visible


def open_proposals(workspace: Workspace) -> QuerySet[MergeProposal]:
    """Return the open proposals whose two people whoever asks sees."""
    rows = MergeProposal.objects.filter(workspace=workspace, decision="").select_related("first", "second")
    return about_visible(rows, first=Person, second=Person)
