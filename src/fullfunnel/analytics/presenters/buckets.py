"""Buckets of time in words."""

from datetime import date, datetime

from fullfunnel.core.texts import dates


def bucket_words(text: str, by: str) -> str:
    """Return the bucket of an answer in words: "5 Jan 2026" (of a week its Monday), "Jan 2026", "5 Jan, 14:00"."""
    if by == "hour":
        moment = datetime.fromisoformat(text)
        return f"{dates.day(moment, has_year=False)}, {dates.clock_time(moment)}"
    day = date.fromisoformat(text[:10])
    if by == "month":
        return dates.month(day)
    return dates.day(day)
