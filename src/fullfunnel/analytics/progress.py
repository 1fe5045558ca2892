"""How far a long question is, in words."""

from fullfunnel.core.numbers import number

MILLION = 1_000_000


def progress_words(done: int, total: int, seconds: float) -> str:
    """ "12,400,000 of 20,000,000 events · 9 million a second · about 1 s left"; how long it has run where there is no count yet."""
    if not total:
        return f"Counting for {_span(seconds)}."
    said = [f"{number(done)} of {number(total)} events"]
    if done and seconds > 0:
        rate = done / seconds
        said += [f"{_rate(rate)} a second", f"about {_span((total - done) / rate)} left"]
    return " · ".join(said)


def _rate(rate: float) -> str:
    if rate >= MILLION:
        return f"{number(round(rate / MILLION, 1) if rate < 9_950_000 else round(rate / MILLION))} million"
    # Two digits say enough.
    size = 10 ** max(len(str(int(rate))) - 2, 0)
    return number(int(rate) // size * size)


def _span(seconds: float) -> str:
    left = max(round(seconds), 1)
    if left < 90:
        return f"{left} s"
    return f"{round(left / 60)} min" if left < 5400 else f"{number(round(left / 3600))} h"
