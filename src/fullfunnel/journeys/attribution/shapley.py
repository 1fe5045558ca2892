"""Shapley values: what a value adds to the others on average, exactly, over all subsets. A subset is a bit mask."""

from math import factorial

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.attribution.markov import normalised

Floats = NDArray[np.float64]
# Subsets are tried all: 2 to the power of so many.
MAX_PLAYERS = 12


def shapley_values(worth: Floats) -> Floats:
    """The average of what each player adds: [..., players]. worth: [..., 2 ** players], of every subset.

    Shapley, A Value for n-Person Games (1953).
    """
    subsets = worth.shape[-1]
    players = subsets.bit_length() - 1
    masks = np.arange(subsets)
    sizes = np.bitwise_count(masks)
    weights = np.array([factorial(s) * factorial(players - s - 1) / factorial(players) for s in range(players)] + [0.0])
    found = np.empty((*worth.shape[:-1], players))
    for player in range(players):
        without = masks[masks >> player & 1 == 0]
        added = worth[..., without | 1 << player] - worth[..., without]
        found[..., player] = added @ weights[sizes[without]]
    return found


def over_subsets(counts: Floats) -> Floats:
    """For every subset the sum of `counts` over all that it holds: [..., 2 ** players]."""
    return _spread(counts, np.add)


def closed(worth: Floats) -> Floats:
    """The monotone closure: a subset is worth at least what any part of it is."""
    return _spread(worth, np.maximum)


def rates(conversions: Floats, journeys: Floats) -> Floats:
    """What a subset is worth: v(S) = conversions(S) / (journeys(S) + shrinkage), closed; both counted by the exact set of values.

    The shrinkage is as many journeys as one conversion costs on average, so that a rare set with one lucky journey is worth no more
    than the average. Nothing is worth 0.
    """
    inside, all_inside = over_subsets(conversions), over_subsets(journeys)
    total = conversions.sum(axis=-1, keepdims=True)
    cost = np.divide(journeys.sum(axis=-1, keepdims=True), total, out=np.ones_like(total), where=total > 0)
    worth = inside / (all_inside + cost)
    worth[..., 0] = 0.0
    return closed(worth)


def shapley_shares(conversions: Floats, journeys: Floats) -> Floats:
    """What part of the conversions each value earned: [..., players], summing to 1, or all 0 where nobody converted."""
    return normalised(shapley_values(rates(conversions, journeys)))


def _spread(given: Floats, put_together: np.ufunc) -> Floats:
    found = given.copy()
    players = given.shape[-1].bit_length() - 1
    for player in range(players):
        pairs = found.reshape(*given.shape[:-1], -1, 2, 1 << player)
        put_together(pairs[..., 1, :], pairs[..., 0, :], out=pairs[..., 1, :])
    return found
