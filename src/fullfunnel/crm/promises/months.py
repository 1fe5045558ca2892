"""Both sides' promises, month by month. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from fullfunnel.crm.promises.speed import State


@dataclass(frozen=True)
class Tally:
    """How often a promise was kept or broken; open: still to be seen, or turned away in time."""

    kept: int = 0
    broken: int = 0
    open: int = 0

    @property
    def decided(self) -> int:
        return self.kept + self.broken


@dataclass(frozen=True)
class Number:
    """How many were handed over in a month, of how many that are promised."""

    count: int
    promised: int
    state: State


def tally_of(states: Iterable[State]) -> Tally:
    counted = list(states)
    kept, broken = counted.count(State.KEPT), counted.count(State.BROKEN)
    return Tally(kept, broken, len(counted) - kept - broken)


def number_of(count: int, promised: int, *, is_over: bool) -> Number:
    """Judge a month's number; one that is not over can still be kept."""
    short = State.BROKEN if is_over else State.WAITING
    return Number(count, promised, State.KEPT if count >= promised else short)


def decision_of(decided_at: datetime | None, due: datetime | None, now: datetime) -> State:
    """Judge by when sales decided. decided_at: None also for what aged out, which nobody decided."""
    if due is None:
        return State.KEPT if decided_at else State.WAITING
    if (decided_at or now) > due:
        return State.BROKEN
    return State.KEPT if decided_at else State.WAITING


def months_until(day: date, before: int) -> list[date]:
    """Return the first days of this month and of so many before, the latest first."""
    last = day.year * 12 + day.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last, last - before - 1, -1)]
