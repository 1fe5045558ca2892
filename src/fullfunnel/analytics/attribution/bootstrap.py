"""How far a share would move had other people come by: journeys drawn again, with replacement (Efron's bootstrap)."""

from hashlib import sha256
from typing import cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LOW, HIGH = 0.025, 0.975
# More journeys than these are drawn in so many groups: a range of 200 draws is hardly less sure for it (docs/adr/0029).
BLOCKS = 4_096


def generator(text: str) -> np.random.Generator:
    """Chance that is the same for the same question."""
    return np.random.default_rng(int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]))


def drawn(groups: int, times: int, rng: np.random.Generator) -> Floats:
    """How often each group comes: float64[1 + times, groups]. Row 0: what was, each once; then as many as there are, drawn again."""
    again = rng.multinomial(groups, np.full(groups, 1 / groups), size=times)
    return np.concatenate([np.ones((1, groups)), again])


def ranges(shares: Floats) -> tuple[Floats, Floats]:
    """The middle 95 % of [times, …]: low and high."""
    low, high = np.quantile(shares, (LOW, HIGH), axis=0)
    return cast(Floats, low), cast(Floats, high)
