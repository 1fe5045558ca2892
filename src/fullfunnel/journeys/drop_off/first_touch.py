"""Where each unit first came from. Only the first page of a visit says it (docs/adr/0042), seldom the event of the step before."""

import numpy as np

from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.drop_off.behaviours import NO_ROW
from fullfunnel.journeys.drop_off.comparison import Comparison
from fullfunnel.journeys.folds.gather import Longs, codes_at, gather, portions
from fullfunnel.journeys.folds.subset import only
from fullfunnel.journeys.watch import Watch

# All are read off one event. Where the dataset knows channels, it is the first that has one: capture gives every touch its channel.
OF_A_TOUCH = ("channel", "source", "medium", "campaign", "content", "term", "referrer_host")
STRETCH = 1 << 20


def first_touches(sides: Comparison, index: Index, watch: Watch) -> Longs:
    """The row (as in Index; NO_ROW: none) of each unit's first touch until the step before was reached. O(events)."""
    telling = OF_A_TOUCH[:1] if any(column.values for column in index.column("channel")) else OF_A_TOUCH
    table = _names_that_say(index, telling)
    chosen = only(index, sides.at)
    found = np.full(len(sides.at), NO_ROW, np.int64)
    for begin, end in portions(chosen):
        watch.reached(begin, len(sides.at))
        gathered = gather(chosen, table, begin, end)
        owner = np.repeat(np.arange(begin, end), np.diff(gathered.offsets))
        early = np.flatnonzero(gathered.time <= sides.before[owner])
        touch = early[_says(index, telling, gathered.row[early])]
        unit, first = np.unique(owner[touch], return_index=True)
        found[unit] = gathered.row[touch][first]
    return found


def _says(index: Index, telling: tuple[str, ...], rows: Longs) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the events have a value of one of `telling`."""
    says = np.zeros(len(rows), np.bool_)
    for name in telling:
        column = index.column(name)
        empty = column[0].values.index("") if "" in column[0].values else -1
        codes = codes_at(column, rows)
        says |= (codes >= 0) & (codes != empty)
    return says


def _names_that_say(index: Index, telling: tuple[str, ...]) -> Longs:
    """1 for each event name that ever had a value of one of `telling`, else 0."""
    key = ("names that say", telling)
    if key not in index.kept:
        found = np.zeros(max(len(index.names), 1), np.int64)
        for name in telling:
            for part, column in zip(index.parts, index.column(name), strict=True):
                for begin in range(0, len(part.name), STRETCH):
                    here = slice(begin, begin + STRETCH)
                    found[part.name[here][column.codes[here] >= 0]] = 1
        index.kept[key] = found
    kept: Longs = index.kept[key]
    return kept
