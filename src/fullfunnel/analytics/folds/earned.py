"""All models' shares of the same conversions, with what they would have been had other journeys come by."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.attribution.bootstrap import drawn, generator, ranges
from fullfunnel.analytics.attribution.markov import markov_shares
from fullfunnel.analytics.attribution.models import RULES
from fullfunnel.analytics.attribution.shapley import MOST_PLAYERS, shapley_shares
from fullfunnel.analytics.attribution.shares import PARTS
from fullfunnel.analytics.folds import credits
from fullfunnel.analytics.folds.credits import Floats, Journeys, Paths
from fullfunnel.analytics.folds.gather import Longs
from fullfunnel.analytics.questions_attribution import Attribution
from fullfunnel.analytics.watch import Watch

BY_PATHS = frozenset({"markov", "shapley"})


@dataclass(frozen=True)
class Earned:
    """What was earned. Arrays end with the values and one more, "no touch"; models are in the question's order.

    shares: parts of all conversions, float[models, values + 1], NaN where a model says nothing of a value (Shapley, beyond its
    players: the last value has it); low, high: the same, or None; parts: int64[rules, values + 1], of shares.PARTS a conversion;
    money: int64[2, rules, values + 1, currencies] as in credits.credited. totals, untouched: by currency, in ten-thousandths, what
    all conversions are worth, and what those without a touch are.
    """

    conversions: int
    unattributed: int
    rules: tuple[str, ...]
    parts: Longs
    money: Longs
    totals: list[int]
    untouched: list[int]
    shares: Floats
    low: Floats | None
    high: Floats | None


class _Sums:
    """What is added up path by path, in one row for what was and one for each draw."""

    def __init__(self, question: Attribution, journeys: Journeys, rules: tuple[str, ...]) -> None:
        self.rules, draws, values = rules, question.bootstrap + 1, journeys.values
        self.models = np.array([RULES.index(name) for name in rules], np.int64)
        self.parts = np.zeros((len(rules), values + 1), np.int64)
        self.money = np.zeros((2, len(rules), values + 1, max(journeys.currencies, 1)), np.int64)
        self.drawn = np.zeros((draws, self.parts.size))
        self.total, self.nothing = np.zeros(draws), np.zeros(draws)
        self.players = min(values, MOST_PLAYERS + 1) if "shapley" in question.models else 0
        self.transitions = np.zeros((values + 1, values + 2, draws)) if "markov" in question.models else None
        self.sets = np.zeros((2, 1 << self.players, draws))

    def add(self, question: Attribution, journeys: Journeys, paths: Paths, portion: slice, weights: Floats) -> None:
        found = credits.credited(journeys, paths, portion, self.models, question.half_life, self.money)
        self.parts += found.sum(axis=0)
        counts = paths.counts[portion]
        if question.bootstrap:
            self.drawn += (weights / counts) @ found.reshape(len(counts), -1)
        first = paths.order[paths.offsets[portion]]
        converted = weights * paths.converted[portion]
        self.total += converted.sum(axis=1)
        self.nothing += (converted * (journeys.low[first] == journeys.high[first])).sum(axis=1)
        if self.transitions is not None:
            credits.add_transitions(journeys, paths, portion, weights, self.transitions)
        if self.players:
            credits.add_sets(journeys, paths, portion, weights, self.players, self.sets)


def earn(question: Attribution, journeys: Journeys, watch: Watch, seed: str) -> Earned:
    """What each model says of these journeys. `seed` makes the same question be answered with the same ranges."""
    rules = tuple(name for name in question.models if name in RULES)
    needs_paths = bool(question.bootstrap or BY_PATHS & set(question.models))
    paths = credits.distinct(journeys) if needs_paths else credits.by_order(journeys)
    sums = _Sums(question, journeys, rules)
    for portion, weights in _portions(question, paths, journeys.values, seed):
        watch.check()
        sums.add(question, journeys, paths, portion, weights)
    sums.drawn[0] = sums.parts.reshape(-1)
    shares = np.stack([_shares(name, sums, journeys.values) for name in question.models], axis=1)
    low, high = ranges(shares[1:]) if question.bootstrap and len(journeys.time) else (None, None)
    alone = journeys.low[: len(journeys.time)] == journeys.high[: len(journeys.time)]
    totals, untouched = _worth(journeys, alone | ~alone), _worth(journeys, alone)
    return Earned(len(alone), int(alone.sum()), rules, sums.parts, sums.money, totals, untouched, shares[0], low, high)


def _worth(journeys: Journeys, conversions: NDArray[np.bool_]) -> list[int]:
    """The exact sum of amounts, by currency."""
    found = []
    for currency in range(journeys.currencies):
        amounts = journeys.amount[conversions & (journeys.currency == currency)]
        found.append(int((amounts // credits.LIMB).sum()) * credits.LIMB + int((amounts % credits.LIMB).sum()))
    return found


def _portions(question: Attribution, paths: Paths, values: int, seed: str) -> Iterator[tuple[slice, Floats]]:
    """Portions of paths with how often each came: first as it was, then as it was drawn."""
    at_once = max(64, min(4_096, 4_000_000 // (len(RULES) * (values + 1))))
    counts = paths.counts
    if not question.bootstrap:
        for portion in credits.portions(paths, at_once):
            yield portion, counts[None, portion].astype(np.float64)
        return
    for portion, draws in drawn(counts, question.bootstrap, generator(seed), at_once):
        yield portion, np.concatenate([counts[None, portion], draws]).astype(np.float64)


def _shares(name: str, sums: _Sums, values: int) -> Floats:
    """A model's parts of all conversions: float[draws, values + 1]."""
    total = np.maximum(sums.total, 1)[:, None]
    if name in sums.rules:
        own = sums.drawn.reshape(len(total), len(sums.rules), -1)[:, sums.rules.index(name)]
        return own / PARTS / total
    nothing = sums.nothing[:, None] / total
    found = np.full((len(total), values + 1), np.nan)
    found[:, -1:] = nothing
    if name == "markov" and sums.transitions is not None:
        found[:, :-1] = markov_shares(np.moveaxis(sums.transitions, -1, 0))
    elif values:
        own = shapley_shares(sums.sets[1].T.copy(), sums.sets[0].T.copy())
        found[:, : sums.players - 1], found[:, values - 1] = own[:, :-1], own[:, -1]
    found[:, :-1] *= 1 - nothing
    return found
