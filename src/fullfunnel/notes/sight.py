"""Whose notes are whose."""

from collections.abc import Sequence

from django.db.models import Q


def notes_of(workspace_id: int, owners: Sequence[int]) -> Q:
    """Return the notes that these users wrote."""
    return Q(written_by__in=owners)
