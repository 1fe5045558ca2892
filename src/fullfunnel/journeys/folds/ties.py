"""Numba: who serves what among events, so that one event never serves two steps and a tie never costs a conversion.

`masks[e]` holds in bit s whether event e matches step s. `owner[s]` is the event that serves step s, -1 for none.
Both functions look for an augmenting path, as in bipartite matching, and leave `owner` as it was when there is none.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numba as nb
import numpy as np

from fullfunnel.journeys.folds.plan import CARRIES, STEPS

compiled = nb.njit(cache=True, nogil=True)


@compiled
def clear(places):
    """Nothing anywhere."""
    for i in range(places.shape[0]):
        places[i] = -1


@compiled
def add_event(masks, e, steps, owner):
    """Makes event `e` serve one of `steps` (a bit mask), moving others along if need be. Says whether it could."""
    queue = np.empty(33, np.int8)
    found_from = np.empty(32, np.int8)
    queue[0] = -1
    head, tail, unseen = 0, 1, steps
    while head < tail:
        home = queue[head]
        head += 1
        event = e if home < 0 else owner[home]
        for s in range(32):
            if (masks[event] & unseen) >> s & 1:
                unseen &= ~(1 << s)
                found_from[s] = home
                if owner[s] < 0:
                    while found_from[s] >= 0:
                        owner[s] = owner[found_from[s]]
                        s = found_from[s]
                    owner[s] = e
                    return True
                queue[tail] = s
                tail += 1
    return False


@compiled
def add_step(masks, low, high, s, owner, stop):
    """Finds step `s` an event among those from `low` to `high`, moving other steps along if need be. Says whether it could;
    no, once `stop` is set: the events of one moment may be many."""
    queue = np.empty(32, np.int8)
    asked_by = np.empty(32, np.int8)
    queue[0] = s
    head, tail, seen = 0, 1, 1 << s
    while head < tail and not stop[0]:
        step = queue[head]
        head += 1
        for e in range(low, high):
            if not masks[e] >> step & 1:
                continue
            holder = -1
            for other in range(32):
                if owner[other] == e:
                    holder = other
            if holder < 0:
                while step != s:
                    e, owner[step] = owner[step], e
                    step = asked_by[step]
                owner[s] = e
                return True
            if not seen >> holder & 1:
                seen |= 1 << holder
                asked_by[holder] = step
                queue[tail] = holder
                tail += 1
    return False


@compiled
def reachable(masks, owner, steps):
    """The steps (a bit mask) of which an event must match one to be of further use: those free, and those that could be freed."""
    found = 0
    for s in range(32):
        if steps >> s & 1 and owner[s] < 0:
            found |= 1 << s
    grown = True
    while grown:
        grown = False
        for s in range(32):
            if steps >> s & 1 and not found >> s & 1 and masks[owner[s]] & found:
                found |= 1 << s
                grown = True
    return found


@compiled
def fill_any(masks, low, high, owner, rank, plan, stop):
    """Takes what serves a further step out of one tie group, for `order: any`; returns how many steps are completed."""
    everything = (1 << plan.steps) - 1
    grown = True
    while grown and rank < plan.steps:
        grown = False
        for e in range(low, high):
            if stop[0]:
                return rank
            if rank == plan.carry - 1 and not masks[e] & CARRIES:
                continue
            if masks[e] & STEPS and not serves(owner, e) and add_event(masks, e, everything, owner):
                rank += 1
                grown = True
                break
    return rank


@compiled
def serves(owner, e):
    for s in range(32):  # noqa: SIM110
        if owner[s] == e:
            return True
    return False


@compiled
def consume(masks, low, high, steps):
    """Takes the events that serve `steps` (a bit mask) out of a tie group that is sorted by what is needed least."""
    owner = np.empty(32, np.int64)
    clear(owner)
    for e in range(low, high):
        if masks[e] & steps:
            add_event(masks, e, steps, owner)
    for s in range(32):
        if owner[s] >= 0:
            masks[owner[s]] &= ~STEPS
