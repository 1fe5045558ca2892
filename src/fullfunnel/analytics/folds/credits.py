"""Numba: what each value earned of each conversion, in whole parts; what followed what; which values came together.

All is added up by groups of journeys, so that drawing them again is a product of matrices: journey j is in group[j].
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.attribution.shares import PARTS
from fullfunnel.analytics.attribution.weights import weigh
from fullfunnel.analytics.folds.gather import Longs
from fullfunnel.analytics.folds.ties import compiled

Floats = NDArray[np.float64]
# Of more touches before one conversion, the first and the last count.
MOST_TOUCHES = 100
# Money is added up in two places, the lower below this, so that no sum is too large for an int64.
LIMB = 1_000_000_000
FIRST, LAST, LINEAR, PARTICIPATION = 0, 1, 3, 4


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


def add_parts(
    journeys: Journeys, group: Longs, begin: int, end: int, models: Longs, half_life: int, found: Longs, money: Longs
) -> None:
    """Adds the parts (of shares.PARTS) that the conversions among journeys `begin` to `end` give: found[groups, models, values + 1].

    The last value is "no touch"; models: places in models.RULES. money[2, models, values + 1, currencies] is added to as well:
    amounts times parts, as money[0] * LIMB + money[1].
    """
    rows = (journeys.low, journeys.high, journeys.time, journeys.lead, journeys.opportunity)
    worth = (journeys.amount, journeys.currency)
    touches = (journeys.touch_time, journeys.touch_code, journeys.touch_direct)
    _credit(touches, rows, worth, group, begin, min(end, len(journeys.time)), models, float(half_life), found, money)


def add_transitions(journeys: Journeys, group: Longs, begin: int, end: int, found: Floats) -> None:
    """Adds what followed what: found[groups, values + 1, values + 2], otherwise as in markov.py."""
    _transitions(journeys.touch_code, journeys.low, journeys.high, len(journeys.time), group, begin, end, found)


def add_sets(
    journeys: Journeys, group: Longs, begin: int, end: int, players: int, times: Floats, found: Floats
) -> None:
    """Adds journeys by their set of values to found[0], conversions to found[1]: found[2, 2 ** players, draws].

    times[group, draw]: how often each draw has a journey. Values beyond the players are the last of them.
    """
    code = journeys.touch_code
    _sets(code, journeys.low, journeys.high, len(journeys.time), group, begin, end, players - 1, times, found)


@compiled
def _place(low, high, i):
    """Where the i-th touch that counts stands."""
    n = min(high - low, MOST_TOUCHES)
    return low if i == 0 else high - n + i


@compiled
def _credit(touches, rows, worth, group, begin, end, models, half_life, found, money):
    time, code, direct = touches
    low, high, moment, lead, opportunity = rows
    amount, currency = worth
    values = found.shape[2] - 1
    ages, is_direct = np.empty(MOST_TOUCHES, np.int64), np.empty(MOST_TOUCHES, np.bool_)
    weights, own = np.empty(MOST_TOUCHES, np.float64), np.zeros(MOST_TOUCHES, np.int64)
    # The values of one conversion, each once: kinds[k]; kind[i] is which of them touch i has.
    kind, kinds = np.empty(MOST_TOUCHES, np.int64), np.empty(MOST_TOUCHES, np.int64)
    seen, slot = np.full(values + 1, np.int64(-1)), np.empty(values + 1, np.int64)
    for j in range(begin, end):
        g, n, different = group[j], min(high[j] - low[j], MOST_TOUCHES), 0
        for i in range(n):
            at = _place(low[j], high[j], i)
            ages[i], is_direct[i], value = moment[j] - time[at], direct[at], code[at]
            if seen[value] != j:
                seen[value], slot[value], kinds[different] = j, different, value
                different += 1
            kind[i] = slot[value]
        at_lead, at_opportunity = _nth(low[j], high[j], lead[j]), _nth(low[j], high[j], opportunity[j])
        for m in range(models.shape[0]):
            if n == 0:
                found[g, m, values] += PARTS
                _add_money(money, m, values, currency[j], amount[j], np.int64(PARTS))
                continue
            _divide(models[m], kind[:n], ages, is_direct, at_lead, at_opportunity, half_life, weights, own)
            for k in range(different):
                part = np.int64(PARTS) if models[m] == PARTICIPATION else own[k]
                if part != 0:
                    found[g, m, kinds[k]] += part
                    _add_money(money, m, kinds[k], currency[j], amount[j], part)
                    own[k] = 0


@compiled
def _divide(model, kind, ages, is_direct, lead, opportunity, half_life, weights, own):
    """Adds the parts of one conversion to own[kind of its touches]. Of participation nothing: each kind has all of it."""
    n = len(kind)
    if model == PARTICIPATION:
        return
    left = np.int64(PARTS)
    if model == LINEAR:
        part = np.int64(np.rint(1.0 / n * PARTS))
        for i in range(n - 1):
            own[kind[i]] += part
        left -= part * (n - 1)
    elif model == FIRST:
        own[kind[0]], left = left, np.int64(0)
    elif n > 1 and model != LAST:
        weigh(model, ages[:n], is_direct[:n], lead, opportunity, half_life, weights[:n])
        total = weights[:n].sum()
        for i in range(n - 1):
            part = np.int64(np.rint(weights[i] / total * PARTS))
            own[kind[i]] += part
            left -= part
    # What rounding leaves is the last touch's.
    own[kind[n - 1]] += left


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
def _transitions(code, low, high, conversions, group, begin, end, found):
    values = found.shape[1] - 1
    for j in range(begin, end):
        n, g, state = min(high[j] - low[j], MOST_TOUCHES), group[j], 0
        for i in range(n):
            to = code[_place(low[j], high[j], i)]
            found[g, state, to] += 1.0
            state = to + 1
        # Careful: a conversion that nothing came before earns no value anything, so it is no way through the chain.
        if n > 0:
            found[g, state, values + 1 if j < conversions else values] += 1.0


@compiled
def _sets(code, low, high, conversions, group, begin, end, last_player, times, found):
    for j in range(begin, end):
        n, g, mask = min(high[j] - low[j], MOST_TOUCHES), group[j], 0
        for i in range(n):
            mask |= 1 << min(code[_place(low[j], high[j], i)], last_player)
        if n == 0:
            continue
        for draw in range(times.shape[1]):
            found[0, mask, draw] += times[g, draw]
        if j < conversions:
            for draw in range(times.shape[1]):
                found[1, mask, draw] += times[g, draw]
