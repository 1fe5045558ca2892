"""Numba: which touches each conversion has. Passes over the events of a portion, and one over the touches that were found.

events: offsets, time, bits, row, code (-1: no value) and direct (of touches), in order. touches: time, code, direct, and covers, one
longer: up by one at the first touch of each conversion, down by one after its last. found: unit, row, low, high, lead, opportunity of
each conversion; away: unit, low, high of who had none. seen[0, code + 1]: how many conversions the touches of that value have;
seen[1, code + 1]: how many of its touches some journey has; seen[2, code + 1]: how many there are.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from fullfunnel.journeys.folds.scan import inlined
from fullfunnel.journeys.folds.sessions import NO_ROW
from fullfunnel.journeys.folds.ties import compiled

CONVERSION, LEAD, OPPORTUNITY, TOUCH = 1, 2, 4, 8
# Added for a journey that went away, where conversions add 1.
AWAY = 1 << 40


@compiled
def tell_touches(bits, row, landing, values, channels, sources, asked, code, direct):
    """Fills in code and direct of each touch, and takes TOUCH from those that are none. landing: the row that has the value.

    Columns are each (codes of the base, of the delta, what each code is taken for, whether it is direct); the last of both is that of no
    value. asked: whether it matters what is direct, whether a visit may go on, whether only its channel says that it does not.
    """
    base, delta, taken_for, _ = values
    asks_direct, may_go_on, by_channel = asked
    is_known = taken_for.shape[0] > 1
    for e in range(bits.shape[0]):
        if bits[e] & TOUCH:
            at = landing[e]
            # A column that nobody filled has no codes to look at.
            code[e] = taken_for[base[at] if at >= 0 else delta[~at]] if is_known and at != NO_ROW else -1
            direct[e] = False
            if asks_direct or may_go_on:
                channel = _code(channels, row[e])
                if asks_direct:
                    direct[e] = channels[3][channel] if channel >= 0 else sources[3][_code(sources, row[e])]
                # A session whose first page was reached from the site itself came from nowhere: the visit goes on (docs/adr/0042).
                if may_go_on and channel < 0 and (by_channel or code[e] < 0):
                    bits[e] &= ~TOUCH


@compiled
def _code(column, row):
    base, delta, taken_for, _ = column
    return taken_for[base[row] if row >= 0 else delta[~row]] if taken_for.shape[0] > 1 else -1


@compiled
def find_windows(events, allowed, asked, touches, found, away, seen):
    """Fills in touches, and for each conversion its own, for each unit without one those of the period; returns how many of all three.

    asked: start and end of the period, look-back, whether it is asked who went away.
    """
    offsets, time, bits, row, code, direct = events
    start, end, lookback, asks_away = asked
    t_time, t_code, t_direct, covers = touches
    n, m, k = 0, 0, 0
    covers[0] = 0
    for u in range(allowed.shape[0]):
        first, low, begun = k, k, n
        lead, opportunity, lead_of_opportunity, has_opportunity = -1, -1, -1, False
        for e in range(offsets[u], offsets[u + 1]):
            serves = bits[e] & allowed[u]
            if serves & LEAD:
                lead = k - 1
            if serves & OPPORTUNITY:
                opportunity, lead_of_opportunity, has_opportunity = k - 1, lead, True
            if serves & CONVERSION and start <= time[e] < end:
                low, _ = _between(t_time, low, k, time[e] - lookback, 0)
                _put(found, n, (u, row[e], low, k, lead_of_opportunity if has_opportunity else lead, opportunity))
                _cover(covers, low, k, 1)
                n += 1
            if serves & TOUCH:
                t_time[k], t_code[k], t_direct[k] = time[e], code[e], direct[e]
                seen[2, code[e] + 1] += 1
                k += 1
                covers[k] = 0
        if n == begun:
            low, high = _between(t_time, first, k if asks_away else first, start - lookback, end)
            if high > low:
                _put(away, m, (u, low, high))
                _cover(covers, low, high, AWAY)
                m += 1
            else:
                k = first
    return n, m, k


@inlined
def _put(columns, at, values):
    for i in range(len(values)):
        columns[i, at] = values[i]


@inlined
def _cover(covers, low, high, by):
    covers[low] += by
    covers[high] -= by


@inlined
def _between(time, first, last, start, end):
    """Which of the rows from `first` to `last`, sorted by time, lie from `start`, included, to `end`, excluded."""
    low = first
    while low < last and time[low] < start:
        low += 1
    high = low
    while high < last and time[high] < end:
        high += 1
    return low, high


@compiled
def keep_touches(touches, total, found, away, seen):
    """Moves the touches (of `total`) that some journey has to the front, and their places with them; returns how many."""
    time, code, direct, covers = touches
    running, k = 0, 0
    for i in range(total):
        running += covers[i]
        covers[i] = k
        seen[0, code[i] + 1] += running & (AWAY - 1)
        if running != 0:
            seen[1, code[i] + 1] += 1
            time[k], code[k], direct[k] = time[i], code[i], direct[i]
            k += 1
    covers[total] = k
    for j in range(found.shape[1]):
        for milestone in (4, 5):
            # What came before the look-back earns nothing, and may not be there any more.
            found[milestone, j] = covers[found[milestone, j]] if found[milestone, j] >= found[2, j] else -1
        found[2, j], found[3, j] = covers[found[2, j]], covers[found[3, j]]
    for j in range(away.shape[1]):
        away[1, j], away[2, j] = covers[away[1, j]], covers[away[2, j]]
    return k
