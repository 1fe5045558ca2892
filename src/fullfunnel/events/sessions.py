"""Derive sessions where the client named none: no pause over 30 minutes, at most 24 hours."""

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.event import ACTORS, PERSON

MAX_PAUSE_US = 30 * 60 * 1_000_000
MAX_SESSION_US = 24 * 3600 * 1_000_000
# The session of an event that neither begins nor joins one: a server said it, and named none.
APART = -2


def number_sessions(
    owner: NDArray[np.int64], time: NDArray[np.int64], actor: NDArray[np.uint8], given: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return each event's session: `given`, or where it is -1 one derived; -1 for what no person did.

    owner: identity, or person of a file; rows are sorted by (owner, time). time: µs. actor: index into
    event.ACTORS. Derived numbers are above the given ones.
    """
    numbers = given.astype(np.int64, copy=True)
    rows = np.flatnonzero((actor == ACTORS.index(PERSON)) & (given < 0))
    if rows.size == 0:
        return numbers
    moments, owners = time[rows], owner[rows]
    begins = np.ones(rows.size, np.bool_)
    begins[1:] = (owners[1:] != owners[:-1]) | (moments[1:] - moments[:-1] > MAX_PAUSE_US)
    _cut_long(begins, moments)
    numbers[rows] = np.cumsum(begins) + (given.max(initial=-1))
    return numbers


def _cut_long(begins: NDArray[np.bool_], moments: NDArray[np.int64]) -> None:
    """Begin a new session where one would last more than MAX_SESSION_US."""
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], begins.size)
    for start, end in zip(starts, ends, strict=True) if _any_long(moments, starts, ends) else ():
        at = start
        while moments[end - 1] - moments[at] > MAX_SESSION_US:
            at += np.searchsorted(moments[at:end], moments[at] + MAX_SESSION_US, side="right")
            begins[at] = True


def _any_long(moments: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> bool:
    return bool((moments[ends - 1] - moments[starts] > MAX_SESSION_US).any())
