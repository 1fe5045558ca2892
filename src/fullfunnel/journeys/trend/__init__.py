"""Trends: how many events or people by hour, day, week or month, in SQL."""

from fullfunnel.journeys.kind import Answerer, Kind
from fullfunnel.journeys.trend.question import read_trend


def load() -> Answerer:
    """Import what answers it."""
    from fullfunnel.journeys.trend.answer import answer_trend

    return Answerer(answer_trend)


KIND = Kind("trend", read_trend, load, needs_index=False)
