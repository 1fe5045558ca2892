"""Markov chains of order 1: what would be lost without a value. Exact: one linear system, no simulation."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def removal_effects(transitions: Floats) -> Floats:
    """Of each value 1 - P(conversion without it) / P(conversion): [..., values].

    transitions: [..., values + 1, values + 2], how often one came after the other. Rows: the start, then the values; columns:
    the values, then NULL (went away), then the conversion. A removed value leads to NULL. Leading axes are chains of their own.

    Without c the chain converts by the ways that never visit c, so the loss is P(visits c) x P(conversion from c), and
    P(visits c) = N[start, c] / N[c, c] with the fundamental matrix N = (I - Q)^-1 (Kemeny and Snell, Finite Markov Chains, 3.2).
    """
    sums = transitions.sum(axis=-1, keepdims=True)
    chances = np.divide(transitions, sums, out=np.zeros_like(transitions), where=sums > 0)
    values = transitions.shape[-2] - 1
    inner = np.zeros((*transitions.shape[:-2], values + 1, values + 1))
    inner[..., 1:] = chances[..., :values]
    fundamental = np.linalg.inv(np.eye(values + 1) - inner)
    converts = (fundamental @ chances[..., -1:])[..., 0]
    own = np.diagonal(fundamental, axis1=-2, axis2=-1)
    lost = fundamental[..., 0, 1:] / own[..., 1:] * converts[..., 1:]
    total = converts[..., :1]
    effects = np.divide(lost, total, out=np.zeros_like(lost), where=total > 0)
    return cast(Floats, np.clip(effects, 0.0, 1.0))


def markov_shares(transitions: Floats) -> Floats:
    """The removal effects, normalised: what part of the conversions each value earned; 0 everywhere where nobody converted."""
    return normalised(removal_effects(transitions))


def normalised(parts: Floats) -> Floats:
    """Parts that sum to 1 along the last axis; all 0 where there is nothing."""
    sums = parts.sum(axis=-1, keepdims=True)
    return cast(Floats, np.divide(parts, sums, out=np.zeros_like(parts), where=sums > 0))
