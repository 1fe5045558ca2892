"""Funnels: who went through the steps, who was lost, who can still convert."""

from fullfunnel.journeys.funnel.question import read_funnel
from fullfunnel.journeys.kind import Answerer, Kind


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.funnel.answer import answer_funnel
    from fullfunnel.journeys.funnel.fold import warm

    return Answerer(answer_funnel, warm)


KIND = Kind("funnel", read_funnel, load)
