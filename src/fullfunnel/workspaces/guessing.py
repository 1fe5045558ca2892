"""How long whoever tries passwords has to wait. Free of Django."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# The wrong passwords that cost no wait; each further one doubles it.
FREE = 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
# In which one is forgotten: guessing for days gets one try in it.
FORGOTTEN_IN = LONGEST_PAUSE


@dataclass(frozen=True)
class Guesses:
    """Wrong passwords that were not forgotten (`level`) at the last try."""

    level: float
    tried_at: datetime


def pause(guesses: Guesses, now: datetime) -> timedelta:
    """Return how long until the next try is taken; at most zero: now."""
    beyond = int(guesses.level) - FREE
    if beyond < 0:
        return timedelta(0)
    # A clock that was set back makes nobody wait longer.
    longest: timedelta = FIRST_PAUSE * 2 ** min(beyond, 10)
    return min(longest, LONGEST_PAUSE) - max(now - guesses.tried_at, timedelta(0))


def one_more(guesses: Guesses, now: datetime) -> Guesses:
    """Return the guesses with a try of `now`."""
    forgotten = max(now - guesses.tried_at, timedelta(0)) / FORGOTTEN_IN
    return Guesses(max(0.0, guesses.level - forgotten) + 1, now)
