"""Why: the trace of one unit through a funnel, and what would have changed it."""

from fullfunnel.journeys.kind import Answerer, Kind
from fullfunnel.journeys.why.question import read_why


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.why.answer import answer_why

    return Answerer(answer_why)


KIND = Kind("why", read_why, load)
