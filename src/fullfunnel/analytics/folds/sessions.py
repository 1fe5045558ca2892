"""Numba: where the sessions of each unit begin, in order, out of every slice; and the first page that each of them saw."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from typing import cast

import numpy as np

from fullfunnel.analytics.folds.gather import Longs, put_in_order, still, taken
from fullfunnel.analytics.folds.ties import compiled
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.store.journeys import Index

DID = ACTORS.index(PERSON)
BEGINS, SEES = 1, 2
NO_ROW = -(2**62)


def session_starts(index: Index, begin: int, end: int, page: int) -> tuple[Longs, Longs, Longs, Longs]:
    """(offsets, time, row, landing): the first event that the person did in each session of the units from `begin` to `end`.

    Unit u's are offsets[u - begin] to offsets[u - begin + 1]. landing: the row of the session's first event of the name `page`
    (its number in index.names; -1: nobody asks), NO_ROW where there is none.
    """
    slices = slice(int(index.first[begin]), int(index.first[end]))
    most = int((index.high[slices] - index.low[slices]).sum())
    time, bits, row = (np.empty(most, np.int64) for _ in range(3))
    offsets = np.empty(end - begin + 1, np.int64)
    lists = tuple(still(one) for one in (index.first, index.low, index.high, index.part))
    parts = tuple((still(p.name), still(p.actor), still(p.session), still(p.time)) for p in index.parts)
    seqs = tuple(still(part.seq) for part in index.parts)
    spare = tuple(np.empty(most + 1, np.int64) for _ in range(4))
    n = _collect(lists, parts, seqs, page, begin, end, offsets, time, bits, row, spare)
    time, bits, row = time[:n], bits[:n], row[:n]
    session = taken((index.parts[0].session, index.parts[1].session), row)
    landing = np.full(n, NO_ROW)
    _keep_first(offsets, session, bits, row, landing)
    kept = np.flatnonzero(bits & BEGINS)
    before = np.concatenate([[0], np.cumsum(bits & BEGINS)])
    return cast(Longs, before[offsets]), time[kept], row[kept], landing[kept]


@compiled
def _collect(lists, parts, seqs, page, begin, end, offsets, time, bits, row, spare):
    first, low, high, part = lists
    n = np.int64(0)
    offsets[0] = 0
    for u in range(begin, end):
        begun = n
        for s in range(first[u], first[u + 1]):
            if part[s] == 0:
                n = _scan(parts[0], page, low[s], high[s], np.int64(0), time, bits, row, n)
            else:
                n = _scan(parts[1], page, low[s], high[s], np.int64(-1), time, bits, row, n)
        if first[u + 1] - first[u] > 1 and n - begun > 1:
            put_in_order(seqs, begun, n, time, bits, row, spare)
        offsets[u - begin + 1] = n
    return n


@compiled
def _scan(part, page, low, high, flip, time, bits, row, n):
    """What may begin a session: where its number changes. Sessions may run side by side, so it may not be the first."""
    name, actor, session, times = part
    last, last_page = np.int64(-1), np.int64(-1)
    for i in range(low, high):
        if actor[i] != DID or session[i] < 0:
            continue
        found = 0
        if session[i] != last:
            found, last = BEGINS, session[i]
        if name[i] == page and session[i] != last_page:
            found, last_page = found | SEES, session[i]
        if found != 0:
            time[n], bits[n], row[n] = times[i], found, i ^ flip
            n += 1
    return n


@compiled
def _keep_first(offsets, session, bits, row, landing):
    """Leaves each bit only to the first event of its session in the unit; and tells the first what page its session saw first."""
    for u in range(offsets.shape[0] - 1):
        a, b = offsets[u], offsets[u + 1]
        in_order = True
        for i in range(a + 1, b):
            in_order &= session[i] >= session[i - 1]
        order = np.arange(b - a) if in_order else np.argsort(session[a:b], kind="mergesort")
        opener, has_page = a, False
        for k in range(b - a):
            i = a + order[k]
            if k == 0 or session[i] != session[opener]:
                opener, has_page = i, False
            else:
                bits[i] &= ~BEGINS
            if bits[i] & SEES and not has_page:
                landing[opener], has_page = row[i], True
