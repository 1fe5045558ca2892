"""`count: deals`: a deal's journey is what everyone with a role on it did or met, up to the deal's end. docs/adr/0015."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numpy as np

from fullfunnel.events.names import DEAL_LOST, DEAL_WON
from fullfunnel.events.store.journeys import Index
from fullfunnel.events.store.slices import distinct
from fullfunnel.journeys.folds.companies import Pair, index_of_runs, write_run
from fullfunnel.journeys.folds.gather import still
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.ties import compiled


def by_deal(index: Index, said: Pair, deals: int) -> Index:
    """An Index whose units are deals, by their codes.

    index: of people; said: the code of the deal that each row names (of both parts, -1: none), below `deals`. A person has a role
    on a deal when an event about them names it. An event belongs to the deal it names, and one that names none to every deal of its
    person; none later than the deal's first deal_won or deal_lost. O(rows x deals of their person).
    """
    slices = tuple(still(one) for one in (index.low, index.high, index.part))
    codes = (still(said[0]), still(said[1]))
    names = (still(index.parts[0].name), still(index.parts[1].name))
    times = (still(index.parts[0].time), still(index.parts[1].time))
    is_end = np.array([name in (DEAL_WON, DEAL_LOST) for name in index.names] or [False], np.bool_)
    ends = np.full(deals, NEVER, np.int64)
    roles = np.empty((_roles(slices, codes, names, times, is_end, ends, np.empty((0, 2), np.int64)), 2), np.int64)
    _roles(slices, codes, names, times, is_end, ends, roles)
    # From slices to their people: each person's deals, once.
    person = np.repeat(np.arange(len(index.units), dtype=np.int64), np.diff(index.first))
    people, named = np.divmod(distinct(person[roles[:, 0]] * deals + roles[:, 1]), max(deals, 1))
    first = np.searchsorted(people, np.arange(len(index.units) + 1))
    own = (still(first[person]), still(first[person + 1]), still(named))
    runs = np.empty((_runs(slices, codes, times, own, ends, np.empty((0, 4), np.int64)), 4), np.int64)
    _runs(slices, codes, times, own, ends, runs)
    return index_of_runs(index, runs)


@compiled
def _roles(slices, codes, names, times, is_end, ends, roles):
    """Writes (slice, deal) where a slice names a deal, as far as there is room, and when deals ended; returns how many pairs."""
    low, high, part = slices
    n = np.int64(0)
    for s in range(low.shape[0]):
        last = np.int64(-1)
        for i in range(low[s], high[s]):
            deal = np.int64(codes[0][i] if part[s] == 0 else codes[1][i])
            if deal < 0:
                continue
            if is_end[names[0][i] if part[s] == 0 else names[1][i]]:
                ends[deal] = min(ends[deal], times[0][i] if part[s] == 0 else times[1][i])
            if deal != last:
                if n < roles.shape[0]:
                    roles[n, 0], roles[n, 1] = s, deal
                n += 1
                last = deal
    return n


@compiled
def _runs(slices, codes, times, own, ends, runs):
    """Writes the runs of one deal each, as far as there is room; returns how many there are."""
    low, high, part = slices
    first, last, deals = own
    n = np.int64(0)
    for s in range(low.shape[0]):
        for k in range(first[s], last[s]):
            unit, start = np.int64(deals[k]), low[s]
            end = high[s]
            for i in range(low[s], high[s]):
                deal = codes[0][i] if part[s] == 0 else codes[1][i]
                at = times[0][i] if part[s] == 0 else times[1][i]
                if at > ends[unit]:
                    end = i
                    break
                if deal >= 0 and deal != unit:
                    n = write_run(runs, n, unit, start, i, s)
                    start = i + 1
            n = write_run(runs, n, unit, min(start, end), end, s)
    return n
