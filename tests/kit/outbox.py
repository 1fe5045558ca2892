"""What our own actions recorded and the drain has not taken yet."""

from typing import Any

import msgspec


def recorded(workspace: Any, name: str | None = None) -> list[Any]:
    """Return the arrivals in the workspace's outbox, in order; with `name` those of that name alone."""
    from fullfunnel.events.event import Arrival
    from fullfunnel.events.models import Outbox

    rows = Outbox.objects.filter(workspace=workspace).order_by("pk")
    arrivals = [msgspec.json.decode(bytes(row.arrival), type=Arrival) for row in rows]
    return [arrival for arrival in arrivals if name is None or arrival.name == name]
