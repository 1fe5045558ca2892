"""Numba: the funnel fold. A run is a unit's rows under one value of the breakdown; each run gives its entries that stand."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any, NamedTuple

import numpy as np

from fullfunnel.journeys.folds.gather import still
from fullfunnel.journeys.folds.plan import DROP, EACH, FIRST, NEVER, ORDERED, REMOVE, STEPS
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.funnel.each_entry import each
from fullfunnel.journeys.funnel.entry import judge, reached_by, sooner, starts, walk, weight, write
from fullfunnel.journeys.funnel.journey import link, load, put_in_order

NOTHING = still(np.empty(0, np.int64))


class Events(NamedTuple):
    """Rows sorted by run and time, or by run, held value and time. `bits`: what an event matches; `seen`: what `strict` looks at;
    `codes`: the value of the breakdown, where a run takes only events with its own in step `value_step` (-1: no such step);
    `held`: the value that an entry keeps, empty where the question holds nothing; `owner`: whose event it is, where traits that
    change allow each person's events other things: from own_since[o] on what own_allowed[o] holds, own_first[owner] on."""

    time: Any
    bits: Any
    seen: Any
    codes: Any
    value_step: int
    held: Any = NOTHING
    owner: Any = NOTHING
    own_first: Any = NOTHING
    own_since: Any = NOTHING
    own_allowed: Any = NOTHING


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
    """Folds the runs from `first` to `last`; returns how many rows it wrote, -1 when it was stopped."""
    # Careful: a bare 0 is a type of its own to Numba, and would have everything below compiled twice.
    n = np.int64(0)
    for r in range(first, last):
        begun, moment = n, np.int64(-NEVER)
        low, high = runs.low[r], runs.high[r]
        if plan.entries == EACH:
            for i in range(high - low):
                j.used[i] = False
        for spell in range(runs.spell[r], runs.spell_end[r]):
            if j.stop[0]:
                return np.int64(-1)
            since = max(runs.since[spell], plan.start)
            before = min(plan.end, runs.since[spell + 1] if spell + 1 < runs.spell_end[r] else NEVER)
            if since >= before or not runs.allowed[spell] & STEPS:
                continue
            groups = load(j, plan, events, low, high, runs.allowed[spell], runs.code[r], runs.since[spell])
            if groups == 0 or not enterable(j, plan, groups, since, before):
                continue
            link(j, plan, groups)
            put_in_order(j, groups)
            if plan.entries == EACH:
                n, moment, removed = each(j, plan, groups, since, before, moment, r, low, rows, n)
            else:
                n, removed, met = standing(j, plan, groups, since, before, r, rows, begun, n)
                if met and plan.entries == FIRST:
                    break
            if removed:
                n = begun
                break
    return np.int64(-1) if j.stop[0] else n


@compiled
def enterable(j, plan, groups, since, before):
    bits = starts(plan)
    for g in range(groups):  # noqa: SIM110
        if j.any[g] & bits and since <= j.time[g] < before:
            return True
    return False


@compiled
def standing(j, plan, groups, since, before, r, rows, begun, n):
    """Keeps, of a run, the entry that stands for it in row `begun` (n == begun: none yet).

    Returns n, whether the unit is removed, whether there was an entry.
    """
    bits, previous = np.int64(starts(plan)), np.int64(-1)
    plain = plan.order == ORDERED and not plan.optional and plan.after.shape[0] == 0 and plan.steps > 1
    plain = plain and plan.entries != FIRST and j.time[j.order[groups - 1]] <= plan.data_until
    met, moment = False, np.int64(0)
    for at in range(groups):
        if j.stop[0]:
            break
        g = j.order[at if plan.entries == FIRST else groups - 1 - at]
        if not j.any[g] & bits or not since <= j.time[g] < before:
            continue
        # Several entries begin at one moment only where values are held; the best of them is taken.
        if met and j.time[g] != moment and (plan.entries == FIRST or is_settled(plan, rows, begun, n, since)):
            break
        if plain and is_outdone(j, g, previous):
            continue
        previous = g
        p, until = walk(j, plan, g)
        if p < 0:
            continue
        met, moment = True, j.time[g]
        verdict, _, kept = judge(j, plan, g, p)
        if verdict == REMOVE:
            return begun, True, True
        if verdict != DROP:
            n = keep(j, plan, rows, begun, n, r, p, kept, until if verdict < 0 else -NEVER)
    return n, False, met


@compiled
def is_settled(plan, rows, begun, n, since):
    """Whether no entry between `since` and the one that stands can change anything: that one is whole, and later."""
    if n == begun or rows.reached[begun] != (1 << plan.steps) - 1 or rows.entered[begun] < since:
        return False
    for x in range(plan.after.shape[0]):  # noqa: SIM110
        if plan.effect[x] == REMOVE:
            return False
    return True


@compiled
def is_outdone(j, g, later):
    """Whether the entry at `g` goes the same way as a later one, which has more time left."""
    if later < 0 or j.first[g + 1] - j.first[g] > 1 or j.first[later + 1] - j.first[later] > 1:
        return False
    return j.next[g, 1] == j.next[later, 1]


@compiled
def keep(j, plan, rows, begun, n, r, p, kept, until):
    """Puts the entry in j.at into row `begun` if it comes further than the one there, or as far and begins later."""
    if n == begun:
        return write(j, plan, rows, begun, r, p, kept, until)
    open_at = rows.open_at[begun]
    if until > plan.data_until and p < plan.steps - 1:
        open_at = min(open_at, p)
    old, new = weight(rows.reached[begun], plan), weight(reached_by(j, kept), plan)
    entered = j.time[j.at[0]] - rows.entered[begun]
    if new > old or (new == old and (entered > 0 or (entered == 0 and sooner(j, rows, begun, kept)))):
        write(j, plan, rows, begun, r, p, kept, until)
    rows.open_at[begun] = open_at
    return n
