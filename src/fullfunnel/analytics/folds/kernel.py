"""Numba: the funnel fold. A run is a unit's rows under one value of the breakdown; each run gives its entries that stand."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any, NamedTuple

import numpy as np

from fullfunnel.analytics.folds.journey import link, load
from fullfunnel.analytics.folds.plan import (
    ANY_ORDER,
    DROP,
    EACH,
    FIRST,
    NEVER,
    NOT_OPEN,
    ORDERED,
    REMOVE,
    STEPS,
    STOP,
    STRICT,
)
from fullfunnel.analytics.folds.ties import clear, compiled, consume
from fullfunnel.analytics.folds.walks import walk_any, walk_ordered, walk_strict


class Events(NamedTuple):
    """Rows sorted by unit and time. `bits`: what an event matches; `seen`: what `strict` looks at; `codes`: the value of the
    breakdown, where a run takes only events with its own in step `value_step` (-1: no such step)."""

    time: Any
    bits: Any
    seen: Any
    codes: Any
    value_step: int


class Runs(NamedTuple):
    """Rows `low` to `high`, the value `code`, and the segments `spell` to `spell_end` of time in which the person's traits are
    the same: from `since`, an event may match what `allowed` holds."""

    low: Any
    high: Any
    code: Any
    spell: Any
    spell_end: Any
    since: Any
    allowed: Any


class Rows(NamedTuple):
    """Room for what stands: the run, when it was entered, the steps reached (bits), the step of a still open entry, all times."""

    run: Any
    entered: Any
    reached: Any
    open_at: Any
    times: Any


@compiled
def fold(plan, events, runs, first, last, j, rows):
    """Folds the runs from `first` to `last`; returns how many rows it wrote."""
    # Careful: a bare 0 is a type of its own to Numba, and would have everything below compiled twice.
    n = np.int64(0)
    for r in range(first, last):
        begun, moment = n, np.int64(-NEVER)
        low, high = runs.low[r], runs.high[r]
        if plan.entries == EACH:
            for i in range(high - low):
                j.used[i] = False
        for spell in range(runs.spell[r], runs.spell_end[r]):
            since = max(runs.since[spell], plan.start)
            before = min(plan.end, runs.since[spell + 1] if spell + 1 < runs.spell_end[r] else NEVER)
            if since >= before or not runs.allowed[spell] & STEPS:
                continue
            groups = load(j, plan, events, low, high, runs.allowed[spell], runs.code[r])
            if groups == 0 or not enterable(j, plan, groups, since, before):
                continue
            link(j, plan, groups)
            if plan.entries == EACH:
                n, moment, removed = each(j, plan, groups, since, before, moment, r, low, rows, n)
            else:
                n, removed, met = standing(j, plan, groups, since, before, r, rows, begun, n)
                if met and plan.entries == FIRST:
                    break
            if removed:
                n = begun
                break
    return n


@compiled
def starts(plan):
    """What an event must match to begin an entry."""
    return STEPS if plan.order == ANY_ORDER else 1


@compiled
def enterable(j, plan, groups, since, before):
    bits = starts(plan)
    for g in range(groups):  # noqa: SIM110
        if j.any[g] & bits and since <= j.time[g] < before:
            return True
    return False


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
def standing(j, plan, groups, since, before, r, rows, begun, n):
    """Keeps, of a run, the entry that stands for it in row `begun` (n == begun: none yet).

    Returns n, whether the unit is removed, whether there was an entry.
    """
    whole, bits, previous = (1 << plan.steps) - 1, np.int64(starts(plan)), np.int64(-1)
    plain = plan.order == ORDERED and not plan.optional and plan.after.shape[0] == 0 and plan.steps > 1
    plain = plain and j.time[groups - 1] <= plan.data_until
    removes = False
    for x in range(plan.after.shape[0]):
        removes = removes or plan.effect[x] == REMOVE
    for step in range(groups):
        g = step if plan.entries == FIRST else groups - 1 - step
        if not j.any[g] & bits or not since <= j.time[g] < before:
            continue
        if plain and plan.entries != FIRST and is_outdone(j, g, previous):
            continue
        previous = g
        p, until = walk(j, plan, g)
        if p < 0:
            continue
        verdict, _, kept = judge(j, plan, g, p)
        if verdict == REMOVE:
            return begun, True, True
        if verdict != DROP:
            n = keep(j, plan, rows, begun, n, r, p, kept, until if verdict < 0 else -NEVER)
        if plan.entries == FIRST or (n > begun and rows.reached[begun] == whole and not removes):
            return n, False, True
    return n, False, previous >= 0


@compiled
def is_outdone(j, g, later):
    """Whether the entry at `g` goes the same way as a later one, which has more time left."""
    if later < 0 or j.first[g + 1] - j.first[g] > 1 or j.first[later + 1] - j.first[later] > 1:
        return False
    return j.next[g, 1] == j.next[later, 1]


@compiled
def keep(j, plan, rows, begun, n, r, p, kept, until):
    """Puts the entry in j.at into row `begun` if it comes further than the one there, or as far and later."""
    if n == begun:
        return write(j, plan, rows, begun, r, p, kept, until)
    open_at = rows.open_at[begun]
    if until > plan.data_until and p < plan.steps - 1:
        open_at = min(open_at, p)
    reached = np.int64(0)
    for s in range(kept + 1):
        if j.at[s] >= 0:
            reached |= 1 << s
    old, new = weight(rows.reached[begun], plan), weight(reached, plan)
    if new > old or (new == old and j.time[j.at[0]] > rows.entered[begun]):
        write(j, plan, rows, begun, r, p, kept, until)
    rows.open_at[begun] = open_at
    return n


@compiled
def each(j, plan, groups, since, before, moment, r, low, rows, n):
    """Every entry of a run, one after the other, from `moment` on. Returns n, the moment it came to, whether the unit is removed."""
    g, bits = np.int64(0), np.int64(starts(plan))
    while g < groups:
        begins = j.time[g]
        if begins >= before:
            break
        if begins < since or begins < moment or not j.any[g] & bits:
            g += 1
            continue
        p, until = walk(j, plan, g)
        if p < 0:
            g += 1
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
        g = max(g, last) if moment <= j.time[last] and verdict < 0 else g
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
