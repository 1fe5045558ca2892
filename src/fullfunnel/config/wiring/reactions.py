"""What happens because events were stored."""

# Path of a function (batch, events) -> None. Each has its own cursor and is idempotent.
ON_EVENT = [
    "fullfunnel.workspaces.on_event.on_events",
    "fullfunnel.events.catalogue.on_events",
    "fullfunnel.people.on_event.on_events",
]
