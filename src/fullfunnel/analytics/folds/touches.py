"""Conversions and the touches before them, out of an index. What attribution begins with."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.attribution.models import MILESTONE_MODELS
from fullfunnel.analytics.folds.gather import Longs, still
from fullfunnel.analytics.folds.plan import NEVER
from fullfunnel.analytics.folds.sessions import NO_ROW, session_starts
from fullfunnel.analytics.folds.sought import Sought
from fullfunnel.analytics.folds.ties import compiled
from fullfunnel.analytics.questions_attribution import Attribution
from fullfunnel.analytics.questions_shapes import ANY, Matcher
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
        nothing = Matcher(())
        conversion, touches = question.conversion, question.touches or nothing
        # A name that any step names counts for "*" whoever did it: so milestones are only left out where no step is "*".
        is_plain = ANY not in (*conversion.events, *touches.events) and not MILESTONE_MODELS & set(question.models)
        milestones = (nothing, nothing) if is_plain else (question.lead, question.opportunity)
        asked = (conversion, *milestones, touches)
        self.sought = Sought(index, [replace(one, where=one.where + where) for one in asked], world)
        self.page = index.names.index(PAGE_VIEWED) if self._lands and PAGE_VIEWED in index.names else -1
        self.values, self.channel, self.source = (
            _Codes(one) for one in (value_column(question, index), index.column("channel"), index.column("source"))
        )
        self.seqs = tuple(still(part.seq) for part in index.parts)
        self.is_told_direct = "last_non_direct" in question.models

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
            offsets, time, row = _chosen(found.offsets, found.time, found.bits, found.row, allowed)
            landing = row
        code, direct, kept = self._values(row, landing)
        if kept is not None:
            before = np.concatenate([[0], np.cumsum(kept)])
            offsets, time, row, code, direct = before[offsets], time[kept], row[kept], code[kept], direct[kept]
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
            self.seqs,
            still(allowed),
            limits,
        )
        conversions[0] += begin
        away[0] += begin
        return Touched(time, code, direct, *conversions, *away)

    def _values(self, row: Longs, landing: Longs) -> tuple[Longs, NDArray[np.bool_], NDArray[np.bool_] | None]:
        """Of each touch its value, whether it was direct, and whether it counts as a touch at all (None: all do)."""
        code, direct = self.values.at(landing), np.zeros(len(row), np.bool_)
        if "" in self.values.values:
            code[code == self.values.values.index("")] = -1
        may_go_on = self.question.touches is None and bool(self.channel.values)
        if not (may_go_on or self.is_told_direct):
            return code, direct, None
        channel = self.channel.at(row)
        if self.is_told_direct:
            by_channel, by_source = (_directs(one.values) for one in (self.channel, self.source))
            direct = by_channel[channel] | ((channel < 0) & by_source[self.source.at(row)])
        # A session whose first page was reached from the site itself came from nowhere: the visit goes on (docs/adr/0042).
        goes_on = channel < 0
        if self.question.by != "landing_page":
            goes_on &= code < 0
        return code, direct, ~goes_on if may_go_on else None


class _Codes:
    """A column made ready once for all portions."""

    def __init__(self, column: tuple[Column, Column]) -> None:
        self.values = column[0].values
        # A column without values may be one number for all rows, which would be copied out to be looked at.
        self._codes = tuple(still(one.codes) for one in column) if self.values else None

    def at(self, rows: Longs) -> Longs:
        """The codes at `rows`; -1 at NO_ROW and where there is no value."""
        found = np.empty(len(rows), np.int64)
        if self._codes is None:
            found[:] = -1
        else:
            base, delta = self._codes
            _look_up(base, delta, rows, found)
        return found


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
        for name in PLACES:
            places = getattr(part, name)
            places += np.where(places < 0, 0, moved)
        parts.append(part)
        moved += len(part.touch_time)
    if not parts:
        none = np.empty(0, np.int64)
        return Touched(none, none, np.empty(0, np.bool_), *[none] * 10)
    return Touched._make(np.concatenate(column) for column in zip(*parts, strict=True))


@compiled
def _look_up(base, delta, rows, found):
    for i in range(rows.shape[0]):
        row = rows[i]
        found[i] = -1 if row == NO_ROW else (base[row] if row >= 0 else delta[~row])


@compiled
def _chosen(offsets, time, bits, row, allowed):
    """The events that are touches: offsets, time, row."""
    n, k = np.int64(0), np.int64(0)
    for u in range(allowed.shape[0]):
        if allowed[u] & TOUCH:
            for e in range(offsets[u], offsets[u + 1]):
                n += (bits[e] & TOUCH) != 0
    found, found_time, found_row = np.zeros(offsets.shape[0], np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    for u in range(allowed.shape[0]):
        if allowed[u] & TOUCH:
            for e in range(offsets[u], offsets[u + 1]):
                if bits[e] & TOUCH:
                    found_time[k], found_row[k] = time[e], row[e]
                    k += 1
        found[u + 1] = k
    return found, found_time, found_row


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
