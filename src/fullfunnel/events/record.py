"""The outbox: how our own actions put events into the stream."""

from collections.abc import Iterable

import msgspec

from fullfunnel.events.event import Arrival
from fullfunnel.events.models import Outbox

_encode = msgspec.json.Encoder().encode


def record_event(workspace_id: int, arrival: Arrival) -> None:
    """Records what an action did. Call it inside the action's transaction: both are kept, or neither is."""
    record_events([(workspace_id, arrival)])


def record_events(recorded: Iterable[tuple[int, Arrival]]) -> None:
    """The same for many (workspace id, arrival) at once, in the order given."""
    rows = [Outbox(workspace_id=workspace_id, arrival=_encode(arrival)) for workspace_id, arrival in recorded]
    Outbox.objects.bulk_create(rows, batch_size=500)
