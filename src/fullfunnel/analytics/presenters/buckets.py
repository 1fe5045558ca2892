"""Buckets of time in words."""

from datetime import date, datetime

from fullfunnel.core import moments


def bucket_words(text: str, by: str) -> str:
    """Return the bucket of an answer in words: "5 Jan 2026" (of a week its Monday), "Jan 2026", "5 Jan, 14:00"."""
    if by == "hour":
        moment = datetime.fromisoformat(text)
        return f"{moments.day(moment, has_year=False)}, {moment:%H:%M}"
    day = date.fromisoformat(text[:10])
    if by == "month":
        return f"{day:%b %Y}"
    return moments.day(day)
