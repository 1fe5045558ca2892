"""Which of what was tested is told first: docs/adr/0046. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.drop_off.odds import Judged, Tables
from fullfunnel.journeys.why.question import Factor

TELLING = 0.05


def set_apart(factors: Sequence[Factor], tables: Tables) -> NDArray[np.bool_]:
    """Which groups are no findings: a cell is empty or nearly so, or it is for most of what was tested of their property.

    A form stands on one page: of "path" nearly every value has an empty cell, and the one that has none says no more.
    """
    has_enough = tables.has_enough()
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, factor in enumerate(factors):
        places[factor.kind, factor.property].append(at)
    apart = ~has_enough
    for (kind, _), own in places.items():
        if kind != "behaviour" and 2 * np.count_nonzero(has_enough[own]) < len(own):
            apart[own] = True
    return apart


def in_order(tables: Tables, judged: Judged, apart: NDArray[np.bool_]) -> list[int]:
    """What is surely more than chance first, of that what is set apart last; then by how many units it is about: a group and its
    mirror image weigh the same."""
    have, lack = tables.with_on + tables.with_lost, tables.without_on + tables.without_lost
    about = np.abs(more_lost(tables)) * np.minimum(1, lack / have)
    telling = judged.q < TELLING
    return list(np.lexsort((judged.p, -about, telling & apart, ~telling)).tolist())


def more_lost(tables: Tables) -> Any:
    """How many more of those with the factor were lost than if they had been lost as often as those without it."""
    share = tables.without_lost / (tables.without_on + tables.without_lost)
    return tables.with_lost - (tables.with_on + tables.with_lost) * share
