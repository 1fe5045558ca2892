"""When people's traits allowed what: what conditions on the person come to, whatever their number."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]


@dataclass(frozen=True)
class TraitPeriods:
    """For each unit, spells of time with the same traits: unit u has those from first[u] to first[u + 1]. `allowed`: bits.

    own: where units are not people, the spells of the people that have their events, when these differ with time.
    """

    first: Longs
    since: Longs
    allowed: Longs
    own: "TraitPeriods | None" = None

    def anywhen(self) -> Longs:
        """What a unit's traits allow at any time."""
        return np.asarray(np.bitwise_or.reduceat(self.allowed, self.first[:-1])) if len(self.allowed) else self.allowed
