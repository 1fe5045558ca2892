"""Which events happened just now, and which are told of the past: rows mirror both, decisions follow only the first."""

from collections.abc import Sequence

from fullfunnel.events.event import Event
from fullfunnel.workspaces.models import Source

LATE_AFTER = 24 * 60 * 60 * 1_000_000  # µs
# The property that marks an event told with `at` under the scope *history*. Nothing sets it yet: whoever records such an event must.
HISTORY = "is_history"


def not_live(events: Sequence[Event]) -> set[int]:
    """Return the numbers (`seq`) of the events that may set nothing off; all others are live.

    Of the past is what was told as history, came from a file, or was over 24 hours old when it was received.
    """
    imported = _file_sources(events)
    return {event.seq for event in events if not _is_live(event, imported)}


def _is_live(event: Event, imported: set[int]) -> bool:
    return (
        event.received_at - event.occurred_at <= LATE_AFTER
        and event.source_id not in imported
        and HISTORY not in event.properties
    )


def _file_sources(events: Sequence[Event]) -> set[int]:
    """Careful: asked of the database and not of the journal, which has forgotten the batch when a reaction is told late."""
    workspaces = {event.workspace_id for event in events}
    found = Source.objects.filter(workspace_id__in=workspaces, kind=Source.Kind.FILE)
    return set(found.values_list("pk", flat=True))
