"""Numba: one unit's events made ready to be walked: grouped by moment, with hops to what comes next."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any, NamedTuple

import numpy as np

from fullfunnel.journeys.folds.plan import ANY_ORDER, CARRIES, EACH, FIRST_EXCLUSION, STEPS, STRICT, Plan
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.watch import Flag


class Journey(NamedTuple):
    """Room for one unit, used again for the next.

    The events of one moment are a group; where the question holds values, those of one moment and one value (`strand`), and hops
    stay within a strand. `order`: the groups by time.
    Of a group: `time`, `any` (what its events match), `barred` (which exclusions), `first` (its first event), `tied` (more than
    one event, and one that matches several steps), `next[g, s]` (the next group with step s), `next_barred[g, x]`,
    `next_seen[g]` (the next with an event that `strict` looks at). Of an event: `mask`, and `origin`, its row. Of a step: `at`,
    `trial` and `owner`. `optional`: the optional steps, the last one first. `used`: rows that an entry has consumed.
    `stop`: Watch's flag; whoever finds it set gives up, and what it has found counts for nothing.
    """

    time: Any
    strand: Any
    order: Any
    any: Any
    barred: Any
    first: Any
    tied: Any
    next: Any
    next_barred: Any
    next_seen: Any
    mask: Any
    origin: Any
    at: Any
    trial: Any
    owner: Any
    optional: Any
    used: Any
    stop: Any


def room(plan: Plan, most: int, stop: Flag) -> Journey:
    """Room for a unit with at most so many events."""
    n, steps = most + 1, plan.steps
    return Journey(
        time=np.empty(n, np.int64),
        strand=np.empty(n, np.int64),
        order=np.empty(n, np.int64),
        any=np.empty(n, np.int64),
        barred=np.empty(n, np.int64),
        first=np.empty(n + 1, np.int64),
        tied=np.empty(n, np.bool_),
        next=np.empty((n, steps), np.int32),
        next_barred=np.empty((n, len(plan.after)), np.int32),
        next_seen=np.empty(n, np.int32),
        mask=np.empty(n, np.int64),
        origin=np.empty(n, np.int64),
        at=np.empty(steps, np.int64),
        trial=np.empty(steps, np.int64),
        owner=np.full(32, -1, np.int64),
        optional=np.array([s for s in reversed(range(steps)) if plan.optional >> s & 1], np.int64),
        used=np.zeros(n if plan.entries == EACH else 1, np.bool_),
        stop=stop,
    )


@compiled
def load(j, plan, events, low, high, allowed, code, since):
    """Groups the events of the rows from `low` to `high` that matter to entries from `since` on; returns how many groups there are."""
    groups, count = 0, 0
    for i in range(low, high):
        bits = events.bits[i] & allowed
        if events.owner.shape[0]:
            bits &= allowed_then(events, events.owner[i], since)
        if events.value_step >= 0 and events.codes[i] != code:
            bits &= ~(1 << events.value_step)
        elif plan.carry and events.codes[i] == code and bits & STEPS:
            bits |= CARRIES
        if plan.entries == EACH and j.used[i - low]:
            bits &= ~(STEPS | CARRIES)
        seen = events.seen[i] if plan.order == STRICT else bits & STEPS != 0
        if not seen and not bits >> FIRST_EXCLUSION:
            continue
        strand = events.held[i] if events.held.shape[0] else np.int64(0)
        if groups == 0 or j.time[groups - 1] != events.time[i] or j.strand[groups - 1] != strand:
            j.time[groups] = events.time[i]
            j.strand[groups] = strand
            j.first[groups] = count
            j.any[groups] = j.barred[groups] = 0
            groups += 1
        if seen:
            j.mask[count] = bits & (STEPS | CARRIES)
            j.origin[count] = i
            j.any[groups - 1] |= bits & STEPS
            count += 1
        j.barred[groups - 1] |= (bits & ~CARRIES) >> FIRST_EXCLUSION
    j.first[groups] = count
    return groups


@compiled
def allowed_then(events, owner, moment):
    """What a person's traits allowed at a moment."""
    low, high = events.own_first[owner], events.own_first[owner + 1]
    while high - low > 1:
        middle = (low + high) // 2
        if events.own_since[middle] <= moment:
            low = middle
        else:
            high = middle
    return events.own_allowed[low]


@compiled
def link(j, plan, groups):
    """Fills in the hops, from the last group to the first, and puts events of one moment into a fixed order."""
    for g in range(groups - 1, -1, -1):
        low, high, tied = j.first[g], j.first[g + 1], False
        for e in range(low, high):
            bits = j.mask[e] & STEPS
            tied = tied or (bits & (bits - 1) != 0)
        j.tied[g] = tied and high - low > 1
        if high - low > 1 and (j.tied[g] or plan.entries == EACH or plan.carry):
            sort(j, plan, low, high)
        last = g == groups - 1 or j.strand[g + 1] != j.strand[g]
        for s in range(plan.steps):
            j.next[g, s] = -1 if last else (g + 1 if j.any[g + 1] >> s & 1 else j.next[g + 1, s])
        for x in range(plan.after.shape[0]):
            j.next_barred[g, x] = -1 if last else (g + 1 if j.barred[g + 1] >> x & 1 else j.next_barred[g + 1, x])
        if plan.order == STRICT:
            j.next_seen[g] = -1 if last else (g + 1 if j.first[g + 2] > j.first[g + 1] else j.next_seen[g + 1])


@compiled
def put_in_order(j, groups):
    """The groups by time; those of one moment in the order of their strands."""
    for g in range(groups):
        j.order[g] = g
    if j.strand[0] != j.strand[groups - 1]:
        j.order[:groups] = np.argsort(j.time[:groups], kind="mergesort")


@compiled
def sort(j, plan, low, high):
    """Events of one moment, what is needed least first: those that cannot begin an entry, then by what they match. (Heap sort.)"""
    n = high - low
    for start in range(n // 2 - 1, -1, -1):
        sink(j, plan, low, start, n)
    for end in range(n - 1, 0, -1):
        swap(j, low, low + end)
        sink(j, plan, low, 0, end)


@compiled
def sink(j, plan, low, at, end):
    while 2 * at + 1 < end:
        child = 2 * at + 1
        if child + 1 < end and need(j, plan, low + child) < need(j, plan, low + child + 1):
            child += 1
        if need(j, plan, low + at) >= need(j, plan, low + child):
            return
        swap(j, low + at, low + child)
        at = child


@compiled
def need(j, plan, e):
    mask = j.mask[e]
    return mask if plan.order == ANY_ORDER else mask | (mask & 1) << 61


@compiled
def swap(j, a, b):
    j.mask[a], j.mask[b] = j.mask[b], j.mask[a]
    j.origin[a], j.origin[b] = j.origin[b], j.origin[a]
