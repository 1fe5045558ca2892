"""How far a share would move had other people come by: journeys drawn again, with replacement (Efron's bootstrap)."""

from collections.abc import Iterator
from hashlib import sha256
from typing import cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
LOW, HIGH = 0.025, 0.975
# From so many distinct paths on, those that came at most RARE times are drawn in so many blocks.
MANY, RARE, BLOCKS = 16_384, 4, 4_096


def generator(text: str) -> np.random.Generator:
    """Chance that is the same for the same question."""
    return np.random.default_rng(int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]))


def drawn(counts: Longs, times: int, rng: np.random.Generator, at_once: int = 4_096) -> Iterator[tuple[slice, Longs]]:
    """As many journeys as there are, drawn again `times` times: portions of paths with int64[times, paths of the portion].

    counts: how many journeys had each distinct path; rare paths in no order. Multinomial, dealt to portions first, so that memory
    stays small. Of very many paths the rare ones are drawn in BLOCKS, each as one, which takes a tenth of the time.
    """
    if len(counts) > MANY:
        yield from _drawn_in_blocks(counts, times, rng, at_once)
    elif len(counts):
        starts = np.arange(0, len(counts), at_once)
        sizes = np.add.reduceat(counts, starts)
        dealt = rng.multinomial(int(sizes.sum()), sizes / sizes.sum(), size=times)
        for at, part in enumerate(_portions(len(counts), at_once)):
            yield part, rng.multinomial(dealt[:, at], counts[part] / sizes[at])


def _drawn_in_blocks(
    counts: Longs, times: int, rng: np.random.Generator, at_once: int
) -> Iterator[tuple[slice, Longs]]:
    """Poisson's draws, which for so many journeys are the multinomial's: frequent paths one by one, rare ones by blocks."""
    threshold = max(RARE, int(np.partition(counts, -MANY // 2)[-MANY // 2]))
    weights = rng.poisson(1, (times, BLOCKS))
    for part in _portions(len(counts), at_once):
        own = counts[part]
        found = weights[:, np.arange(part.start, part.stop) % BLOCKS] * own
        frequent = own > threshold
        found[:, frequent] = rng.poisson(own[frequent], (times, int(frequent.sum())))
        yield part, found


def _portions(total: int, at_once: int) -> Iterator[slice]:
    for start in range(0, total, at_once):
        yield slice(start, min(start + at_once, total))


def ranges(shares: Floats) -> tuple[Floats, Floats]:
    """The middle 95 % of [times, …]: low and high."""
    low, high = np.quantile(shares, (LOW, HIGH), axis=0)
    return cast(Floats, low), cast(Floats, high)
