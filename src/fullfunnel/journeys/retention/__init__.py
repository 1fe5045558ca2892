"""Retention: who came back, cohort by cohort."""

from fullfunnel.journeys.kind import Answerer, Kind
from fullfunnel.journeys.retention.question import read_retention


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.retention.answer import answer_retention, warm

    return Answerer(answer_retention, warm)


KIND = Kind("retention", read_retention, load)
