"""Numba: `count: entries`. Every entry of a run, one after the other; the next begins when the last has ended."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numpy as np

from fullfunnel.journeys.folds.plan import ANY_ORDER, DROP, NEVER, REMOVE, STEPS, STRICT
from fullfunnel.journeys.folds.ties import compiled, consume
from fullfunnel.journeys.funnel.entry import judge, reached_by, sooner, starts, walk, weight, write


@compiled
def chosen(j, plan, at, groups, r, rows, n):
    """Of the entries that begin at the moment of order[at], one a strand: the one that counts, then comes furthest; -1: none.

    Row `n` is used to compare.
    """
    best, best_rank, begins = np.int64(-1), 3, j.time[j.order[at]]
    if at + 1 == groups or j.time[j.order[at + 1]] != begins:
        return j.order[at]
    while at < groups and j.time[j.order[at]] == begins and not j.stop[0]:
        g = j.order[at]
        at += 1
        p, until = walk(j, plan, g) if j.any[g] & starts(plan) else (np.int64(-1), np.int64(0))
        if p < 0:
            continue
        verdict, _, kept = judge(j, plan, g, p)
        rank = 2 if verdict == REMOVE else (1 if verdict == DROP else 0)
        ahead = weight(reached_by(j, kept), plan) - weight(rows.reached[n], plan) if best >= 0 else 0
        if rank < best_rank or (rank == best_rank and (ahead > 0 or (ahead == 0 and sooner(j, rows, n, kept)))):
            best, best_rank = g, rank
            write(j, plan, rows, n, r, p, kept, until)
    return best


@compiled
def each(j, plan, groups, since, before, moment, r, low, rows, n):
    """Every entry of a run, one after the other, from `moment` on. Returns n, the moment it came to, whether the unit is removed."""
    at, bits = np.int64(0), np.int64(starts(plan))
    while at < groups and not j.stop[0]:
        g = j.order[at]
        begins = j.time[g]
        if begins >= before:
            break
        able = begins >= since and begins >= moment and j.any[g] & bits
        g = chosen(j, plan, at, groups, r, rows, n) if able else np.int64(-1)
        p, until = walk(j, plan, g) if g >= 0 else (np.int64(-1), np.int64(0))
        if p < 0:
            at += 1
            continue
        verdict, when, kept = judge(j, plan, g, p)
        if verdict == REMOVE:
            return n, moment, True
        if verdict != DROP:
            n = write(j, plan, rows, n, r, p, kept, until if verdict < 0 else -NEVER)
        last = j.at[p]
        if verdict >= 0:
            moment = when
        elif p == plan.steps - 1 or (plan.order == STRICT and last != g):
            use_up(j, plan, last, low)
            moment = j.time[last]
        elif plan.order == STRICT:
            moment = begins + 1
        else:
            moment = until + 1
    return n, moment, False


@compiled
def use_up(j, plan, g, low):
    """The events with which an entry ended at group `g` serve no other."""
    low_event, high_event = j.first[g], j.first[g + 1]
    steps = 0
    for s in range(plan.steps):
        if plan.order == ANY_ORDER and low_event <= j.owner[s] < high_event:
            j.mask[j.owner[s]] &= ~STEPS
        if plan.order != ANY_ORDER and j.at[s] == g:
            steps |= 1 << s
    if steps:
        consume(j.mask, low_event, high_event, steps)
    j.any[g] = 0
    for e in range(low_event, high_event):
        j.any[g] |= j.mask[e] & STEPS
        if not j.mask[e] & STEPS:
            j.used[j.origin[e] - low] = True
