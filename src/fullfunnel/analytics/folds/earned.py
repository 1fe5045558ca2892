"""All models' shares of the same conversions, with what they would have been had other journeys come by."""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.attribution.bootstrap import BLOCKS, dealt, drawn, generator, ranges
from fullfunnel.analytics.attribution.markov import markov_shares
from fullfunnel.analytics.attribution.models import RULES
from fullfunnel.analytics.attribution.shapley import MOST_PLAYERS, shapley_shares
from fullfunnel.analytics.attribution.shares import PARTS
from fullfunnel.analytics.folds import credits
from fullfunnel.analytics.folds.credits import Floats, Journeys
from fullfunnel.analytics.folds.gather import Longs
from fullfunnel.analytics.folds.ranges import each_range
from fullfunnel.analytics.questions_attribution import Attribution
from fullfunnel.analytics.watch import Watch

# Of one thread's sums: 32 MB.
MOST_CELLS = 4_000_000


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
    """What is added up over journeys, by groups of them. parts: int64[groups, rules, values + 1]; the rest as in credits.py."""

    def __init__(self, question: Attribution, journeys: Journeys, group: Longs, times: Floats) -> None:
        self.group = group
        groups, values = times.shape[1], journeys.values
        self.rules = tuple(name for name in question.models if name in RULES)
        self.models = np.array([RULES.index(name) for name in self.rules], np.int64)
        self.times, self.half_life = np.ascontiguousarray(times.T), question.half_life
        self.parts = np.zeros((groups, len(self.rules), values + 1), np.int64)
        self.money = np.zeros((2, len(self.rules), values + 1, max(journeys.currencies, 1)), np.int64)
        self.players = min(values, MOST_PLAYERS + 1) if "shapley" in question.models else 0
        is_markov = "markov" in question.models
        self.transitions = np.zeros((groups, values + 1, values + 2)) if is_markov else None
        self.sets = np.zeros((2, 1 << self.players, len(times)))

    def add(self, journeys: Journeys, begin: int, end: int) -> None:
        if self.rules:
            credits.add_parts(journeys, self.group, begin, end, self.models, self.half_life, self.parts, self.money)
        if self.transitions is not None:
            credits.add_transitions(journeys, self.group, begin, end, self.transitions)
        if self.players:
            credits.add_sets(journeys, self.group, begin, end, self.players, self.times, self.sets)

    def join(self, other: "_Sums") -> None:
        self.parts += other.parts
        self.money += other.money
        self.sets += other.sets
        if self.transitions is not None and other.transitions is not None:
            self.transitions += other.transitions


def earn(question: Attribution, journeys: Journeys, watch: Watch, seed: str) -> Earned:
    """What each model says of these journeys. `seed` makes the same question be answered with the same ranges."""
    rng, groups = generator(seed), _groups(question, journeys)
    group = dealt(len(journeys.low), groups, rng)
    times = drawn(groups, question.bootstrap, rng)
    sums = _summed(question, journeys, group, times, watch)
    alone = journeys.low[: len(journeys.time)] == journeys.high[: len(journeys.time)]
    total, nothing = (
        times @ np.bincount(group[: len(alone)][some], minlength=groups) for some in (alone | ~alone, alone)
    )
    parts = sums.parts.sum(axis=0)
    again = (times @ sums.parts.reshape(groups, -1).astype(np.float64)).reshape(len(times), *parts.shape)
    again[0] = parts
    shares = np.stack(
        [_shares(name, sums, again, total[:, None], nothing[:, None]) for name in question.models], axis=1
    )
    low, high = ranges(shares[1:]) if question.bootstrap and len(alone) else (None, None)
    totals, untouched = _worth(journeys, alone | ~alone), _worth(journeys, alone)
    found = (sums.rules, parts, sums.money, totals, untouched, shares[0], low, high)
    return Earned(len(alone), int(alone.sum()), *found)


def _groups(question: Attribution, journeys: Journeys) -> int:
    """In how many groups journeys are drawn: each by itself where they are few, and fewer where each takes much room."""
    if not question.bootstrap:
        return 1
    each = (journeys.values + 1) * max(journeys.values + 2, len(RULES))
    return max(1, min(len(journeys.low), BLOCKS, MOST_CELLS // each))


def _summed(question: Attribution, journeys: Journeys, group: Longs, times: Floats, watch: Watch) -> _Sums:
    """Each thread adds up for itself: all are whole numbers, so that it is of no matter which of them adds what."""
    own, made = threading.local(), [_Sums(question, journeys, group, times)]
    own.sums = made[0]

    def add(begin: int, end: int) -> None:
        if not hasattr(own, "sums"):
            own.sums = _Sums(question, journeys, group, times)
            made.append(own.sums)
        own.sums.add(journeys, begin, end)

    each_range(len(journeys.low), add, watch)
    for other in made[1:]:
        made[0].join(other)
    return made[0]


def _worth(journeys: Journeys, conversions: NDArray[np.bool_]) -> list[int]:
    """The exact sum of amounts, by currency."""
    found = []
    for currency in range(journeys.currencies):
        amounts = journeys.amount[conversions & (journeys.currency == currency)]
        found.append(int((amounts // credits.LIMB).sum()) * credits.LIMB + int((amounts % credits.LIMB).sum()))
    return found


def _shares(name: str, sums: _Sums, again: Floats, total: Floats, nothing: Floats) -> Floats:
    """A model's parts of all conversions: float[draws, values + 1]. again: the rules' parts of each draw."""
    whole = np.maximum(total, 1)
    if name in sums.rules:
        return again[:, sums.rules.index(name)] / PARTS / whole
    found = np.full((len(total), again.shape[2]), np.nan)
    found[:, -1:] = nothing / whole
    if name == "markov" and sums.transitions is not None:
        chains = sums.times.T @ sums.transitions.reshape(len(sums.times), -1)
        found[:, :-1] = markov_shares(chains.reshape(-1, *sums.transitions.shape[1:]))
    elif sums.players:
        own = shapley_shares(sums.sets[1].T.copy(), sums.sets[0].T.copy())
        found[:, : sums.players - 1], found[:, -2] = own[:, :-1], own[:, -1]
    found[:, :-1] *= 1 - found[:, -1:]
    return found
