"""Paths: what came after an event, or before it."""

from fullfunnel.journeys.kind import Answerer, Kind
from fullfunnel.journeys.paths.question import read_paths


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.paths.answer import answer_paths, warm

    return Answerer(answer_paths, warm)


KIND = Kind("paths", read_paths, load)
