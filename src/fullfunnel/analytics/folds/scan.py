"""Numba: where the names sit that a question asks for. Every fold looks at every name, so this is done many events at a time.

First a mark for each event, by one comparison a sought name: compilers make that 16 to 64 events an instruction. Then 64 marks become
a number of 64 bits, and only its set bits are visited. Together about half a nanosecond an event; looking up each name takes three
times as long. Places are read from the bytes of little-endian processors, the only ones that Numba supports.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numba.extending import intrinsic
from numpy.typing import NDArray

from fullfunnel.analytics.folds.ties import compiled

# Events that are looked at together: their names, marks and places stay in the processor's own cache.
STRETCH = 32_768
# Each name costs a comparison; more than so many are looked up.
FEW_NAMES = 24
# A place in a stretch and its mark in one number: place << SHIFT | mark.
SHIFT, MARK = np.uint64(8), np.uint64(255)
WORD, BYTE, ONE = np.uint64(64), np.uint64(8), np.uint64(1)
LOW_BITS, HIGH_BITS = np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x8080808080808080)
# Puts the lowest bit of each byte into the highest byte, side by side.
TOGETHER = np.uint64(0x0102040810204080)
inlined = nb.njit(cache=True, nogil=True, inline="always")


class Sought(NamedTuple):
    """Names that a question asks for, by their codes: `names[i]` (uint16) is marked `marks[i]`; `table`: the mark of every name, 0
    for those not sought."""

    names: Any
    marks: Any
    table: Any


def sought_of(table: "NDArray[np.uint8]") -> Sought:
    """table: the mark of each name, 0 for none."""
    names = np.flatnonzero(table)
    return Sought(names.astype(np.uint16), table[names], table)


@intrinsic
def lowest_bit(typing: Any, number: Any) -> Any:
    """The place of the lowest bit that is set in a number (uint64, not 0)."""

    def write(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.cttz(given[0], context.get_constant(nb.types.boolean, True))

    return nb.types.uint64(nb.types.uint64), write


@compiled
def places(names, low, high, sought, marks, found):
    """Where names sought stand from row `low` to `high`: place << SHIFT | mark, place counted from `low`; returns how many.

    found: uint64; marks: uint8, 64 to 128 more than rows, in whole words (Room.marks).
    """
    n, many = np.uint64(high - low), np.uint64(0)
    _mark(names, np.uint64(low), n, sought, marks)
    words = marks.view(np.uint64)
    for w in range((n + WORD - ONE) // WORD):
        bits = _marked(words, w * BYTE)
        while bits:
            at = w * WORD + lowest_bit(bits)  # type: ignore[call-arg]
            found[many] = at << SHIFT | np.uint64(marks[at])
            bits &= bits - ONE
            many += ONE
    return many


@inlined
def _mark(names, low, n, sought, marks):
    """The mark of each of `n` names, and 64 times none."""
    if sought.names.shape[0] > FEW_NAMES:
        for i in range(n):
            marks[i] = sought.table[names[low + i]]
    else:
        for i in range(n):
            marks[i] = 0
        for k in range(sought.names.shape[0]):
            name, mark = sought.names[k], sought.marks[k]
            for i in range(n):
                marks[i] |= mark if names[low + i] == name else np.uint8(0)
    for i in range(n, n + WORD):
        marks[i] = 0


@inlined
def _marked(words, first):
    """Which of 64 bytes are not 0: a bit each."""
    bits = np.uint64(0)
    for k in range(BYTE):
        word = words[first + k]
        word = (((word & LOW_BITS) + LOW_BITS | word) & HIGH_BITS) >> (BYTE - ONE)
        bits |= (word * TOGETHER >> (WORD - BYTE)) << (BYTE * k)
    return bits
