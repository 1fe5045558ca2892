"""Dividing without loss: whole units by shares, the largest remainders first."""

from collections.abc import Sequence
from fractions import Fraction

# Parts of one conversion: divisible by 1 to 16 and by every percentage of the models.
PARTS = 7_207_200_000
# Money is counted in ten-thousandths of the currency's unit, as the stream keeps it.
PLACES = 4


def divided(total: int, shares: Sequence[int | Fraction]) -> list[int]:
    """`total` (of any sign) in whole units, in proportion to `shares` (not negative, not all 0): they sum to `total`.

    What rounding down leaves goes, one unit each, to the largest remainders; of equals, to the earlier.
    """
    whole = sum(Fraction(share) for share in shares)
    exact = [total * Fraction(share) / whole for share in shares]
    return apportioned(exact, total)


def apportioned(exact: Sequence[Fraction], total: int) -> list[int]:
    """Whole numbers next to `exact` (which sum to `total`) that sum to `total`."""
    floors = [one.numerator // one.denominator for one in exact]
    left = total - sum(floors)
    order = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at], at))
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
