"""Numba: single passes over the rows of journeys."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.plan import STEPS
from fullfunnel.analytics.folds.ties import compiled


def still(array: NDArray[Any]) -> NDArray[Any]:
    """The array as the kernels are compiled for it: in one piece and not to be written, as memory-mapped ones are."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


@compiled
def restrict(bits, bit, codes, truth):
    """Takes `bit` from the rows whose value does not satisfy a condition; truth[-1] is that of no value."""
    for i in range(bits.shape[0]):
        if bits[i] & bit and not truth[codes[i]]:
            bits[i] &= ~bit


@compiled
def keep_first(bits, bit, offsets, time):
    """Leaves `bit` only to the earliest event of each unit that has it, and to those of the same moment."""
    for u in range(offsets.shape[0] - 1):
        earliest, found = 0, False
        for i in range(offsets[u], offsets[u + 1]):
            if bits[i] & bit:
                if not found:
                    earliest, found = time[i], True
                elif time[i] != earliest:
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
def count_bits(low, high, bits, wanted):
    """For each run, how many rows have one of the `wanted` bits."""
    found = np.zeros(low.shape[0], np.int64)
    for r in range(low.shape[0]):
        for i in range(low[r], high[r]):
            found[r] += bits[i] & wanted != 0
    return found
