"""How far a share would move had other people come by: journeys drawn again, with replacement (Efron's bootstrap)."""

from collections.abc import Iterator
from hashlib import sha256
from typing import cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
LOW, HIGH = 0.025, 0.975


def generator(text: str) -> np.random.Generator:
    """Chance that is the same for the same question."""
    return np.random.default_rng(int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]))


def drawn(counts: Longs, times: int, rng: np.random.Generator, at_once: int = 4_096) -> Iterator[tuple[slice, Longs]]:
    """As many journeys as there are, drawn again `times` times: portions of paths with int64[times, paths of the portion].

    counts: how many journeys had each distinct path. Multinomial, dealt to portions first, so that memory stays small.
    """
    if not len(counts):
        return
    starts = np.arange(0, len(counts), at_once)
    sizes = np.add.reduceat(counts, starts)
    dealt = rng.multinomial(int(sizes.sum()), sizes / sizes.sum(), size=times)
    for at, start in enumerate(starts.tolist()):
        part = slice(start, min(start + at_once, len(counts)))
        yield part, rng.multinomial(dealt[:, at], counts[part] / sizes[at])


def ranges(shares: Floats) -> tuple[Floats, Floats]:
    """The middle 95 % of [times, …]: low and high."""
    low, high = np.quantile(shares, (LOW, HIGH), axis=0)
    return cast(Floats, low), cast(Floats, high)
