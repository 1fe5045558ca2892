"""Amounts of money as whole ten-thousandths of the currency's unit."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.attribution.shares import PLACES

# Up to twelve digits before the point, so that what is added up fits an int64; no exponent, no separators.
_AMOUNT = re.compile(r"[+-]?(?=[0-9.])[0-9]{0,12}([.][0-9]{0,30})?\Z")


def is_amount(text: str) -> bool:
    return _AMOUNT.match(text) is not None and text.strip("+-.") != ""


def units_of(text: str) -> int:
    """The amount that a text tells, half to even beyond four places; 0 where it tells none."""
    if not is_amount(text):
        return 0
    return int(Decimal(text).scaleb(PLACES).quantize(Decimal(1), ROUND_HALF_EVEN))


def units_at(values: Sequence[str], codes: NDArray[np.int32]) -> NDArray[np.int64]:
    """The amounts of rows: `values[codes[i]]`, 0 where there is none."""
    return np.array([*map(units_of, values), 0], np.int64)[codes]
