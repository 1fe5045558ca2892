"""How long somebody who was handed over waits for a person of ours. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fullfunnel.core.business_time import Calendar, elapsed

# What reaches somebody. Notes and tasks do not.
REACHING = frozenset({"call", "email", "meeting", "message", "demo", "presentation", "site_visit"})


class State(StrEnum):
    """How a promise stands. CLOSED: turned away in time without a touch; such a one is neither kept nor broken."""

    KEPT = "kept"
    BROKEN = "broken"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class Touch:
    """Something that was done with somebody. by_us: by us, not by them; automatic: by a program."""

    at: datetime
    kind: str
    by_us: bool = True
    automatic: bool = False

    @property
    def is_human(self) -> bool:
        return self.by_us and not self.automatic and self.kind in REACHING


@dataclass(frozen=True)
class Lead:
    """A hand-over. due: by when the first touch is promised. closed_at: when it was turned away. until: the person's next hand-over."""

    handed_over_at: datetime
    due: datetime | None
    closed_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Speed:
    """First human touch of a hand-over, and what passed until then in seconds; None while there is none."""

    touch: Touch | None
    wall: float | None
    business: float | None
    state: State


def speed_of(lead: Lead, touches: Iterable[Touch], calendar: Calendar, now: datetime) -> Speed:
    """Find the first human touch from the hand-over on, and judge it by when it was due."""
    begin, end = lead.handed_over_at, lead.until
    mine = [each for each in touches if each.is_human and begin <= each.at <= now and (end is None or each.at < end)]
    first = min(mine, key=lambda each: each.at, default=None)
    if first is None:
        return Speed(None, None, None, _untouched(lead, now))
    late = lead.due is not None and first.at > lead.due
    business = elapsed(calendar, begin, first.at).total_seconds()
    return Speed(first, (first.at - begin).total_seconds(), business, State.BROKEN if late else State.KEPT)


def _untouched(lead: Lead, now: datetime) -> State:
    over = lead.closed_at or now
    if lead.due is not None and over > lead.due:
        return State.BROKEN
    return State.CLOSED if lead.closed_at else State.WAITING


@dataclass(frozen=True)
class Summary:
    """Of some hand-overs. median_…, p90_…: seconds until the first touch of those touched; None of none."""

    count: int
    touched: int
    waiting: int
    closed: int
    kept: int
    broken: int
    never_touched: int
    median_business: float | None
    p90_business: float | None
    median_wall: float | None
    p90_wall: float | None

    @property
    def decided(self) -> int:
        return self.kept + self.broken


def summary_of(speeds: Sequence[Speed]) -> Summary:
    """Count and measure. never_touched: late and still without a touch."""
    states = [each.state for each in speeds]
    business = [each.business for each in speeds if each.business is not None]
    wall = [each.wall for each in speeds if each.wall is not None]
    return Summary(
        count=len(speeds),
        touched=len(wall),
        waiting=states.count(State.WAITING),
        closed=states.count(State.CLOSED),
        kept=states.count(State.KEPT),
        broken=states.count(State.BROKEN),
        never_touched=sum(each.state is State.BROKEN and each.touch is None for each in speeds),
        median_business=quantile(business, 0.5),
        p90_business=quantile(business, 0.9),
        median_wall=quantile(wall, 0.5),
        p90_wall=quantile(wall, 0.9),
    )


def quantile(values: Iterable[float], share: float) -> float | None:
    """Return the value below which a share of them lies, between two of them in proportion; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


# Working hours until the first touch: the upper ends of the picture's bars, in seconds.
ENDS = (900, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 144_000)


@dataclass(frozen=True)
class Bar:
    """Those touched after `above` and by `up_to` seconds of working time; None: without end."""

    above: int
    up_to: int | None
    kept: int
    broken: int

    @property
    def count(self) -> int:
        return self.kept + self.broken


def bars_of(speeds: Iterable[Speed]) -> list[Bar]:
    """Return the distribution of the touched ones, the quickest first."""
    touched = [each for each in speeds if each.business is not None]
    bars, begin = [], -1
    for end in (*ENDS, None):
        inside = [
            each for each in touched if (each.business or 0) > begin and (end is None or (each.business or 0) <= end)
        ]
        kept = sum(each.state is State.KEPT for each in inside)
        bars.append(Bar(max(begin, 0), end, kept, len(inside) - kept))
        begin = end or 0
    return bars
