"""Groups of the same people are one group, whatever names them, and so are a group and its mirror image: docs/adr/0037."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """first: the one that is told; same: others of just these people; opposite: those of just the others. Places in a list."""

    first: int
    same: list[int]
    opposite: list[int]


def marks_of(went_on: NDArray[np.bool_]) -> Floats:
    """What is summed over a group, a row each: who went on, every unit, and two whole numbers drawn for each unit.

    Groups of the same sums are the same people but for a chance of one in 2^60 (with a million units): no mask of any group is kept.
    Careful: the sums must stay whole, so below 2^53.
    """
    most = 2 ** (53 - len(went_on).bit_length())
    drawn = np.random.default_rng(0).integers(0, most, (2, len(went_on)))
    return np.concatenate([[went_on, np.ones(len(went_on))], drawn]).astype(np.float64)


def distinct_groups(sums: list[Floats], total: Floats) -> list[Group]:
    """The groups by whom they part from whom. The smaller of two sides is told, of several of one side the first."""
    found: dict[tuple[float, ...], list[int]] = {}
    for at, own in enumerate(sums):
        found.setdefault(min(tuple(own.tolist()), tuple((total - own).tolist())), []).append(at)
    groups = []
    for members in found.values():
        first = min(members, key=lambda at: float(sums[at][1]))
        same = [at for at in members if at != first and (sums[at] == sums[first]).all()]
        groups.append(Group(first, same, [at for at in members if at != first and at not in same]))
    return groups
