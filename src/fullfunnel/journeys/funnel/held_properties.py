"""`hold`: an entry keeps, through all steps, the values of some properties that it had at its first step.

The rows of a run are put in order of (value, time), so that the kernel walks each value's events as a strand of its own. What
bars an entry, or breaks a `strict` one, does so whatever its value: each strand gets the few such rows that its entries can meet.
O(rows x exclusions), however many values there are. docs/adr/0014.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.slices import distinct
from fullfunnel.journeys.folds.plan import FIRST_EXCLUSION, STEPS
from fullfunnel.journeys.funnel.cut import Cut, Longs
from fullfunnel.journeys.questions.shapes import Funnel


def held_values(columns: Sequence[tuple[NDArray[np.int32], Sequence[str]]]) -> Longs:
    """One number a row for its values of several properties, in the order of their texts; no value comes first.

    columns: the codes of each property in the order of the rows (-1: none), and the texts that they index.
    """
    found = np.zeros(len(columns[0][0]), np.int64)
    for codes, values in columns:
        used, place = np.unique(codes, return_inverse=True)
        texts = ["" if code < 0 else values[code] for code in used.tolist()]
        ranks = {text: rank for rank, text in enumerate(sorted(set(texts)))}
        ranked = np.array([ranks[text] for text in texts], np.int64)[place]
        # Numbered anew each time, so that the product stays small.
        found = np.unique(found * (len(ranks) + 1) + ranked, return_inverse=True)[1].astype(np.int64)
    return found


def into_strands(question: Funnel, cut: Cut) -> Cut:
    """The cut (whose runs lie one after the other) with the rows of each run in strands, if the question holds anything."""
    held = cut.held
    if not question.hold or not len(held):
        return cut
    run = np.searchsorted(cut.high, np.arange(len(cut.time)), side="right")
    steps = np.flatnonzero(cut.bits & STEPS)
    begins, ends = _moments(cut.time, run)
    strands, rows = [held[steps]], [steps]
    met = [np.flatnonzero(cut.bits >> (FIRST_EXCLUSION + x) & 1) for x in range(len(question.exclude))]
    if question.order == "strict":
        met.append(np.flatnonzero(cut.seen))
        strand, row = _foreign(cut, held, steps, begins)
        strands.append(strand)
        rows.append(row)
    for one in met:
        # The first of them after the moment of each step.
        at = np.append(one, len(cut.time))[np.searchsorted(one, ends[steps])]
        follows = at < cut.high[run[steps]]
        strands.append(held[steps][follows])
        rows.append(at[follows])
    strand, row = np.concatenate(strands), np.concatenate(rows)
    strand, row = np.divmod(distinct(strand * len(run) + row), len(run))
    order = np.lexsort((row, strand, run[row]))
    strand, row = strand[order], row[order]
    own = held[row] == strand
    counts = np.bincount(run[row], minlength=len(cut.low))
    high = np.cumsum(counts)
    return replace(
        cut,
        time=cut.time[row],
        bits=np.where(own, cut.bits[row], cut.bits[row] & ~np.int64(STEPS)),
        seen=cut.seen[row],
        low=high - counts,
        high=high,
        codes=cut.codes[row] if len(cut.codes) else cut.codes,
        held=strand,
        owner=cut.owner[row] if len(cut.owner) else cut.owner,
    )


def _moments(time: Longs, run: Longs) -> tuple[Longs, Longs]:
    """Of each row, where the rows of its run and moment begin and end."""
    first = np.flatnonzero(np.r_[True, (time[1:] != time[:-1]) | (run[1:] != run[:-1])])
    lengths = np.diff(np.append(first, len(time)))
    return np.repeat(first, lengths), np.repeat(first + lengths, lengths)


def _foreign(cut: Cut, held: Longs, steps: Longs, begins: Longs) -> tuple[Longs, Longs]:
    """For `strict`: to each step's strand one event of the same moment that is not of the strand, where there is one."""
    seen = np.flatnonzero(cut.seen)
    strand = np.where(cut.bits[seen] & STEPS, held[seen], -1)
    moments, first = np.unique(begins[seen], return_index=True)
    moment = np.searchsorted(moments, begins[seen])
    others = np.flatnonzero(strand != strand[first][moment])
    differing, at = np.unique(moment[others], return_index=True)
    other = np.full(len(moments), -1, np.int64)
    other[differing] = seen[others[at]]
    here = np.searchsorted(moments, begins[steps])
    row = np.where(strand[first][here] != held[steps], seen[first][here], other[here])
    return held[steps][row >= 0], row[row >= 0]
