"""What the stream tells of sources: nobody acts here, so nothing is audited."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F

from fullfunnel.workspaces.models import Source


def record_arrivals(workspace_id: int, latest: Iterable[tuple[int, datetime]]) -> None:
    """Note when something last arrived from each (source id, moment)."""
    for source_id, at in latest:
        older = Source.objects.filter(pk=source_id, workspace_id=workspace_id).exclude(last_arrival_at__gte=at)
        older.update(last_arrival_at=at)


def record_repeats(repeats: Mapping[int, int]) -> None:
    """Add to the number of repeated deliveries of each source (source id -> further ones)."""
    for source_id, further in repeats.items():
        Source.objects.filter(pk=source_id).update(repeats=F("repeats") + further)
