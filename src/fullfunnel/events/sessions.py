"""Sessions where the client named none: what a person did without a pause of more than 30 minutes, for 24 hours at most."""

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.event import ACTORS, PERSON

PAUSE_US = 30 * 60 * 1_000_000
LONGEST_US = 24 * 3600 * 1_000_000


def number_sessions(
    owner: NDArray[np.int64], time: NDArray[np.int64], actor: NDArray[np.uint8], given: NDArray[np.int64]
) -> NDArray[np.int64]:
    """A session number for each event: `given` where it is not -1, else one derived from pauses; -1 for what no person did.

    owner: whose event (an identity; in a file a person); rows are sorted by (owner, time). time: µs. actor: index into
    event.ACTORS. Derived numbers begin above the given ones, so that the two never meet.
    """
    numbers = given.astype(np.int64, copy=True)
    rows = np.flatnonzero((actor == ACTORS.index(PERSON)) & (given < 0))
    if rows.size == 0:
        return numbers
    moments, owners = time[rows], owner[rows]
    begins = np.ones(rows.size, np.bool_)
    begins[1:] = (owners[1:] != owners[:-1]) | (moments[1:] - moments[:-1] > PAUSE_US)
    _cut_long(begins, moments)
    numbers[rows] = np.cumsum(begins) + (given.max(initial=-1))
    return numbers


def _cut_long(begins: NDArray[np.bool_], moments: NDArray[np.int64]) -> None:
    """Marks a new beginning wherever a session would otherwise last more than LONGEST_US."""
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], begins.size)
    for start, end in zip(starts, ends, strict=True) if _any_long(moments, starts, ends) else ():
        at = start
        while moments[end - 1] - moments[at] > LONGEST_US:
            at += np.searchsorted(moments[at:end], moments[at] + LONGEST_US, side="right")
            begins[at] = True


def _any_long(moments: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> bool:
    return bool((moments[ends - 1] - moments[starts] > LONGEST_US).any())
