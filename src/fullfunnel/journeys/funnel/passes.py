"""Numba: single passes over the rows of journeys."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numpy as np

from fullfunnel.journeys.folds.plan import NEVER, STEPS
from fullfunnel.journeys.folds.ties import compiled


@compiled
def restrict(bits, bit, rows, base, delta, truth):
    """Takes `bit` from the events whose value does not satisfy a condition; truth[-1] is that of no value. `rows`: as in Index."""
    for i in range(bits.shape[0]):
        if bits[i] & bit:
            code = base[rows[i]] if rows[i] >= 0 else delta[~rows[i]]
            if not truth[code]:
                bits[i] &= ~bit


@compiled
def edge_values(low, high, time, bits, allowed, codes, is_last):
    """Of each run the first (or last) value on an event that matches a step; equal moments in step order. -1: none."""
    found = np.full(low.shape[0], -1, np.int32)
    for r in range(low.shape[0]):
        moment, lowest = 0, 0
        for i in range(low[r], high[r]):
            matched = bits[i] & allowed[r] & STEPS
            if matched == 0 or codes[i] < 0:
                continue
            step = matched & -matched
            if found[r] >= 0:
                is_later = time[i] > moment or (time[i] == moment and step >= lowest)
                is_earlier = time[i] < moment or (time[i] == moment and step < lowest)
                if not (is_later if is_last else is_earlier):
                    continue
            found[r], moment, lowest = codes[i], time[i], step
    return found


@compiled
def histories(offsets, time, which, before, after, today, allowed):
    """What a unit's traits allowed at what time, out of their changes: spells as (first, since, allowed) of matching.TraitPeriods.

    Of a change: time, which trait (-1: none that matters), what its old and its new value allow. today[trait, unit], allowed[unit]:
    what the values of today allow.
    """
    units, traits = offsets.shape[0] - 1, today.shape[0]
    first = np.zeros(units + 1, np.int64)
    since, masks = np.empty(units + time.shape[0], np.int64), np.empty(units + time.shape[0], np.int64)
    state, n = np.empty(traits, np.int64), np.int64(0)
    for u in range(units):
        for t in range(traits):
            state[t] = today[t, u]
        for i in range(offsets[u + 1] - 1, offsets[u] - 1, -1):
            if which[i] >= 0:
                state[which[i]] = before[i]
        since[n], masks[n] = -NEVER, allowed[u] & all_of(state)
        n += 1
        for i in range(offsets[u], offsets[u + 1]):
            if which[i] < 0:
                continue
            state[which[i]] = after[i]
            mask = allowed[u] & all_of(state)
            if since[n - 1] == time[i]:
                masks[n - 1] = mask
            elif masks[n - 1] != mask:
                since[n], masks[n] = time[i], mask
                n += 1
        first[u + 1] = n
    return first, since[:n], masks[:n]


@compiled
def all_of(masks):
    found = np.int64(-1)
    for mask in masks:
        found &= mask
    return found
