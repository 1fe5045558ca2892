"""Two-by-two tables, many at once: odds ratios with intervals, Fisher's exact test, Benjamini-Hochberg. Pure; docs/adr/0019."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
LEAST_UNITS, LEAST_EXPECTED, LEAST_FOUND = 20, 5, 5
TWO_SIDED_95 = 1.959963984540054


@dataclass(frozen=True)
class Tables:
    """Of each factor: those with it who went on and who were lost, and the same of those without it."""

    with_on: Longs
    with_lost: Longs
    without_on: Longs
    without_lost: Longs

    def take(self, rows: NDArray[np.int64]) -> "Tables":
        return Tables(*(one[rows] for one in (self.with_on, self.with_lost, self.without_on, self.without_lost)))

    def speaks(self) -> NDArray[np.bool_]:
        """Whether both groups are large enough to be tested. Judged by the sums of rows and columns only, never by the outcome
        of a group, so that leaving tables out does not bend what the correction promises."""
        have, lack = self.with_on + self.with_lost, self.without_on + self.without_lost
        on, lost = self.with_on + self.without_on, self.with_lost + self.without_lost
        least = np.minimum(have, lack)
        expected = least * np.minimum(on, lost) / np.maximum(have + lack, 1)
        return np.asarray((least >= LEAST_UNITS) & (expected >= LEAST_EXPECTED))

    def has_enough(self) -> NDArray[np.bool_]:
        """Whether all four cells hold enough for a finding. Nothing is left out by it: docs/adr/0046."""
        cells = np.stack((self.with_on, self.with_lost, self.without_on, self.without_lost))
        return np.asarray((cells >= LEAST_FOUND).all(axis=0))


@dataclass(frozen=True)
class Judged:
    """Of each table: the odds ratio, its 95 % interval, Fisher's p (two-sided) and q, the p corrected for all that were tested."""

    odds_ratio: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats


def judge(tables: Tables) -> Judged:
    """Tests all of these tables at once."""
    ratio, low, high = odds_ratios(tables)
    p = np.array([fisher(*(int(one[at]) for one in _cells(tables))) for at in range(len(ratio))])
    return Judged(ratio, low, high, p, corrected(p))


def _cells(tables: Tables) -> tuple[Longs, Longs, Longs, Longs]:
    return tables.with_on, tables.with_lost, tables.without_on, tables.without_lost


def odds_ratios(tables: Tables) -> tuple[Floats, Floats, Floats]:
    """(ratio, low, high) by Woolf's logarithm; where a cell is empty, half a unit is added to all four (Haldane, Anscombe)."""
    cells = np.stack(_cells(tables)).astype(np.float64)
    cells += np.where((cells == 0).any(axis=0), 0.5, 0.0)
    logarithm = np.log(cells[0]) - np.log(cells[1]) - np.log(cells[2]) + np.log(cells[3])
    error = TWO_SIDED_95 * np.sqrt((1 / cells).sum(axis=0))
    return np.exp(logarithm), np.exp(logarithm - error), np.exp(logarithm + error)


@lru_cache(maxsize=10_000)
def fisher(with_on: int, with_lost: int, without_on: int, without_lost: int) -> float:
    """The p of Fisher's exact test, two-sided."""
    from scipy.stats import fisher_exact

    return float(fisher_exact([[with_on, with_lost], [without_on, without_lost]]).pvalue)


def corrected(p: Floats) -> Floats:
    """Benjamini and Hochberg's q of each p: below 0.05, at most one in twenty of what is told is chance."""
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(p), np.float64) if len(p) else p
