"""The two funnels: marketing stages, the joint, sales stages."""

from fullfunnel.journeys.kind import Answerer, Kind
from fullfunnel.journeys.stages.question import read_stages


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.stages.answer import answer_stages, warm

    return Answerer(answer_stages, warm)


KIND = Kind("stages", read_stages, load)
