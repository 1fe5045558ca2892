"""Numba: what events say beside their names, in the fast fold (fast_path.py): the conditions of steps, and whom a breakdown groups where.

An event is a number, as in scan.py: its place, counted from row `low` on, and its step from 1.
"""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import Any, NamedTuple

import numpy as np

from fullfunnel.journeys.folds.gather import still
from fullfunnel.journeys.folds.scan import LATE, MARK, ONE, SHIFT, inlined
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.funnel.matching import Ready, conditions

# The kernel is compiled for tuples of so many arrays; questions with more conditions go the general way.
MAX_CONDITIONS = 8
NOT_GROUPED, BY_FIRST, BY_LAST = 0, 1, 2
NO_CODES = still(np.empty(0, np.int32))


class Conditions(NamedTuple):
    """steps[c] (uint64): the step, from 1, that condition c is of; base[c] and delta[c]: the codes of its property; truths[c]: what it
    says of each value, at -1 of none."""

    steps: Any
    base: Any
    delta: Any
    truths: Any


class Edge(NamedTuple):
    """way: which value of a property names the group of a unit, that of its first or of its last event that serves a step. base, delta:
    its codes; empty: the code of the empty text, which is no value."""

    way: int
    empty: int
    base: Any
    delta: Any


def conditions_of(made: Ready) -> Conditions:
    """A question's conditions on events, at most MAX_CONDITIONS."""
    judged = conditions(made.question, ("event",))
    columns = [made.columns[one.property] for _, one in judged]
    spare = MAX_CONDITIONS - len(judged)
    return Conditions(
        steps=np.array([bit.bit_length() for bit, _ in judged], np.uint64),
        base=(*(still(base.codes) for base, _ in columns), *(NO_CODES,) * spare),
        delta=(*(still(delta.codes) for _, delta in columns), *(NO_CODES,) * spare),
        truths=(*(still(truth) for truth in made.truths), *(still(np.empty(0, np.bool_)),) * spare),
    )


def edge_of(made: Ready) -> Edge:
    """By which events' values a question groups."""
    breakdown = made.question.breakdown
    if breakdown is None or breakdown.of != "event":
        return Edge(NOT_GROUPED, -1, NO_CODES, NO_CODES)
    base, delta = made.columns[breakdown.property]
    empty = base.values.index("") if "" in base.values else -1
    return Edge(BY_LAST if breakdown.attribution == "last" else BY_FIRST, empty, still(base.codes), still(delta.codes))


@compiled
def narrow(row, begin, end, low, step, codes, truth):
    """Leaves those of the events from `begin` to `end` that serve another step, or satisfy the condition; returns where they end."""
    kept = begin
    for j in range(begin, end):
        # Without a branch, as in scan.py: of an event of another step the first value is looked at, and left aside.
        one, is_asked = row[j], np.uint64(row[j] & MARK == step)
        row[kept] = one
        kept += (is_asked ^ ONE) | np.uint64(truth[codes[low + ((one & ~LATE) >> SHIFT) * is_asked]])
    return kept


@inlined
def edge_value(way, empty, codes, times, low, row, begin, end, ways):
    """The first (or last) value of a unit's events, which are in the order of (time, seq); of one moment by steps. -1: none."""
    found, moment, edge = np.int32(-1), np.int64(0), np.uint64(0)
    for i in range(end - begin):
        j = begin + i if way == BY_FIRST else end - ONE - i
        step, place = row[j] & MARK, low + (row[j] >> SHIFT)
        if ways >> step & ONE:
            code = codes[place]
            if code >= 0 and code != empty:
                if found >= 0 and times[place] != moment:
                    break
                if found < 0 or (step < edge if way == BY_FIRST else step > edge):
                    found, moment, edge = code, times[place], step
    return found


@compiled
def merged_edge_value(edge, seqs, late_seqs, time, row, begin, end, ways):
    """The same of events out of several slices, in the order of (time, step); a place is a row of the base, or of the delta."""
    way, empty, base, delta = edge
    found, chosen = np.int32(-1), begin
    for i in range(end - begin):
        j = begin + i if way == BY_FIRST else end - ONE - i
        if ways >> (row[j] & MARK) & ONE:
            place = (row[j] & ~LATE) >> SHIFT
            code = base[place] if row[j] < LATE else delta[place]
            if code >= 0 and code != empty:
                if found >= 0 and (time[j] != time[chosen] or row[j] & MARK != row[chosen] & MARK):
                    break
                if found < 0 or _came_before(seqs, late_seqs, row[j], row[chosen]) == (way == BY_FIRST):
                    found, chosen = code, j
    return found


@inlined
def _came_before(seqs, late_seqs, one, other):
    place, its = (one & ~LATE) >> SHIFT, (other & ~LATE) >> SHIFT
    return (seqs[place] if one < LATE else late_seqs[place]) < (seqs[its] if other < LATE else late_seqs[its])
