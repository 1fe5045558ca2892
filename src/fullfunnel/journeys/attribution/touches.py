"""Conversions and the touches before them, out of an index. What attribution begins with."""

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.names import PAGE_VIEWED
from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.attribution import windows
from fullfunnel.journeys.attribution.models import MILESTONE_MODELS, RULES
from fullfunnel.journeys.attribution.question import Attribution
from fullfunnel.journeys.folds.gather import Gathered, Longs, Room, still
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.sessions import session_starts, with_starts
from fullfunnel.journeys.folds.step_matching import StepMatching
from fullfunnel.journeys.questions.shapes import ANY, Matcher
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

COLUMNS = {"referrer": "referrer_host", "landing_page": "path"}
DIRECT = frozenset({"direct", "(direct)"})
NOT_SET = "(not set)"
Ints = NDArray[np.int32]


class Touched(NamedTuple):
    """Journeys of a portion, in order of the units: first the conversions of the period, then who had none, where a model asks.

    touches: time, code (-1: no value), direct; only those that some journey has. A journey of `unit` has the touches low to high;
    a conversion also its row; lead and opportunity: the last touch at that milestone, -1 where it has none. unit, row: in the index.
    """

    touch_time: Longs
    touch_code: Ints
    touch_direct: NDArray[np.bool_]
    unit: Longs
    low: Ints
    high: Ints
    row: Longs
    lead: Ints
    opportunity: Ints

    @property
    def conversions(self) -> int:
        return len(self.row)


class _Thread:
    """What a thread has for itself: buffers, and how often it saw each value (windows.keep_touches)."""

    def __init__(self, values: int) -> None:
        self.room, self.seen = Room(), np.zeros((3, values + 1), np.int64)


class _Reader:
    """Reads portions of an index for one question."""

    def __init__(self, question: Attribution, index: Index, dataset: "Dataset") -> None:
        self.question, self.index = question, index
        self.is_session = question.touches is None
        where = question.where
        nothing = Matcher(())
        conversion, touches = question.conversion, question.touches or nothing
        # A name that any step names counts for "*" whoever did it: so milestones are only left out where no step is "*".
        is_plain = ANY not in (*conversion.events, *touches.events) and not MILESTONE_MODELS & set(question.models)
        milestones = (nothing, nothing) if is_plain else (question.lead, question.opportunity)
        asked = (conversion, *milestones, touches)
        self.sought = StepMatching(index, [replace(one, where=one.where + where) for one in asked], dataset)
        self.lands = self.is_session and question.by == "landing_page"
        self.page = index.names.index(PAGE_VIEWED) if self.lands and PAGE_VIEWED in index.names else -1
        value, channel, source = value_column(question, index), index.column("channel"), index.column("source")
        self.values = len(value[0].values)
        self.columns = tuple(_codes(one) for one in (value, channel, source))
        self.asked = ("last_non_direct" in question.models, self.is_session and bool(channel[0].values), self.lands)
        self.limits = (*_limits(question), not {*question.models} <= {*RULES})
        self.seqs = tuple(still(part.seq) for part in index.parts)
        self._own, self.threads = threading.local(), list[_Thread]()

    def read(self, begin: int, end: int) -> Touched:
        own = self._thread()
        room, allowed = own.room, self.sought.allowed[begin:end]
        events = self._events(room, self.sought.gather(begin, end))
        most = len(events[1])
        kinds = {"touch": np.int64, "code": np.int32, "direct": np.bool_, "covers": np.int64}
        touches = tuple(room.of(name, most + 1, kind) for name, kind in kinds.items())
        conversions, away = (room.of(f"{k} columns", k * n).reshape(k, n) for k, n in ((6, most), (3, end - begin)))
        n, m, total = windows.find_windows(events, still(allowed), self.limits, touches, conversions, away, own.seen)
        conversions, away = conversions[:, :n], away[:, :m]
        kept = windows.keep_touches(touches, total, conversions, away, own.seen)
        unit = np.concatenate([conversions[0], away[0]]) + begin
        both = zip(conversions[2:4], away[1:], strict=True)
        low, high = (np.concatenate(one, dtype=np.int32, casting="unsafe") for one in both)
        lead, opportunity = conversions[4:].astype(np.int32)
        # What lies in the thread's room is gone when it reads again.
        time, code, direct = (one[:kept].copy() for one in touches[:3])
        return Touched(time, code, direct, unit, low, high, conversions[1].copy(), lead, opportunity)

    def _events(self, room: Room, found: Gathered) -> tuple[Any, ...]:
        """What windows.find_windows looks at."""
        offsets, time, bits, row, landing = found.offsets, found.time, found.bits, found.row, found.row
        if self.is_session:
            offsets, time, bits, row, landing = self._with_starts(room, found)
        code, direct = room.of("event code", len(row), np.int32), room.of("event direct", len(row), np.bool_)
        value, channel, source = self.columns
        windows.tell_touches(bits, row, landing, value, channel, source, self.asked, code, direct)
        return offsets, time, bits, row, code, direct

    def _with_starts(self, room: Room, found: Gathered) -> tuple[Longs, ...]:
        """offsets, time, bits, row, landing of the events with the sessions' starts among them."""
        end = found.begin + len(found.offsets) - 1
        starts = session_starts(self.index, found.begin, end, self.page, room)
        names = ("all time", "all bits", "all row", "all landing")
        events = [room.of(name, len(found.bits) + len(starts[1])) for name in names]
        both = (room.of("all offsets", len(found.offsets)), *events)
        starts = starts if self.lands else (*starts[:3], starts[2])
        with_starts((found.offsets, found.time, found.bits, found.row), starts, windows.TOUCH, self.seqs, both)
        return both

    def _thread(self) -> _Thread:
        if not hasattr(self._own, "thread"):
            self._own.thread = _Thread(self.values)
            self.threads.append(self._own.thread)
        found: _Thread = self._own.thread
        return found


def value_column(question: Attribution, index: Index) -> tuple[Column, Column]:
    """The property that `by` means."""
    return index.column(COLUMNS.get(question.by, question.by))


def _limits(question: Attribution) -> tuple[int, int, int]:
    """Start and end of the period, look-back."""
    start = -NEVER if question.period.start is None else question.period.start
    end = NEVER if question.period.end is None else question.period.end
    return start, end, NEVER if question.lookback is None else question.lookback


def _codes(column: tuple[Column, Column]) -> tuple[Any, ...]:
    """A column as windows.py takes it, made ready once for all portions. The empty text is as no value."""
    values = column[0].values
    # A column without values may be one number for all rows, which would be copied out to be looked at.
    codes = [still(one.codes if values else one.codes[:0]) for one in column]
    taken_for = np.array([*(at if value else -1 for at, value in enumerate(values)), -1], np.int32)
    return *codes, taken_for, np.array([*(value.lower() in DIRECT for value in values), False])


def read_touches(question: Attribution, index: Index, dataset: "Dataset", watch: Watch) -> tuple[list[Touched], Longs]:
    """All journeys of an index by portions, in two threads; and `seen` of windows.py. `watch` may end it."""
    reader = _Reader(question, index, dataset)
    parts = reader.sought.each_portion(watch, reader.read) or [reader.read(0, 0)]
    return parts, sum((one.seen for one in reader.threads), np.zeros((3, reader.values + 1), np.int64))


def joined(parts: list[Touched]) -> Touched:
    """All portions as one."""
    moved, by = list[Touched](), np.int32(0)
    for part in parts:
        lead, opportunity = (np.where(places < 0, places, places + by) for places in (part.lead, part.opportunity))
        moved.append(part._replace(low=part.low + by, high=part.high + by, lead=lead, opportunity=opportunity))
        by += np.int32(len(part.touch_code))

    def column(name: str) -> Any:
        if name not in ("unit", "low", "high"):
            return np.concatenate([getattr(part, name) for part in moved])
        with_conversion = [getattr(part, name)[: part.conversions] for part in moved]
        return np.concatenate(with_conversion + [getattr(part, name)[part.conversions :] for part in moved])

    return Touched(*map(column, Touched._fields))
