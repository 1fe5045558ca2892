"""Numba: how far a unit came, from events that serve one step each; and the times between the steps. Copied into the loops over units.

An event is a number: its place << SHIFT | its step from 1 (scan.py); its time is that of row `low` + place.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numpy as np

from fullfunnel.journeys.folds.scan import MARK, ONE, SHIFT, inlined
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.funnel.fast.one_pass import NONE, TIED, UNSET

# The moment of an event that nobody needed to fetch.
UNKNOWN = UNSET + 1
# Events of one moment that are put in order on the spot.
FEW = np.uint64(32)


@inlined
def reach(steps, only_first, limits, times, low, row, j, top, is_first, own, latest):
    """The last step reached, NONE, or TIED: events of one moment are not in the order of their steps; and the place after the unit's
    last event. As levels._furthest, from event `j` on, of events that serve one step each. is_first: the unit has none before it."""
    window, since, before, until, _ = limits
    ways, level, is_tied = np.uint64(own) << ONE, np.int64(NONE), False
    previous = np.int64(UNSET if is_first else UNKNOWN)
    for k in range(steps + 1):
        latest[k] = UNSET
    latest[0] = 0
    # Careful: not left early; a loop with one way out is a third faster.
    while row[j] < top:
        k = row[j] & MARK
        begun = latest[k - ONE]
        if begun != UNSET and ways >> k & ONE:
            at = times[low + (row[j] >> SHIFT)]
            if previous == UNKNOWN:
                # An event that takes nobody on may share its moment with one that does: then their order matters.
                previous = times[low + (row[j - ONE] >> SHIFT)]
            is_tied |= (at == previous) & (k < row[j - ONE] & MARK)
            previous = at
            if k == ONE:
                begun = at if since <= at < before else UNSET
            able = (at - begun <= window) & (at <= until)
            latest[k] = begun if able else latest[k]
            level = max(level, np.int64(k) - 1 if able else np.int64(NONE))
            if only_first and level >= 0:
                before = UNSET
        else:
            previous = UNKNOWN
        j += ONE
    return np.int64(TIED) if is_tied else level, j


@inlined
def walk(times, low, row, j, level, entered, spans, many):
    """Writes the times between the steps of the entry that began at `entered`, looked for from `j` on; each step is its first possible
    event."""
    at = entered
    while row[j] & MARK != ONE or times[low + (row[j] >> SHIFT)] != entered:
        j += ONE
    for k in range(np.uint64(2), np.uint64(level + 2)):
        while row[j] & MARK != k:
            j += ONE
        moment = times[low + (row[j] >> SHIFT)]
        spans[k - ONE, many[k - ONE]] = moment - at
        many[k - ONE] += 1
        at = moment


@compiled
def put_moments_in_order(times, low, row, begin, end):
    """Puts events of one moment in the order of their steps. Says whether it could: none is carried past more than FEW others."""
    for i in range(begin + ONE, end):
        own, j = row[i], i
        at = times[low + (own >> SHIFT)]
        while j > begin and row[j - ONE] & MARK > own & MARK and times[low + (row[j - ONE] >> SHIFT)] == at:
            row[j] = row[j - ONE]
            j -= ONE
        row[j] = own
        if i - j > FEW:
            return False
    return True
