"""Whether a group goes on less often than the others: one-sided tests of two proportions, alone or within strata. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.drop_off.odds import corrected
from fullfunnel.journeys.leaks.step import Bools

Floats = NDArray[np.float64]
# Below so many expected in a cell the test counts every table (Fisher); above, the normal curve is as good.
FEW = 10.0
TWO_SIDED_95 = 1.959963984540054
EXACT, NORMAL = "exact", "normal"


@dataclass(frozen=True)
class Table:
    """A group and the others: things, and those of them that went on."""

    group: int
    group_on: int
    others: int
    others_on: int

    @property
    def rate(self) -> float:
        return self.group_on / self.group if self.group else 0.0

    @property
    def reference(self) -> float:
        return self.others_on / self.others if self.others else 0.0

    @property
    def missing(self) -> float:
        """How many more would have gone on at the others' rate."""
        return self.group * self.reference - self.group_on

    @property
    def is_small(self) -> bool:
        total, on = self.group + self.others, self.group_on + self.others_on
        return min(self.group, self.others) * min(on, total - on) / max(total, 1) < FEW


def chance_of(table: Table) -> tuple[float, str]:
    """Return the p of "the group is no worse", one-sided, and the test that gave it."""
    from scipy.stats import hypergeom, norm

    total, on = table.group + table.others, table.group_on + table.others_on
    if not table.group or not table.others or on in (0, total):
        return 1.0, EXACT
    if table.is_small:
        return float(hypergeom.cdf(table.group_on, total, on, table.group)), EXACT
    spread = on * (total - on) / total**2 * (1 / table.group + 1 / table.others)
    return float(norm.cdf((table.rate - table.reference) / spread**0.5)), NORMAL


def chance_within(strata: NDArray[np.int64], in_group: Bools, went_on: Bools) -> tuple[float, float]:
    """Return the same p where only things of one stratum are compared with each other (Mantel-Haenszel), and how many are missing."""
    from scipy.stats import norm

    _, place = np.unique(strata, return_inverse=True)
    total = np.bincount(place).astype(np.float64)
    group = np.bincount(place, weights=in_group, minlength=len(total))
    on = np.bincount(place, weights=went_on, minlength=len(total))
    both = np.bincount(place, weights=in_group & went_on, minlength=len(total))
    others, expected = total - group, group * on / total
    told = (group > 0) & (others > 0)
    spread = (group * others * on * (total - on) / (total**2 * np.maximum(total - 1, 1)))[told].sum()
    if not spread > 0:
        return 1.0, 0.0
    reference = (on - both)[told] / others[told]
    missing = float((group[told] * reference - both[told]).sum())
    return float(norm.cdf((both - expected)[told].sum() / spread**0.5)), missing


def newcombe(table: Table) -> tuple[float, float]:
    """Return the 95 % interval of how much lower the group's rate is than the others' (Newcombe's hybrid of Wilson's)."""
    low, high = _wilson(table.group_on, table.group)
    low_of_others, high_of_others = _wilson(table.others_on, table.others)
    less = table.reference - table.rate
    down = ((table.reference - low_of_others) ** 2 + (high - table.rate) ** 2) ** 0.5
    up = ((high_of_others - table.reference) ** 2 + (table.rate - low) ** 2) ** 0.5
    return less - down, less + up


def _wilson(some: int, of: int) -> tuple[float, float]:
    if not of:
        return 0.0, 1.0
    z, rate = TWO_SIDED_95, some / of
    middle = (rate + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * (rate * (1 - rate) / of + z * z / (4 * of * of)) ** 0.5
    return middle - half, middle + half


def together(chances: list[float]) -> list[float]:
    """Return each p corrected for all that were looked at (Benjamini-Hochberg)."""
    found: list[float] = corrected(np.array(chances, np.float64)).tolist()
    return found
