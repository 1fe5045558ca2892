"""Numba: where the sessions of each unit begin, in order, out of every slice; and the first page that each of them saw."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import Longs, Room, rows_of, still
from fullfunnel.journeys.folds.merging import put_in_order
from fullfunnel.journeys.folds.ties import compiled

DID = ACTORS.index(PERSON)
BEGINS, SEES = 1, 2
NO_ROW = -(2**62)


def session_starts(index: Index, begin: int, end: int, page: int, room: Room) -> tuple[Longs, Longs, Longs, Longs]:
    """(offsets, time, row, landing): the first event that the person did in each session of the units from `begin` to `end`.

    Unit u's are offsets[u - begin] to offsets[u - begin + 1]. landing: the row of the session's first event of the name `page`
    (its number in index.names; -1: nobody asks), NO_ROW where there is none. All lie in `room`.
    """
    lists = tuple(still(one) for one in (index.first, index.low, index.high, index.part))
    parts = tuple((still(p.name), still(p.actor), still(p.session), still(p.time)) for p in index.parts)
    seqs = tuple(still(part.seq) for part in index.parts)
    offsets = room.of("offsets", end - begin + 1)
    (time, bits, row), spare = room.merging(rows_of(index, begin, end))
    n = _collect(lists, parts, seqs, page, begin, end, offsets, time, bits, row, spare)
    # What merging needed is free again.
    session, landing = spare[0][:n], spare[1][:n]
    n = _keep_first((parts[0][2], parts[1][2]), offsets, time[:n], bits[:n], row[:n], session, landing)
    return offsets, time[:n], row[:n], landing[:n]


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
def _keep_first(sessions, offsets, time, bits, row, session, landing):
    """Keeps the first event of each session in the unit, and tells it what page its session saw first; returns how many there are."""
    for i in range(row.shape[0]):
        session[i], landing[i] = sessions[0][row[i]] if row[i] >= 0 else sessions[1][~row[i]], NO_ROW
    n, a = 0, offsets[0]
    for u in range(offsets.shape[0] - 1):
        b = offsets[u + 1]
        _mark(session[a:b], bits[a:b], row[a:b], landing[a:b])
        for i in range(a, b):
            if bits[i] & BEGINS:
                time[n], row[n], landing[n] = time[i], row[i], landing[i]
                n += 1
        a, offsets[u + 1] = b, n
    return n


@compiled
def _mark(session, bits, row, landing):
    """Of one unit: leaves BEGINS to the first event of each session, and gives it its landing."""
    in_order = True
    for i in range(1, row.shape[0]):
        in_order &= session[i] >= session[i - 1]
    order = session[:0] if in_order else np.argsort(session, kind="mergesort")
    opener, has_page = 0, False
    for k in range(row.shape[0]):
        i = k if in_order else order[k]
        if k == 0 or session[i] != session[opener]:
            opener, has_page = i, False
        else:
            bits[i] &= ~BEGINS
        if bits[i] & SEES and not has_page:
            landing[opener], has_page = row[i], True


@compiled
def with_starts(happened, starts, bit, seqs, found):
    """The events with the starts of sessions among them: offsets, time, bits (of a start: `bit`), row, landing, into `found`.

    What itself begins a session comes after that start.
    """
    offsets, time, bits, row = happened
    s_offsets, s_time, s_row, s_landing = starts
    f_offsets, f_time, f_bits, f_row, landing = found
    n = 0
    f_offsets[0] = 0
    for u in range(offsets.shape[0] - 1):
        e, end, s, last = offsets[u], offsets[u + 1], s_offsets[u], s_offsets[u + 1]
        while e < end or s < last:
            if s < last and (e == end or _begins(s_time[s], s_row[s], time[e], row[e], seqs)):
                f_time[n], f_bits[n], f_row[n], landing[n] = s_time[s], bit, s_row[s], s_landing[s]
                s += 1
            else:
                f_time[n], f_bits[n], f_row[n], landing[n] = time[e], bits[e], row[e], row[e]
                e += 1
            n += 1
        f_offsets[u + 1] = n


@compiled
def _begins(start_time, start_row, time, row, seqs):
    """Whether a session began before what happened, or by it."""
    if start_time != time or start_row == row:
        return start_time <= time
    a = seqs[0][start_row] if start_row >= 0 else seqs[1][~start_row]
    b = seqs[0][row] if row >= 0 else seqs[1][~row]
    return a < b
