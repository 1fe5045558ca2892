"""Drop-off: what separates those who reached a step from those who were lost before it."""

from fullfunnel.journeys.kind import Answerer, Kind
from fullfunnel.journeys.why.question import read_drop_off


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.drop_off.answer import answer_drop_off

    return Answerer(answer_drop_off)


KIND = Kind("drop_off", read_drop_off, load)
