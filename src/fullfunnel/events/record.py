"""The outbox: how our own actions put events into the stream."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fullfunnel.events.event import Arrival
from fullfunnel.events.models import Outbox
from fullfunnel.workspaces.models import Source

MAX_USER_AGENT = 1_000
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Sender:
    """Who told us something: the source, and what the request says of its sender.

    A source of kind web is a stranger: the drain believes it as little as a browser, and drops bots.
    session: the visit's id, as its browser says; context: url, referrer, timezone, as of Arrival.
    """

    source: Source
    ip: str = ""
    user_agent: str = ""
    session: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


def record_event(workspace_id: int, arrival: Arrival, *, said_by: Sender | None = None) -> None:
    """Record what an action did, or what `said_by` told us. Call it inside the action's transaction: both are kept, or neither."""
    if said_by is not None:
        arrival.session = said_by.session or arrival.session
        arrival.context = {**arrival.context, **said_by.context}
    rows = [_row(workspace_id, arrival)]
    if said_by is not None:
        if said_by.source.workspace_id != workspace_id:
            raise ValueError("the source belongs to another workspace")
        rows[0].source_id, rows[0].source_kind = said_by.source.pk, said_by.source.kind
        rows[0].ip, rows[0].user_agent = said_by.ip[:45], said_by.user_agent[:MAX_USER_AGENT]
    Outbox.objects.bulk_create(rows)


def record_events(recorded: Iterable[tuple[int, Arrival]]) -> None:
    """Record many events of our own, given as (workspace id, arrival), in this order."""
    Outbox.objects.bulk_create([_row(workspace_id, arrival) for workspace_id, arrival in recorded], batch_size=500)


def _row(workspace_id: int, arrival: Arrival) -> Outbox:
    return Outbox(workspace_id=workspace_id, arrival=_encode(arrival))
