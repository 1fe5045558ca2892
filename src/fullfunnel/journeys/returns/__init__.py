"""Returns: what each channel or campaign cost and brought, a stage at a time and under each attribution model."""

from fullfunnel.journeys.kind import Answerer, Kind
from fullfunnel.journeys.returns.question import read_returns


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.returns.answer import answer_returns

    return Answerer(answer_returns)


KIND = Kind("returns", read_returns, load)
