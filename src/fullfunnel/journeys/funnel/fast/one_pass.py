"""Numba: the plain funnel in one pass over a unit's events.

Of entries that have come as far as a step, only the latest matters: it has most time left, and no earlier one can be overtaken by
it. So one moment a step is all that is kept: `latest[k + 1]` is where the latest entry began that has reached step k, and an event
that matches step k moves it up from `latest[k]`. O(events), whatever the window and however many entries there are.
Why this is the contract's answer: docs/adr/0012.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any, NamedTuple

import numpy as np

from fullfunnel.journeys.folds.gather import Longs, Room
from fullfunnel.journeys.folds.plan import FIRST, STEPS, Plan
from fullfunnel.journeys.folds.ties import compiled

UNSET = -(2**62)
NONE, TIED = -1, -2
# Longer groups of equal times are left to the general kernel, which sorts them better.
MAX_TIED = 32
# The place of the only bit of a mask: PLACE[mask * FACTOR >> 27 & 31] (Leiserson, Prokop, Randall 1998: "Using de Bruijn Sequences").
FACTOR = 0x077CB531
# fmt: off
PLACE = np.array([
    0, 1, 28, 2, 29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4, 8,
    31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6, 11, 5, 10, 9,
])
# fmt: on


class Levels(NamedTuple):
    """The fold's result, one row for each unit that entered: `unit` (its place in the portion), `entered` (µs), `level`: the last step reached, `open`: an entry
    still could go further. spans[k, :many[k]]: the time from step k - 1 to step k of those that reached it, in the order of the
    rows. `left`: units whose equal times the general kernel must settle. group: code of a value, where the fold groups by events."""

    unit: Any
    entered: Any
    level: Any
    open: Any
    spans: Any
    many: Any
    left: Any
    group: Any


def levels_room(room: Room, units: int, steps: int) -> Levels:
    """Room for so many units."""
    return Levels(
        unit=room.of("unit", units),
        entered=room.of("entered", units),
        level=room.of("level", units, np.int8),
        open=room.of("open", units, np.bool_),
        spans=room.of("spans", units * steps).reshape(steps, units),
        many=room.of("many", steps),
        left=room.of("left", units),
        group=room.of("group", units, np.int32),
    )


def fold_one_pass(
    plan: Plan, offsets: Longs, time: Longs, bits: Longs, allowed: Longs, timed: bool, found: Levels
) -> tuple[int, int]:
    """Folds a portion of units; `timed`: with entered, open and spans. Returns how many rows there are, and how many are left."""
    n, left = _fold(plan.steps, plan.entries == FIRST, limits_of(plan), offsets, time, bits, allowed, timed, found)
    return int(n), int(left)


def limits_of(plan: Plan) -> tuple[int, int, int, int, int]:
    """(window, start, end, latest, data_until), as the kernels take them."""
    return plan.window, plan.start, plan.end, plan.latest, plan.data_until


@compiled
def _fold(steps, only_first, limits, offsets, time, bits, allowed, timed, found):
    n, left = np.int64(0), np.int64(0)
    latest = np.empty(steps + 1, np.int64)
    found.many[:] = 0
    for u in range(offsets.shape[0] - 1):
        low, high = offsets[u], offsets[u + 1]
        if low < high and allowed[u] & 1:
            n, left = stand(
                steps, only_first, limits, time, bits, u, low, high, allowed[u], timed, latest, found, n, left
            )
    return n, left


@compiled
def stand(steps, only_first, limits, time, bits, u, low, high, allowed, timed, latest, found, n, left):
    """The row of unit `u` with the events from `low` to `high`. Returns n and left anew."""
    level = _furthest(steps, only_first, limits, time, bits, allowed, low, high, latest, False)
    if level == TIED:
        if not _put_in_step_order(time, bits, allowed, low, high):
            found.left[left] = u
            return n, left + 1
        level = _furthest(steps, only_first, limits, time, bits, allowed, low, high, latest, True)
    if level == NONE:
        return n, left
    found.unit[n], found.level[n] = u, level
    if timed:
        found.entered[n] = latest[level + 1]
        found.open[n] = min(latest[1] + limits[0], limits[3]) > limits[4]
        _walk(time, bits, allowed, low, level, latest[level + 1], found)
    return n + 1, left


@compiled
def _furthest(steps, only_first, limits, time, bits, allowed, low, high, latest, in_step_order):
    """The last step that the unit reached, NONE, or TIED: events of one moment are not in the order of their steps."""
    window, since, before, until, _ = limits
    for k in range(steps + 1):
        latest[k] = UNSET
    level, previous = np.int64(NONE), np.int64(UNSET)
    for i in range(low, high):
        mask, at = bits[i] & allowed & STEPS, time[i]
        if mask == 0:
            continue
        if at > until:
            break
        if at == previous and not in_step_order:
            return np.int64(TIED)
        previous = at
        latest[0] = at if since <= at < before else UNSET
        if mask & (mask - 1) == 0:
            k = PLACE[mask * FACTOR >> 27 & 31]
            begun = latest[k]
            able = at - begun <= window
            latest[k + 1] = begun if able else latest[k + 1]
            level = max(level, k if able else np.int64(NONE))
        else:
            # From the last step down, so that one event never serves two.
            for k in range(steps - 1, -1, -1):
                if mask >> k & 1 and at - latest[k] <= window:
                    latest[k + 1] = latest[k]
                    level = max(level, np.int64(k))
        if only_first and level >= 0:
            before = UNSET
    return level


@compiled
def _put_in_step_order(time, bits, allowed, low, high):
    """Events of one moment in the order of their steps. False where one of several matches more than one step, or they are many."""
    i = low
    while i < high:
        to, serving, several = i, 0, False
        while to < high and time[to] == time[i]:
            mask = bits[to] & allowed & STEPS
            serving += mask != 0
            several = several or mask & (mask - 1) != 0
            to += 1
        if serving > 1 and (several or to - i > MAX_TIED):
            return False
        for a in range(i + 1, to) if serving > 1 else range(0):
            own, b = bits[a], a
            while b > i and bits[b - 1] & allowed & STEPS > own & allowed & STEPS:
                bits[b] = bits[b - 1]
                b -= 1
            bits[b] = own
        i = to
    return True


@compiled
def _walk(time, bits, allowed, low, level, entered, found):
    """Writes the times between the steps of the entry that began at `entered`; each step is its first possible event."""
    i = low
    while time[i] != entered or not bits[i] & allowed & 1:
        i += 1
    at = entered
    for k in range(1, level + 1):
        i += 1
        while not (bits[i] & allowed) >> k & 1:
            i += 1
        found.spans[k, found.many[k]] = time[i] - at
        found.many[k] += 1
        at = time[i]
