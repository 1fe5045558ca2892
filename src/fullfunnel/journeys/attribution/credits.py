"""Numba: what each value earned of each conversion, in whole parts; what followed what; which values came together.

All is added up by groups of journeys, so that drawing them again is a product of matrices: journey j is in group[j].
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.attribution.shares import PARTS
from fullfunnel.journeys.attribution.weights import MAX_PLACES, decay, halved, stand_out
from fullfunnel.journeys.folds.gather import Longs
from fullfunnel.journeys.folds.scan import inlined
from fullfunnel.journeys.folds.ties import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
# Of more touches before one conversion, the first and the last count.
MAX_TOUCHES = 100
# Money is added up in two places, the lower below this, so that no sum is too large for an int64.
LIMB = 1_000_000_000
NOT_DIRECT, PARTICIPATION, DECAY = 2, 4, 5
# More than one conversion has touches, and a power of 2.
FADES = 128


class Journeys(NamedTuple):
    """What is to be credited: conversions with their touches, and the journeys that went away (`away` says how many, at the end).

    touches: time, code (0 to values - 1), direct; low, high: each journey's touches, of conversions both in rising order; of a
    conversion also lead, opportunity (places among the touches), amount (in ten-thousandths) and currency (a number). values: how
    many codes there are.
    """

    touch_time: Longs
    touch_code: Ints
    touch_direct: NDArray[np.bool_]
    low: Ints
    high: Ints
    lead: Ints
    opportunity: Ints
    amount: Longs
    currency: Longs
    values: int
    currencies: int

    @property
    def conversions(self) -> int:
        return len(self.amount)


def add_parts(
    journeys: Journeys, group: Ints, begin: int, end: int, models: Longs, half_life: int, found: Longs, money: Longs
) -> None:
    """Adds the parts (of shares.PARTS) that the conversions among journeys `begin` to `end` give: found[groups, models, values + 1].

    The last value is "no touch"; models: places in models.RULES. money[2, models, values + 1, currencies] is added to as well:
    amounts times parts, as money[0] * LIMB + money[1].
    """
    rows = (journeys.low, journeys.high, journeys.lead, journeys.opportunity)
    worth = (journeys.amount, journeys.currency)
    touches = (journeys.touch_time, journeys.touch_code, journeys.touch_direct)
    _credit(touches, rows, worth, group, begin, min(end, journeys.conversions), models, float(half_life), found, money)


def add_transitions(journeys: Journeys, group: Ints, begin: int, end: int, found: Floats) -> None:
    """Adds what followed what: found[groups, values + 1, values + 2], otherwise as in markov.py."""
    _transitions(journeys.touch_code, journeys.low, journeys.high, journeys.conversions, group, begin, end, found)


def add_sets(journeys: Journeys, group: Ints, begin: int, end: int, players: int, times: Floats, found: Floats) -> None:
    """Adds journeys by their set of values to found[0], conversions to found[1]: found[2, 2 ** players, draws].

    times[group, draw]: how often each draw has a journey. Values beyond the players are the last of them.
    """
    code = journeys.touch_code
    _sets(code, journeys.low, journeys.high, journeys.conversions, group, begin, end, players - 1, times, found)


@compiled
def _place(low, high, i):
    """Where the i-th touch that counts stands."""
    n = min(high - low, MAX_TOUCHES)
    return low if i == 0 else high - n + i


@compiled
def _credit(touches, rows, worth, group, begin, end, models, half_life, found, money):
    time, code, direct = touches
    low, high, lead, opportunity = rows
    amount, currency = worth
    values = found.shape[2] - 1
    places, weights, fading = np.empty(MAX_PLACES, np.int64), np.empty(MAX_PLACES), _fading()
    # The values of one conversion, each once, how many of its touches have each, and what each earned.
    kinds, many, own = np.empty(values + 1, np.int64), np.zeros(values, np.int64), np.zeros(values + 1, np.int64)
    since = until = low[begin] if begin < end else 0
    for j in range(begin, end):
        g, n, last = group[j], min(high[j] - low[j], MAX_TOUCHES), high[j] - 1
        kinds[0], different = code[last] if n else values, 1
        if n > 1:
            # Counted are the touches from `since` to `until`, and the first. Those of the next conversion never begin or end before.
            _move(code, since, until, last - n + 2, last + 1, many)
            since, until = last - n + 2, last + 1
            many[code[low[j]]] += 1
            different = 1 if many[code[last]] == n else _kinds(many, kinds)
        for m in range(models.shape[0]):
            has_all = different == 1 or models[m] == PARTICIPATION
            if models[m] == DECAY and not has_all:
                _fade(time, code, low[j], last, n, half_life, fading, own)
            elif not has_all:
                at_lead, at_opportunity = _nth(low[j], last, n, lead[j]), _nth(low[j], last, n, opportunity[j])
                not_direct = _last_not_direct(direct, low[j], last, n) if models[m] == NOT_DIRECT else -1
                few, rest = stand_out(models[m], n, not_direct, at_lead, at_opportunity, places, weights)
                _divide(code, low[j], last, n, few, rest, places, weights, kinds, different, many, own)
            for k in range(different):
                part = np.int64(PARTS) if has_all else own[kinds[k]]
                own[kinds[k]] = 0
                found[g, m, kinds[k]] += part
                if part != 0 and amount[j] != 0:
                    _add_money(money, m, kinds[k], currency[j], amount[j], part)
        if n > 1:
            many[code[low[j]]] -= 1


@inlined
def _move(code, since, until, begin, end, many):
    """Counts the touches from `begin` to `end` where those from `since` to `until` were counted, both further back."""
    for i in range(until, end):
        many[code[i]] += 1
    for i in range(since, begin):
        many[code[i]] -= 1


@inlined
def _kinds(many, kinds):
    """Which values there are any of; returns how many."""
    different = 0
    for value in range(many.shape[0]):
        kinds[different] = value
        different += many[value] > 0
    return different


@inlined
def _divide(code, low, last, n, few, rest, places, weights, kinds, different, many, own):
    """The parts of one conversion, to own[value of each touch], by who stands out among its touches."""
    total = rest * (n - few)
    for k in range(few):
        total += weights[k]
    part = np.int64(np.rint(rest / total * PARTS))
    left = PARTS - part * n
    for k in range(different):
        own[kinds[k]] = part * many[kinds[k]]
    for k in range(few):
        more = np.int64(np.rint(weights[k] / total * PARTS)) - part
        own[code[low if places[k] == 0 else last - n + 1 + places[k]]] += more
        left -= more
    # What rounding leaves is the last touch's.
    own[code[last]] += left


@compiled
def _fading():
    """Room for _fade."""
    return np.empty(MAX_TOUCHES), np.empty(MAX_TOUCHES), np.full(FADES, -1), np.empty(FADES)


@compiled
def _fade(time, code, low, last, n, half_life, fading, own):
    """The same of time decay."""
    left_of, weights, known, powers = fading
    begin = last - n + 1
    for at in range(begin, last):
        slot = at % FADES
        # A touch of many conversions is asked for its power once.
        if known[slot] != at:
            known[slot], powers[slot] = at, halved(time[at + 1] - time[at], half_life)
        left_of[at - begin] = powers[slot]
    if low < begin:
        left_of[0] = halved(time[begin + 1] - time[low], half_life)
    total, left = decay(left_of, weights, n), np.int64(PARTS)
    for i in range(n - 1):
        part = np.int64(np.rint(weights[i] / total * PARTS))
        own[code[low if i == 0 else begin + i]] += part
        left -= part
    own[code[last]] += left


@compiled
def _last_not_direct(direct, low, last, n):
    """Which of n touches is the last that is not direct; the last of all where every one is."""
    for i in range(n - 1, -1, -1):
        if not direct[low if i == 0 else last - n + 1 + i]:
            return i
    return n - 1


@compiled
def _nth(low, last, n, place):
    """Which of the n touches that count stands at a place, or just before; -1 where it is not among the conversion's touches."""
    return max(0, place - (last - n + 1)) if place >= low else -1


@compiled
def _add_money(money, m, value, currency, amount, part):
    upper, lower = amount // LIMB, amount % LIMB
    below = money[1, m, value, currency] + lower * part
    money[0, m, value, currency] += upper * part + below // LIMB
    money[1, m, value, currency] = below % LIMB


@compiled
def _transitions(code, low, high, conversions, group, begin, end, found):
    values = found.shape[1] - 1
    for j in range(begin, end):
        n, g, state = min(high[j] - low[j], MAX_TOUCHES), group[j], 0
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
        n, g, mask = min(high[j] - low[j], MAX_TOUCHES), group[j], 0
        for i in range(n):
            mask |= 1 << min(code[_place(low[j], high[j], i)], last_player)
        if n == 0:
            continue
        for draw in range(times.shape[1]):
            found[0, mask, draw] += times[g, draw]
        if j < conversions:
            for draw in range(times.shape[1]):
                found[1, mask, draw] += times[g, draw]
