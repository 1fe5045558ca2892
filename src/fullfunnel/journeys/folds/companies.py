"""`count: companies`: the journeys of people cut into those of companies. Nothing is copied: a unit is a list of runs of rows."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import still
from fullfunnel.journeys.folds.ties import compiled

Longs = NDArray[np.int64]
Pair = tuple[NDArray[np.int32], NDArray[np.int32]]


def by_company(index: Index, said: Pair, numbers: Longs, today: Longs) -> Index:
    """An Index whose units are companies: an event belongs to the company that it names, else to its person's company today.

    index: of people; said: the code of the company that each row names (of both parts, -1: none); numbers: the company of each
    code; today: the company of each unit of `index`, -1: none. Companies are any numbers from 0 on. O(rows).
    """
    slices = tuple(still(one) for one in (index.low, index.high, index.part, _today_of_slices(index, today)))
    codes, numbers = (still(said[0]), still(said[1])), still(np.append(numbers, -1))
    n = _runs(slices, codes, numbers, np.empty((0, 4), np.int64))
    runs = np.empty((n, 4), np.int64)
    _runs(slices, codes, numbers, runs)
    return index_of_runs(index, runs)


def index_of_runs(index: Index, runs: Longs) -> Index:
    """An Index of other units. runs: int64[r, 4]: the unit, the rows from and to, and the slice of `index` that they lie in."""
    runs = runs[np.argsort(runs[:, 0], kind="stable")]
    units, first = np.unique(runs[:, 0], return_index=True)
    of = runs[:, 3]
    return Index(
        parts=index.parts,
        names=index.names,
        units=units,
        first=np.append(first, len(runs)).astype(np.int64),
        low=np.ascontiguousarray(runs[:, 1]),
        high=np.ascontiguousarray(runs[:, 2]),
        part=index.part[of],
        owner=index.owner[of],
        # Careful: through the old index, which must live as long as this one: it keeps the files.
        column=lambda name: index.column(name),
    )


def _today_of_slices(index: Index, today: Longs) -> Longs:
    return np.asarray(np.repeat(today, np.diff(index.first)), np.int64)


@compiled
def _runs(slices, codes, numbers, runs):
    """Writes the runs of one company each, as far as there is room; returns how many there are."""
    low, high, part, today = slices
    n = np.int64(0)
    for s in range(low.shape[0]):
        now, start = np.int64(-1), low[s]
        for i in range(low[s], high[s]):
            code = codes[0][i] if part[s] == 0 else codes[1][i]
            company = numbers[code] if code >= 0 else today[s]
            if company != now:
                n = write_run(runs, n, now, start, i, s)
                now, start = company, i
        n = write_run(runs, n, now, start, high[s], s)
    return n


@compiled
def write_run(runs, n, unit, low, high, s):
    """Run `n`, if it is of a unit and has rows."""
    if unit < 0 or low == high:
        return n
    if n < runs.shape[0]:
        runs[n, 0], runs[n, 1], runs[n, 2], runs[n, 3] = unit, low, high, s
    return n + 1
