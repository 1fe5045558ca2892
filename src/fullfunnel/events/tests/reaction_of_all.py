"""Where `stream.react` might be after its module was renamed."""

from fullfunnel.events.tests.stream import react

__all__ = ["react"]
