"""Attribution: what each channel earned of the conversions, under thirteen models."""

from fullfunnel.journeys.attribution.question import read_attribution
from fullfunnel.journeys.kind import Answerer, Kind


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.attribution.answer import answer_attribution, warm

    return Answerer(answer_attribution, warm)


KIND = Kind("attribution", read_attribution, load)
