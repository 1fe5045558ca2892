"""All models' shares of the same conversions, with what they would have been had other journeys come by."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.attribution import credits
from fullfunnel.journeys.attribution.bootstrap import BLOCKS, dealt, drawn, generator, ranges
from fullfunnel.journeys.attribution.credits import Floats, Ints, Journeys
from fullfunnel.journeys.attribution.markov import markov_shares
from fullfunnel.journeys.attribution.models import RULES
from fullfunnel.journeys.attribution.question import Attribution
from fullfunnel.journeys.attribution.shapley import MAX_PLAYERS, shapley_shares
from fullfunnel.journeys.attribution.shares import PARTS
from fullfunnel.journeys.folds.gather import Longs
from fullfunnel.journeys.folds.ranges import each_of
from fullfunnel.journeys.watch import Watch

# Of one thread's sums: 32 MB.
MAX_CELLS = 4_000_000
# Journeys between two looks at the watch.
AT_ONCE = 32_768
DRAWS_AT_ONCE = 64


@dataclass(frozen=True)
class ModelTotals:
    """Conversion. Arrays end with the values and one more, "no touch"; models are in the question's order.

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
    """What is added up over journeys, by groups of them. The arrays of rules, sets and transitions are those of credits.py."""

    def __init__(self, question: Attribution, values: int, currencies: int, times: Floats) -> None:
        groups = times.shape[1]
        self.rules = tuple(name for name in question.models if name in RULES)
        self.models = np.array([RULES.index(name) for name in self.rules], np.int64)
        self.times, self.half_life = np.ascontiguousarray(times.T), question.half_life
        # Conversions, and those of them without a touch: how many, and what they are worth.
        self.counts, self.worth = np.zeros((2, groups), np.int64), [[0] * currencies, [0] * currencies]
        self.parts = np.zeros((groups, len(self.rules), values + 1), np.int64)
        self.money = np.zeros((2, len(self.rules), values + 1, max(currencies, 1)), np.int64)
        self.players = min(values, MAX_PLAYERS + 1) if "shapley" in question.models else 0
        is_markov = "markov" in question.models
        self.transitions = np.zeros((groups, values + 1, values + 2) if is_markov else (0, 0, 0))
        self.sets = np.zeros((2, 1 << self.players, len(times)))

    def add(self, journeys: Journeys, group: Ints, begin: int, end: int) -> None:
        """Adds the journeys from `begin` to `end`; journey j is in group[j]."""
        self._count(journeys, group, slice(begin, min(end, journeys.conversions)))
        if self.rules:
            credits.add_parts(journeys, group, begin, end, self.models, self.half_life, self.parts, self.money)
        if len(self.transitions):
            credits.add_transitions(journeys, group, begin, end, self.transitions)
        if self.players:
            credits.add_sets(journeys, group, begin, end, self.players, self.times, self.sets)

    def _count(self, journeys: Journeys, group: Ints, conversions: slice) -> None:
        alone = journeys.low[conversions] == journeys.high[conversions]
        everybody: tuple[slice | NDArray[np.bool_], ...] = (slice(None), alone)
        for at, some in enumerate(everybody):
            self.counts[at] += np.bincount(group[conversions][some], minlength=self.counts.shape[1])
            amount, currencies = journeys.amount[conversions][some], journeys.currency[conversions][some]
            for currency in range(len(self.worth[at])):
                amounts = amount[currencies == currency]
                upper, lower = int((amounts // credits.LIMB).sum()), int((amounts % credits.LIMB).sum())
                self.worth[at][currency] += upper * credits.LIMB + lower

    def join(self, other: "_Sums") -> None:
        for own, its in zip(self._arrays(), other._arrays(), strict=True):
            own += its
        self.worth = [[a + b for a, b in zip(*both, strict=True)] for both in zip(self.worth, other.worth, strict=True)]

    def _arrays(self) -> tuple[NDArray[Any], ...]:
        return self.counts, self.parts, self.money, self.transitions, self.sets


def earn(question: Attribution, journeys: Sequence[Journeys], watch: Watch, seed: str) -> ModelTotals:
    """What each model says of these journeys. `seed` makes the same question be answered with the same ranges."""
    rng, many = generator(seed), sum(len(part.low) for part in journeys)
    groups = _groups(question, journeys[0].values, many)
    times = drawn(groups, question.bootstrap, rng)
    sums = _summed(question, journeys, dealt(many, groups, rng), times, watch)
    conversions, alone = (times @ counts for counts in sums.counts)
    parts = sums.parts.sum(axis=0)
    again = (times @ sums.parts.reshape(groups, -1).astype(np.float64)).reshape(len(times), *parts.shape)
    again[0] = parts
    told = []
    for name in question.models:
        watch.check()
        told.append(_shares(name, sums, again, conversions[:, None], alone[:, None], watch))
    watch.check()
    shares = np.stack(told, axis=1)
    low, high = ranges(shares[1:]) if question.bootstrap and conversions[0] else (None, None)
    (total, untouched), (worth, lost) = sums.counts.sum(axis=1).tolist(), sums.worth
    return ModelTotals(total, untouched, sums.rules, parts, sums.money, worth, lost, shares[0], low, high)


def _groups(question: Attribution, values: int, journeys: int) -> int:
    """In how many groups journeys are drawn: each by itself where they are few, and fewer where each takes much room."""
    if not question.bootstrap:
        return 1
    each = (values + 1) * max(values + 2, len(RULES))
    return max(1, min(journeys, BLOCKS, MAX_CELLS // each))


def _summed(question: Attribution, journeys: Sequence[Journeys], group: Ints, times: Floats, watch: Watch) -> _Sums:
    """Each thread adds up for itself: all are whole numbers, so that it is of no matter which of them adds what."""
    own, made = threading.local(), [_Sums(question, journeys[0].values, journeys[0].currencies, times)]

    def add(piece: tuple[Journeys, Ints, int, int]) -> None:
        if not hasattr(own, "sums"):
            own.sums = _Sums(question, journeys[0].values, journeys[0].currencies, times)
            made.append(own.sums)
        own.sums.add(*piece)

    each_of(_pieces(journeys, group), add, watch)
    for other in made[1:]:
        made[0].join(other)
    return made[0]


def _pieces(journeys: Sequence[Journeys], group: Ints) -> Iterator[tuple[Journeys, Ints, int, int]]:
    """What is done at once. `group`: of all conversions, then of all who went away, so that it is of no matter who shares a portion."""
    done, away = 0, sum(part.conversions for part in journeys)
    for part in journeys:
        ends = done + part.conversions, away + len(part.low) - part.conversions
        own = np.concatenate([group[done : ends[0]], group[away : ends[1]]])
        yield from ((part, own, begin, min(begin + AT_ONCE, len(own))) for begin in range(0, len(own), AT_ONCE))
        done, away = ends


def _shares(name: str, sums: _Sums, again: Floats, total: Floats, nothing: Floats, watch: Watch) -> Floats:
    """A model's parts of all conversions: float[draws, values + 1]. again: the rules' parts of each draw.

    Markov and Shapley take their time, and each draw some 100 kB: they are worked out by so many draws at once. `watch` may end it.
    """
    whole = np.maximum(total, 1)
    if name in sums.rules:
        return again[:, sums.rules.index(name)] / PARTS / whole
    found = np.full((len(total), again.shape[2]), np.nan)
    found[:, -1:] = nothing / whole
    for begin in range(0, len(found), DRAWS_AT_ONCE):
        watch.check()
        some = slice(begin, begin + DRAWS_AT_ONCE)
        if name == "markov":
            chains = sums.times[:, some].T @ sums.transitions.reshape(len(sums.times), -1)
            found[some, :-1] = markov_shares(chains.reshape(-1, *sums.transitions.shape[1:]))
        elif sums.players:
            own = shapley_shares(sums.sets[1][:, some].T.copy(), sums.sets[0][:, some].T.copy())
            found[some, : sums.players - 1], found[some, -2] = own[:, :-1], own[:, -1]
    found[:, :-1] *= 1 - found[:, -1:]
    return found
