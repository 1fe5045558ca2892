"""What came of handing a mail over. Free of Django."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


class Came(Enum):
    """SENT: the server took it. REFUSED: it never will. LATER: not now. UNCERTAIN: the line broke before it answered."""

    SENT = "sent"
    REFUSED = "not_sent"
    LATER = "waiting"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class Outcome:
    """answer: in words, with what the server said."""

    came: Came
    answer: str


def pause_after(tries: int) -> timedelta:
    """Return how long until the next try, after so many (1 or more)."""
    return BACK_OFF[min(tries, len(BACK_OFF)) - 1]
