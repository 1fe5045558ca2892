"""How far a share would move had other people come by: journeys drawn again, with replacement (Efron's bootstrap)."""

from hashlib import sha256
from typing import cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
LOW, HIGH = 0.025, 0.975
# More journeys than these are drawn in so many groups: a range of 200 draws is hardly less sure for it (docs/adr/0029).
BLOCKS = 1_024


def generator(text: str) -> np.random.Generator:
    """Chance that is the same for the same question."""
    return np.random.default_rng(int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]))


def dealt(journeys: int, groups: int, rng: np.random.Generator) -> Ints:
    """The group of each journey, by chance: what comes every so many journeys must not meet every so many groups. int32[journeys]."""
    found = np.arange(journeys, dtype=np.int32)
    found %= groups
    if groups > 1:
        rng.shuffle(found)
    return found


def drawn(groups: int, times: int, rng: np.random.Generator) -> Floats:
    """How often each group comes: float64[1 + times, groups]. Row 0: what was, each once; then as many as there are, drawn again."""
    again = rng.multinomial(groups, np.full(groups, 1 / groups), size=times)
    return np.concatenate([np.ones((1, groups)), again])


def ranges(shares: Floats) -> tuple[Floats, Floats]:
    """The middle 95 % of [times, …]: low and high."""
    low, high = np.quantile(shares, (LOW, HIGH), axis=0)
    return cast(Floats, low), cast(Floats, high)
