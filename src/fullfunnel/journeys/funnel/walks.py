"""Numba: one entry of a funnel, walked from the group of events it begins with. Events of one moment are a group.

A walk writes into `j.at` the group that serves each step (-1: not reached) and returns (last step reached, or -1; until when
it could have gone on, -NEVER when it cannot). O(steps) hops through `j.next`, whatever the length of the journey.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numpy as np

from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.ties import add_step, clear, compiled, fill_any, reachable


@compiled
def walk_ordered(j, plan, g):
    """`order: ordered`: each step is its first possible event."""
    begun = j.time[g]
    end = min(begun + plan.window, plan.latest)
    p, moment = take(j, plan, g, np.int64(-1), begun)
    while p < plan.steps - 1:
        best = np.int64(-1)
        for s in range(p + 1, plan.steps):
            h = np.int64(j.next[g, s])
            if h >= 0 and j.time[h] <= end and j.time[h] - moment <= plan.within[s] and (best < 0 or h < best):
                best = h
            if not plan.optional >> s & 1:
                break
        if best < 0:
            break
        g = best
        p, moment = take(j, plan, g, p, moment)
    return p, deadline(plan, p, moment, end)


@compiled
def deadline(plan, p, moment, end):
    """The last moment at which a step after `p`, reached at `moment`, is possible."""
    until = -NEVER
    for s in range(p + 1, plan.steps):
        until = max(until, min(end, moment + plan.within[s]))
        if not plan.optional >> s & 1:
            break
    return until


@compiled
def take(j, plan, g, p, moment):
    """Goes on from step `p`, reached at `moment`, with the events of group `g`; returns the same two anew."""
    here = j.time[g]
    if not plan.optional:
        chosen = prefix(j, plan, g, p)
    elif p < 0:
        chosen = from_step(j, plan, g, np.int64(0))[0]
    else:
        chosen = choose(j, plan, g, p, moment)
    for s in range(p + 1, plan.steps):
        if chosen >> s & 1:
            j.at[s] = g
            p = s
    return p, here


@compiled
def prefix(j, plan, g, p):
    """The steps after `p` that group `g` serves, one after the other."""
    low, high, chosen = j.first[g], j.first[g + 1], 0
    owner = j.owner
    if j.tied[g]:
        clear(owner)
    for s in range(p + 1, plan.steps):
        if not j.any[g] >> s & 1 or (j.tied[g] and not add_step(j.mask, low, high, s, owner, j.stop)):
            break
        chosen |= 1 << s
        if high - low == 1:
            break
    return chosen


@compiled
def choose(j, plan, g, p, moment):
    """With optional steps: what gets furthest through the required ones, then serves most steps, then the earliest ones."""
    best, best_needed, best_all = 0, -1, -1
    alone = j.first[g + 1] - j.first[g] == 1
    for s in range(p + 1, plan.steps):
        if alone and best and plan.optional >> s & 1:
            continue
        if j.any[g] >> s & 1 and j.time[g] - moment <= plan.within[s]:
            chosen, needed, every = from_step(j, plan, g, s)
            if needed > best_needed or (needed == best_needed and every > best_all):
                best, best_needed, best_all = chosen, needed, every
        if not plan.optional >> s & 1:
            break
    return best


@compiled
def from_step(j, plan, g, s):
    """What group `g` serves when step `s` is the first: required steps in a row, then optional ones between them."""
    owner, low, high = j.owner, j.first[g], j.first[g + 1]
    if high - low == 1:
        return 1 << s, 1 - (plan.optional >> s & 1), 1
    clear(owner)
    add_step(j.mask, low, high, s, owner, j.stop)
    chosen, stop = 1 << s, plan.steps
    for t in range(s + 1, plan.steps):
        if not plan.optional >> t & 1:
            if not j.any[g] >> t & 1 or not add_step(j.mask, low, high, t, owner, j.stop):
                stop = t
                break
            chosen |= 1 << t
    for t in range(s + 1, stop):
        if plan.optional >> t & 1 and j.any[g] >> t & 1 and add_step(j.mask, low, high, t, owner, j.stop):
            chosen |= 1 << t
    needed = every = 0
    for t in range(s, plan.steps):
        every += chosen >> t & 1
        needed += (chosen & ~plan.optional) >> t & 1
    return chosen, needed, every


@compiled
def walk_any(j, plan, g):
    """`order: any`: j.at[k] is where the k-th distinct step was completed."""
    end = min(j.time[g] + plan.window, plan.latest)
    owner, everything = j.owner, (1 << plan.steps) - 1
    clear(owner)
    rank = np.int64(0)
    while True:
        before = rank
        rank = fill_any(j.mask, j.first[g], j.first[g + 1], owner, rank, plan, j.stop)
        for k in range(before, rank):
            j.at[k] = g
        if rank == plan.steps or rank == 0:
            break
        useful, following = reachable(j.mask, owner, everything), np.int64(-1)
        for s in range(plan.steps):
            h = np.int64(j.next[g, s])
            if useful >> s & 1 and h >= 0 and j.time[h] <= end and (following < 0 or h < following):
                following = h
        if following < 0:
            break
        g = following
    return rank - 1, (end if rank < plan.steps else -NEVER)


@compiled
def walk_strict(j, plan, g):
    """`order: strict`: what gets furthest of the ways to order events of one moment and to pass over optional steps."""
    last, best, best_needed, until = -1, 0, 0, -NEVER
    for passed in range(1 << j.optional.shape[0]):
        steps = chain_of(j, plan, passed)
        most = filled(j, g, steps, np.int64(0))
        for begun in range(most, 0, -1):
            count, open_until = walk_chain(j, plan, g, steps, begun)
            until = max(until, open_until)
            needed = 0
            for k in range(count):
                needed += 1 - (plan.optional >> steps[k] & 1)
            if needed > best_needed or (
                needed == best_needed and (count > best or (count == best and earlier(j, steps)))
            ):
                best, best_needed = count, needed
                clear(j.at)
                for k in range(count):
                    j.at[steps[k]] = j.trial[k]
                    last = max(last if k else -1, steps[k])
    return last, until


@compiled
def chain_of(j, plan, passed):
    """The steps of an entry that passes over the optional ones of `passed` (bit i: the i-th of j.optional)."""
    steps = np.empty(plan.steps, np.int64)
    count = 0
    for s in range(plan.steps):
        skip = False
        for i in range(j.optional.shape[0]):
            skip = skip or (j.optional[i] == s and passed >> i & 1)
        if not skip:
            steps[count] = s
            count += 1
    return steps[:count]


@compiled
def filled(j, g, steps, k):
    """How many of `steps` (of which there is a k-th) are served, from the k-th on, by events of group `g`: the new k."""
    low, high, owner = j.first[g], j.first[g + 1], j.owner
    if high - low == 1:
        return k + (j.any[g] >> steps[k] & 1)
    clear(owner)
    while k < steps.shape[0] and j.any[g] >> steps[k] & 1 and add_step(j.mask, low, high, steps[k], owner, j.stop):
        k += 1
    return k


@compiled
def walk_chain(j, plan, g, steps, k):
    """A chain that takes its first `k` steps from group `g`; writes groups into j.trial. How many steps; until when it can go on."""
    end = min(j.time[g] + plan.window, plan.latest)
    for i in range(k):
        j.trial[i] = g
    while k < steps.shape[0]:
        h = np.int64(j.next_seen[g])
        if h < 0:
            return k, min(end, j.time[g] + plan.within[steps[k]])
        if j.time[h] > end or j.time[h] - j.time[g] > plan.within[steps[k]]:
            return k, -NEVER
        reached = filled(j, h, steps, k)
        for i in range(k, reached):
            j.trial[i] = h
        if reached - k < j.first[h + 1] - j.first[h]:
            return reached, -NEVER
        g, k = h, reached
    return k, -NEVER


@compiled
def earlier(j, steps):
    """Whether the chain in j.trial serves its steps earlier than the one in j.at, which has as many."""
    k = 0
    for s in range(j.at.shape[0]):
        if j.at[s] >= 0:
            if j.trial[k] != j.at[s]:
                return j.trial[k] < j.at[s]
            k += 1
    return False
