"""Dividing without loss: whole units by shares, the largest remainders first."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

# Parts of one conversion: divisible by 1 to 16 and by every percentage of the models.
PARTS = 7_207_200_000
# Money is counted in ten-thousandths of the currency's unit, as the stream keeps it.
PLACES = 4


def divided(total: int, shares: Sequence[int | Fraction]) -> list[int]:
    """`total` (of any sign) in whole units, in proportion to `shares` (not negative, not all 0): they sum to `total`.

    What rounding down leaves goes, one unit each, to the largest remainders; of equals, to the earlier.
    """
    exact = [Fraction(share) for share in shares]
    scale = lcm(*(share.denominator for share in exact))
    parts = [share.numerator * (scale // share.denominator) for share in exact]
    return apportioned([total * part for part in parts], sum(parts), total)


def apportioned(parts: Sequence[int], over: int, total: int) -> list[int]:
    """Whole numbers next to part / over (which sum to `total`) that sum to `total`."""
    floors = [part // over for part in parts]
    left = total - sum(floors)
    order = sorted(range(len(parts)), key=lambda at: (floors[at] * over - parts[at], at))
    for at in order[:left]:
        floors[at] += 1
    return floors


def money_text(units: int, places: int) -> str:
    """Ten-thousandths of a currency's unit as a decimal with so many places (2 or 4)."""
    sign, units = ("-" if units < 0 else ""), abs(units) // 10 ** (PLACES - places)
    return f"{sign}{units // 10**places}.{units % 10**places:0{places}d}"


def places_of(total: int) -> int:
    """How many places an amount needs: two, where it has no more."""
    return 2 if total % 100 == 0 else PLACES
