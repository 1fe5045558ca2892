"""What a leak costs a month, with a range. Pure; spec/stages.md says how it is reckoned."""

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.attribution.bootstrap import HIGH, LOW, generator
from fullfunnel.journeys.leaks.compare import Table
from fullfunnel.journeys.leaks.step import Money, Share

DRAWS = 2_000
CENT = Decimal("0.01")
# Beyond so many amounts their mean is taken for normal.
MOST_AMOUNTS = 1_000


@dataclass(frozen=True)
class Price:
    """A month; low to high is the middle 95 % of companies drawn again from this one."""

    amount: Decimal
    low: Decimal
    high: Decimal


Links = tuple[Share, ...]
Draws = NDArray[np.float64]


def chance_of_win(win: Links) -> float:
    return math.prod(link.rate for link in win)


def price_of(table: Table, win: Links, money: Money, months: float, seed: str) -> Price | None:
    """Return missing × P(win | reached) × mean value of a win ÷ months; None where nothing was ever won."""
    chance = chance_of_win(win)
    if not money.amounts or not chance:
        return None
    amount = table.missing * chance * float(money.mean) / months
    rng = generator(seed)
    rate = rng.binomial(table.group, table.rate, DRAWS) / table.group
    reference = rng.binomial(table.others, table.reference, DRAWS) / table.others
    won = np.prod([rng.binomial(link.decided, link.rate, DRAWS) / link.decided for link in win], axis=0)
    drawn = table.group * (reference - rate) * won * means_of(money, rng) / months
    low, high = np.quantile(drawn, (LOW, HIGH))
    return Price(*(Decimal(repr(float(each))).quantize(CENT) for each in (amount, low, high)))


def means_of(money: Money, rng: np.random.Generator) -> Draws:
    """Return the mean of the amounts drawn again, DRAWS times."""
    amounts = np.array([float(each) for each in money.amounts], np.float64)
    mean = float(money.mean)
    if np.ptp(amounts) == 0:
        return np.full(DRAWS, mean)
    if len(amounts) > MOST_AMOUNTS:
        # The mean of very many is as good as normal.
        return rng.normal(mean, amounts.std() / len(amounts) ** 0.5, DRAWS)
    drawn: Draws = amounts[rng.integers(0, len(amounts), (DRAWS, len(amounts)))].mean(axis=1)
    return drawn


def loss_of(lost: int, win: Links, money: Money, months: float) -> Decimal | None:
    """Return what all who did not go on would have brought a month, had they been won as often as those who did."""
    chance = chance_of_win(win)
    if not money.amounts or not chance:
        return None
    return Decimal(repr(lost * chance * float(money.mean) / months)).quantize(CENT)
