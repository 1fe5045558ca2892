"""Where a company loses people, and what each loss costs: groups that go on less often than the others."""

from fullfunnel.journeys.kind import Answerer, Kind
from fullfunnel.journeys.leaks.question import read_leaks


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.leaks.answer import answer_leaks, warm

    return Answerer(answer_leaks, warm)


KIND = Kind("leaks", read_leaks, load)
