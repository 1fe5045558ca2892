"""Which cases of a long test run in `make test`, and which in `make test-deep` only."""

from collections.abc import Iterable
from typing import Any

import pytest


def mostly_deep(cases: Iterable[Any]) -> list[Any]:
    """Cases for `parametrize`: the first as it is, all others marked `deep`."""
    first, *others = cases
    return [first, *(pytest.param(case, marks=pytest.mark.deep) for case in others)]
