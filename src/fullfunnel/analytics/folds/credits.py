"""What each value earned of each conversion: rule models conversion by conversion, the others by distinct paths; in whole parts."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.attribution.shares import PARTS
from fullfunnel.analytics.attribution.weights import weigh
from fullfunnel.analytics.folds.gather import Longs, still
from fullfunnel.analytics.folds.ties import compiled

Floats = NDArray[np.float64]
# Of more touches before one conversion, the first and the last count.
MOST_TOUCHES = 100
# Money is added up in two places, the lower below this, so that no sum is too large for an int64.
LIMB = 1_000_000_000
PARTICIPATION = 4
AT_ONCE = 65_536


class Journeys(NamedTuple):
    """What is to be credited: conversions with their touches, and the journeys that went away (`away` says how many, at the end).

    touches: time, code (0 to values - 1), direct; low, high: each journey's touches; of a conversion also time, lead, opportunity
    (places among the touches), amount (in ten-thousandths) and currency (a number). values: how many codes there are.
    """

    touch_time: Longs
    touch_code: Longs
    touch_direct: NDArray[np.bool_]
    low: Longs
    high: Longs
    time: Longs
    lead: Longs
    opportunity: Longs
    amount: Longs
    currency: Longs
    values: int
    currencies: int


class Paths(NamedTuple):
    """Distinct paths. order: the journeys by path; path p's are order[offsets[p]:offsets[p + 1]]. converted: whether they did."""

    order: Longs
    offsets: Longs
    converted: NDArray[np.bool_]

    @property
    def counts(self) -> Longs:
        return np.diff(self.offsets)


def distinct(journeys: Journeys) -> Paths:
    """Journeys with the same touches in the same order, the same milestones and the same end are of one path."""
    keys = np.empty(len(journeys.low), np.uint64)
    touches = (still(journeys.touch_code), still(journeys.touch_direct))
    conversions = len(journeys.time)
    _keys(*touches, journeys.low, journeys.high, journeys.lead, journeys.opportunity, conversions, keys)
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], sorted_keys[1:] != sorted_keys[:-1]])) if len(keys) else order
    offsets = np.append(starts, len(keys)).astype(np.int64)
    return Paths(order, offsets, order[starts] < conversions)


def by_order(journeys: Journeys) -> Paths:
    """The conversions in portions, whatever their paths: where nobody asks for paths."""
    conversions = len(journeys.time)
    offsets = np.append(np.arange(0, conversions, AT_ONCE), conversions).astype(np.int64)
    return Paths(np.arange(conversions), offsets, np.ones(len(offsets) - 1, np.bool_))


def credited(journeys: Journeys, paths: Paths, portion: slice, models: Longs, half_life: int, money: Longs) -> Longs:
    """Parts (of shares.PARTS) by path of the portion, model and value, the last value being "no touch": int64[paths, models, values + 1].

    models: places in models.RULES. money, int64[2, models, values + 1, currencies], is added to: amounts times parts, as
    money[0] * LIMB + money[1].
    """
    first, last = portion.start, portion.stop
    found = np.zeros((last - first, len(models), journeys.values + 1), np.int64)
    touches = (still(journeys.touch_time), still(journeys.touch_code), still(journeys.touch_direct))
    rows = (journeys.low, journeys.high, journeys.time, journeys.lead, journeys.opportunity)
    worth = (journeys.amount, journeys.currency)
    _credit(touches, rows, worth, paths.order, paths.offsets, first, models, float(half_life), found, money)
    return found


def portions(paths: Paths, at_once: int) -> Iterator[slice]:
    """Ranges of paths."""
    for first in range(0, len(paths.offsets) - 1, at_once):
        yield slice(first, min(first + at_once, len(paths.offsets) - 1))


def add_transitions(journeys: Journeys, paths: Paths, portion: slice, weights: Floats, found: Floats) -> None:
    """Adds what followed what, weights[draw, path of the portion] times: found[values + 1, values + 2, draws], otherwise as in markov.py."""
    _transitions(
        still(journeys.touch_code), journeys.low, journeys.high, paths.order, paths.offsets, paths.converted,
        portion.start, np.ascontiguousarray(weights.T), found,
    )  # fmt: skip


def add_sets(journeys: Journeys, paths: Paths, portion: slice, weights: Floats, players: int, found: Floats) -> None:
    """Adds journeys by their set of values to found[0], conversions to found[1]: found[2, 2 ** players, draws].

    Values beyond the players are the last of them.
    """
    _sets(
        still(journeys.touch_code), journeys.low, journeys.high, paths.order, paths.offsets, paths.converted,
        portion.start, players - 1, np.ascontiguousarray(weights.T), found,
    )  # fmt: skip


@compiled
def _place(low, high, i):
    """Where the i-th touch that counts stands."""
    n = min(high - low, MOST_TOUCHES)
    return low if i == 0 else high - n + i


@compiled
def _mixed(key, number):
    """A step of splitmix64 over what has been seen and one more number."""
    mixed = (key ^ np.uint64(number)) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def _keys(code, direct, low, high, lead, opportunity, conversions, keys):
    for j in range(keys.shape[0]):
        n = min(high[j] - low[j], MOST_TOUCHES)
        # How much follows is mixed in first, so that what follows cannot stand for something else.
        key = _mixed(np.uint64(0), n * 2 + (j < conversions))
        for i in range(n):
            at = _place(low[j], high[j], i)
            key = _mixed(key, code[at] * 2 + direct[at])
        if j < conversions:
            key = _mixed(key, max(lead[j] - low[j] + 1, 0))
            key = _mixed(key, max(opportunity[j] - low[j] + 1, 0))
        keys[j] = key


@compiled
def _credit(touches, rows, worth, order, offsets, first, models, half_life, found, money):
    time, code, direct = touches
    low, high, moment, lead, opportunity = rows
    amount, currency = worth
    values = found.shape[2] - 1
    ages, weights = np.empty(MOST_TOUCHES, np.int64), np.empty(MOST_TOUCHES, np.float64)
    codes, is_direct = np.empty(MOST_TOUCHES, np.int64), np.empty(MOST_TOUCHES, np.bool_)
    seen = np.full(values + 1, np.int64(-1))
    for p in range(found.shape[0]):
        for k in range(offsets[first + p], offsets[first + p + 1]):
            j = order[k]
            if j >= moment.shape[0]:
                break  # who went away earns nobody anything
            n = min(high[j] - low[j], MOST_TOUCHES)
            for i in range(n):
                at = _place(low[j], high[j], i)
                ages[i], codes[i], is_direct[i] = moment[j] - time[at], code[at], direct[at]
            at_lead, at_opportunity = _nth(low[j], high[j], lead[j]), _nth(low[j], high[j], opportunity[j])
            for m in range(models.shape[0]):
                if n == 0:
                    found[p, m, values] += PARTS
                    _add_money(money, m, values, currency[j], amount[j], np.int64(PARTS))
                    continue
                weigh(models[m], ages[:n], is_direct[:n], at_lead, at_opportunity, half_life, weights[:n])
                total = weights[:n].sum()
                left = np.int64(PARTS)
                for i in range(n):
                    part = np.int64(np.rint(weights[i] / total * PARTS))
                    if models[m] == PARTICIPATION:
                        part = np.int64(0) if seen[codes[i]] == k else np.int64(PARTS)
                        seen[codes[i]] = k
                    elif i == n - 1:
                        # What rounding leaves is the last touch's.
                        part = left
                    left -= part
                    if part != 0:
                        found[p, m, codes[i]] += part
                        _add_money(money, m, codes[i], currency[j], amount[j], part)
    return found


@compiled
def _nth(low, high, place):
    """Which of the touches that count stands at a place, or just before; -1 where it is not among the conversion's touches."""
    if place < low:
        return np.int64(-1)
    return max(np.int64(0), place - (high - min(high - low, MOST_TOUCHES)))


@compiled
def _add_money(money, m, value, currency, amount, part):
    if amount == 0:
        return
    upper, lower = amount // LIMB, amount % LIMB
    below = money[1, m, value, currency] + lower * part
    money[0, m, value, currency] += upper * part + below // LIMB
    money[1, m, value, currency] = below % LIMB


@compiled
def _transitions(code, low, high, order, offsets, converted, first, weights, found):
    values = found.shape[0] - 1
    for p in range(weights.shape[0]):
        j = order[offsets[first + p]]
        n = min(high[j] - low[j], MOST_TOUCHES)
        state = 0
        for i in range(n):
            to = code[_place(low[j], high[j], i)]
            for draw in range(weights.shape[1]):
                found[state, to, draw] += weights[p, draw]
            state = to + 1
        # Careful: a conversion that nothing came before earns no value anything, so it is no way through the chain.
        if n > 0:
            end = values + 1 if converted[first + p] else values
            for draw in range(weights.shape[1]):
                found[state, end, draw] += weights[p, draw]


@compiled
def _sets(code, low, high, order, offsets, converted, first, last_player, weights, found):
    for p in range(weights.shape[0]):
        j = order[offsets[first + p]]
        n = min(high[j] - low[j], MOST_TOUCHES)
        mask = 0
        for i in range(n):
            mask |= 1 << min(code[_place(low[j], high[j], i)], last_player)
        if n > 0:
            for draw in range(weights.shape[1]):
                found[0, mask, draw] += weights[p, draw]
                if converted[first + p]:
                    found[1, mask, draw] += weights[p, draw]
