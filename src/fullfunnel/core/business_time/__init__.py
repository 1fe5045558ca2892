"""Working time: when so much of it is over, and how much of it lies between two moments. Pure."""

from fullfunnel.core.business_time.calendar import (
    MINUTES,
    NO_TIME,
    Calendar,
    Spans,
    due,
    elapsed,
    is_open,
    next_open_day,
    open_day,
    working_days,
)
from fullfunnel.core.business_time.spans import read_spans, short_spans, week_words, written_spans

__all__ = [
    "MINUTES",
    "NO_TIME",
    "Calendar",
    "Spans",
    "due",
    "elapsed",
    "is_open",
    "next_open_day",
    "open_day",
    "read_spans",
    "short_spans",
    "week_words",
    "working_days",
    "written_spans",
]
