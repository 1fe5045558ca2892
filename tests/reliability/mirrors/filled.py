from collections.abc import Sequence

from fullfunnel.events.event import Event
from tests.reliability.mirrors import NAMES, note

__all__ = ["NAMES", "on_events"]


def on_events(events: Sequence[Event], *, live: bool) -> None:
    note("filled", events, live=live)
