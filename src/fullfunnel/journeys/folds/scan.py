"""Numba: where the names sit that a question asks for. Every fold looks at every name, so this is done many events at a time.

64 names are compared with a sought one by a few instructions, which give a number of 64 bits; of those of all sought names together
only the set bits are visited. Bits stand as little-endian processors put them, the only ones that Numba supports.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.extending import intrinsic
from numpy.typing import NDArray

from fullfunnel.journeys.folds.ties import compiled

# Events that are looked at together: their names and places stay in the processor's own cache.
STRETCH = 32_768
# Each name costs a comparison; more than so many are looked up.
FEW_NAMES = 24
# A place in a stretch and its mark in one number: place << SHIFT | mark.
SHIFT, MARK = np.uint64(8), np.uint64(255)
# Set where a place is one of the delta, and what is looked at is of both parts.
LATE = np.uint64(2**63)
WORD, ONE = np.uint64(64), np.uint64(1)
inlined = nb.njit(cache=True, nogil=True, inline="always")


class Sought(NamedTuple):
    """Names that a question asks for, by their codes (uint16). table: the mark of every name, 0 for those not sought."""

    names: Any
    table: Any


def sought_of(table: "NDArray[np.uint8]") -> Sought:
    """table: the mark of each name, 0 for none."""
    return Sought(np.flatnonzero(table).astype(np.uint16), table)


@intrinsic
def lowest_bit(typing: Any, number: Any) -> Any:
    """The place of the lowest bit that is set in a number (uint64, not 0)."""

    def write(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.cttz(given[0], context.get_constant(nb.types.boolean, True))

    return nb.types.uint64(nb.types.uint64), write


@intrinsic
def equal_names(typing: Any, names: Any, begin: Any, name: Any) -> Any:
    """Which of the 64 names (uint16) from place `begin` (uint64) on are `name`: a bit each. Careful: all 64 must be there."""

    def write(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        many, zero = ir.VectorType(ir.IntType(16), 64), ir.Constant(ir.IntType(32), 0)
        place = builder.gep(context.make_array(names)(context, builder, given[0]).data, [given[1]])
        there = builder.load(builder.bitcast(place, many.as_pointer()))
        there.align = 2
        one = builder.insert_element(ir.Constant(many, ir.Undefined), given[2], zero)
        alike = builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64))
        return builder.bitcast(builder.icmp_unsigned("==", there, alike), ir.IntType(64))

    return nb.types.uint64(names, nb.types.uint64, nb.types.uint16), write


@compiled
def places(names, low, high, sought, found):
    """Where names sought stand from row `low` to `high`: place << SHIFT | mark, place counted from `low`; returns how many.

    found: uint64, one longer than there are rows.
    """
    low, n, many = np.uint64(low), np.uint64(high - low), np.uint64(0)
    words = n // WORD if sought.names.shape[0] <= FEW_NAMES else np.uint64(0)
    for w in range(words):
        bits, begin = np.uint64(0), w * WORD
        for k in range(sought.names.shape[0]):
            bits |= equal_names(names, low + begin, sought.names[k])  # type: ignore[call-arg]
        while bits:
            at = begin + lowest_bit(bits)  # type: ignore[call-arg]
            found[many] = at << SHIFT | np.uint64(sought.table[names[low + at]])
            bits &= bits - ONE
            many += ONE
    for at in range(words * WORD, n):
        # Without a branch: what cannot be foreseen costs more than a needless write.
        mark = np.uint64(sought.table[names[low + at]])
        found[many] = at << SHIFT | mark
        many += np.uint64(mark != 0)
    return many
