"""A reaction that lists the event names it wants, for the tests of this room."""

from fullfunnel.events.tests.stream import react as on_events

NAMES = ("deal_won", "deal_lost")

__all__ = ["NAMES", "on_events"]
