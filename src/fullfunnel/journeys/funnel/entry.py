"""Numba: one entry, once it was walked: what the exclusions say of it, how far it came, whether it outdoes another."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numpy as np

from fullfunnel.journeys.folds.plan import ANY_ORDER, DROP, NEVER, NOT_OPEN, ORDERED, REMOVE, STEPS, STOP, STRICT
from fullfunnel.journeys.folds.ties import clear, compiled
from fullfunnel.journeys.funnel.walks import walk_any, walk_ordered, walk_strict


@compiled
def starts(plan):
    """What an event must match to begin an entry."""
    return STEPS if plan.order == ANY_ORDER else 1


@compiled
def walk(j, plan, g):
    clear(j.at)
    if plan.order == ORDERED:
        return walk_ordered(j, plan, g)
    if plan.order == STRICT:
        return walk_strict(j, plan, g)
    return walk_any(j, plan, g)


@compiled
def judge(j, plan, g, p):
    """What the exclusions say of the entry in j.at: (-1 or the effect, when, the last step it keeps)."""
    verdict, when, kept = np.int64(-1), np.int64(NEVER), p
    for x in range(plan.after.shape[0]):
        i, b = plan.after[x], plan.before[x]
        if p < i:
            continue
        while j.at[i] < 0:
            i -= 1
        limit = min(j.time[g] + plan.window, plan.latest)
        while b <= p and j.at[b] < 0:
            b += 1
        if b <= p:
            limit = j.time[j.at[b]]
        h = np.int64(j.next_barred[j.at[i], x])
        if h < 0 or j.time[h] >= limit:
            continue
        when = min(when, j.time[h])
        effect = plan.effect[x]
        if effect == STOP:
            kept = min(kept, plan.after[x])
        if verdict < 0 or effect == REMOVE or (effect == DROP and verdict == STOP):
            verdict = effect
    return verdict, when, kept


@compiled
def write(j, plan, rows, n, r, p, kept, until):
    """Row `n`: the entry in j.at up to step `kept`."""
    reached = np.int64(0)
    for s in range(kept + 1):
        if j.at[s] >= 0:
            reached |= 1 << s
            rows.times[n, s] = j.time[j.at[s]]
    rows.run[n] = r
    rows.reached[n] = reached
    rows.entered[n] = rows.times[n, 0]
    rows.open_at[n] = p if until > plan.data_until and p < plan.steps - 1 else NOT_OPEN
    return n + 1


@compiled
def weight(reached, plan):
    """How far an entry has come: required steps first, then all steps."""
    needed = every = 0
    for s in range(plan.steps):
        every += reached >> s & 1
        needed += (reached & ~plan.optional) >> s & 1
    return needed * 64 + every


@compiled
def reached_by(j, kept):
    """The steps of the entry in j.at, as bits."""
    reached = np.int64(0)
    for s in range(kept + 1):
        if j.at[s] >= 0:
            reached |= 1 << s
    return reached


@compiled
def sooner(j, rows, n, kept):
    """Whether the entry in j.at serves its steps at earlier moments than the one in row `n`, or earlier steps at the same."""
    other, t = rows.reached[n], 0
    for s in range(kept + 1):
        if j.at[s] >= 0:
            while not other >> t & 1:
                t += 1
            if j.time[j.at[s]] != rows.times[n, t]:
                return j.time[j.at[s]] < rows.times[n, t]
            t += 1
    differing = reached_by(j, kept) ^ other
    return reached_by(j, kept) & differing & -differing != 0
