"""After events were stored: each source's "last arrival"."""

from collections.abc import Sequence
from typing import Protocol

from fullfunnel.core import clock
from fullfunnel.workspaces.actions import record_arrivals


class Arrived(Protocol):
    """What this room needs of an event; the event itself belongs to a higher room."""

    workspace_id: int
    source_id: int
    received_at: int


def on_events(events: Sequence[Arrived], *, live: bool) -> None:
    """Safe to repeat: a moment is only ever replaced by a later one."""
    latest: dict[tuple[int, int], int] = {}
    for event in events:
        where = event.workspace_id, event.source_id
        latest[where] = max(latest.get(where, 0), event.received_at)
    for (workspace_id, source_id), at in latest.items():
        record_arrivals(workspace_id, [(source_id, clock.from_us(at))])
