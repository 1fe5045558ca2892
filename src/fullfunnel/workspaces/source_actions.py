"""Actions about sources that the stream takes."""

from collections.abc import Mapping

from django.db.models import F

from fullfunnel.workspaces.models import Source


def record_repeats(repeats: Mapping[int, int]) -> None:
    """Add to the number of repeated deliveries of each source (source id -> further ones)."""
    for source_id, further in repeats.items():
        Source.objects.filter(pk=source_id).update(repeats=F("repeats") + further)
