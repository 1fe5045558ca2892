"""Conversions and the touches before them, out of an index. What attribution begins with."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.gather import Longs, codes_at, still
from fullfunnel.analytics.folds.plan import NEVER
from fullfunnel.analytics.folds.sessions import NO_ROW, session_starts
from fullfunnel.analytics.folds.sought import Sought
from fullfunnel.analytics.folds.ties import compiled
from fullfunnel.analytics.questions_attribution import Attribution
from fullfunnel.analytics.questions_shapes import Matcher
from fullfunnel.analytics.watch import Watch
from fullfunnel.events.names import PAGE_VIEWED
from fullfunnel.events.store.journeys import Column, Index

if TYPE_CHECKING:
    from fullfunnel.analytics.world import World

CONVERSION, LEAD, OPPORTUNITY, TOUCH = 1, 2, 4, 8
COLUMNS = {"referrer": "referrer_host", "landing_page": "path"}
DIRECT = frozenset({"direct", "(direct)"})
NOT_SET = "(not set)"


class Touched(NamedTuple):
    """Conversions in the period and, for those who had none, what they did. All in order of the units.

    touches: time, code (-1: no value), direct. A conversion k of `unit` at `time` has the touches low[k] to high[k]; lead and
    opportunity: the last touch at that milestone, -1 for none. A journey j of `away_unit` has away_low[j] to away_high[j].
    unit and row: places in the index.
    """

    touch_time: Longs
    touch_code: Longs
    touch_direct: NDArray[np.bool_]
    unit: Longs
    row: Longs
    time: Longs
    low: Longs
    high: Longs
    lead: Longs
    opportunity: Longs
    away_unit: Longs
    away_low: Longs
    away_high: Longs


# Which of these are places among the touches, and so move when portions are put together; and which are of touches.
PLACES = frozenset({"low", "high", "lead", "opportunity", "away_low", "away_high"})


class _Reader:
    """Reads portions of an index for one question."""

    def __init__(self, question: Attribution, index: Index, world: "World") -> None:
        self.question, self.index = question, index
        where = question.where
        touches = question.touches or Matcher(())
        asked = (question.conversion, question.lead, question.opportunity, touches)
        self.sought = Sought(index, [replace(one, where=one.where + where) for one in asked], world)
        self.page = index.names.index(PAGE_VIEWED) if self._lands and PAGE_VIEWED in index.names else -1
        self.values = value_column(question, index)
        self.channel, self.source = index.column("channel"), index.column("source")

    @property
    def _lands(self) -> bool:
        return self.question.by == "landing_page" and self.question.touches is None

    def read(self, begin: int, end: int) -> Touched:
        found = self.sought.gather(begin, end)
        allowed = self.sought.allowed[begin:end]
        if self.question.touches is None:
            offsets, time, row, landing = session_starts(self.index, begin, end, self.page)
            landing = landing if self._lands else row
        else:
            kept = (found.bits & np.repeat(allowed, np.diff(found.offsets)) & TOUCH) != 0
            before = np.concatenate([[0], np.cumsum(kept)])
            offsets, time, row = before[found.offsets], found.time[kept], found.row[kept]
            landing = row
        code, direct, kept = self._values(row, landing)
        before = np.concatenate([[0], np.cumsum(kept)])
        offsets, time, row = before[offsets], time[kept], row[kept]
        seqs = tuple(still(part.seq) for part in self.index.parts)
        period = self.question.period
        lookback = NEVER if self.question.lookback is None else self.question.lookback
        limits = (
            -NEVER if period.start is None else period.start,
            NEVER if period.end is None else period.end,
            lookback,
            self.question.touches is None,
        )
        conversions, away = _windows(
            (still(offsets), still(time), still(row)),
            (still(found.offsets), still(found.time), still(found.bits), still(found.row)),
            seqs,
            still(allowed),
            limits,
        )
        conversions[0] += begin
        away[0] += begin
        return Touched(time, code[kept], direct[kept], *conversions, *away)

    def _values(self, row: Longs, landing: Longs) -> tuple[Longs, NDArray[np.bool_], NDArray[np.bool_]]:
        """Of each touch its value, whether it was direct, and whether it counts as a touch at all."""
        has_value = landing != NO_ROW
        code = np.full(len(row), -1, np.int64)
        code[has_value] = codes_at(self.values, landing[has_value])
        if "" in self.values[0].values:
            code[code == self.values[0].values.index("")] = -1
        channel, source = codes_at(self.channel, row), codes_at(self.source, row)
        by_channel, by_source = (_directs(one[0].values) for one in (self.channel, self.source))
        direct = by_channel[channel] | ((channel < 0) & by_source[source])
        # A session whose first page was reached from the site itself came from nowhere: the visit goes on (docs/adr/0042).
        goes_on = channel < 0
        if self.question.by != "landing_page":
            goes_on &= code < 0
        if self.question.touches is not None or not self.channel[0].values:
            goes_on[:] = False
        return code, direct, ~goes_on


def value_column(question: Attribution, index: Index) -> tuple[Column, Column]:
    """The property that `by` means."""
    return index.column(COLUMNS.get(question.by, question.by))


def _directs(values: list[str]) -> NDArray[np.bool_]:
    return np.array([value.lower() in DIRECT for value in values] + [False])


def read_touches(question: Attribution, index: Index, world: "World", watch: Watch) -> Touched:
    """All conversions and touches of an index, in two threads. `watch` may end it."""
    reader = _Reader(question, index, world)
    parts, moved = [], 0
    for part in reader.sought.each_portion(watch, reader.read):
        shifted = {name: np.where(getattr(part, name) < 0, -1, getattr(part, name) + moved) for name in PLACES}
        parts.append(part._replace(**shifted))
        moved += len(part.touch_time)
    if not parts:
        none = np.empty(0, np.int64)
        return Touched(none, none, np.empty(0, np.bool_), *[none] * 10)
    return Touched._make(np.concatenate(column) for column in zip(*parts, strict=True))


@compiled
def _windows(touches, happened, seqs, allowed, limits):
    """For each conversion its touches, for each unit without one the touches of the period; int64[7, n] and int64[3, m]."""
    t_offsets, t_time, t_row = touches
    offsets, time, bits, row = happened
    start, end, lookback, is_session = limits
    found = np.empty((7, bits.shape[0]), np.int64)
    away = np.empty((3, allowed.shape[0]), np.int64)
    n, m = 0, 0
    for u in range(allowed.shape[0]):
        first, last = t_offsets[u], t_offsets[u + 1]
        low, high, begun = first, first, n
        lead, opportunity, lead_of_opportunity = -1, -1, -1
        has_opportunity = False
        for e in range(offsets[u], offsets[u + 1]):
            serves = bits[e] & allowed[u]
            if serves & 7 == 0:
                continue
            while high < last and _comes_first(t_time[high], t_row[high], time[e], row[e], seqs, is_session):
                high += 1
            before = high - 1 if high > first else -1
            if serves & LEAD:
                lead = before
            if serves & OPPORTUNITY:
                opportunity, lead_of_opportunity, has_opportunity = before, lead, True
            if serves & CONVERSION and start <= time[e] < end:
                while low < high and t_time[low] < time[e] - lookback:
                    low += 1
                found[0, n], found[1, n], found[2, n], found[3, n], found[4, n] = u, row[e], time[e], low, high
                found[5, n], found[6, n] = lead_of_opportunity if has_opportunity else lead, opportunity
                n += 1
        if n == begun and allowed[u] & TOUCH:
            low, high = _between(t_time, first, last, start - lookback, end)
            if high > low:
                away[0, m], away[1, m], away[2, m] = u, low, high
                m += 1
    return found[:, :n], away[:, :m]


@compiled
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
def _comes_first(touch_time, touch_row, time, row, seqs, is_session):
    """Whether a touch comes before what happened. What itself begins a session brings that session's touch along."""
    if touch_time != time:
        return touch_time < time
    if touch_row == row:
        return is_session
    a = seqs[0][touch_row] if touch_row >= 0 else seqs[1][~touch_row]
    b = seqs[0][row] if row >= 0 else seqs[1][~row]
    return a < b
