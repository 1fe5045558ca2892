"""Read the time of day, here only, so that tests and the demo can set it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_KEPT = datetime(2200, 1, 1, tzinfo=UTC)
_FIRST_SHOWN, _LAST_SHOWN = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC)
_frozen: ContextVar[int | None] = ContextVar("frozen_at", default=None)


def now_us() -> int:
    """The time now: microseconds since 1970-01-01 UTC."""
    frozen = _frozen.get()
    return time.time_ns() // 1_000 if frozen is None else frozen


def now() -> datetime:
    """The time now as an aware datetime in UTC."""
    return from_us(now_us())


def from_us(microseconds: int) -> datetime:
    """Return µs since 1970 as a UTC datetime. OverflowError outside the years 1 to 9999."""
    # Careful: datetime.fromtimestamp rounds through a float and fails before 1970 on some platforms.
    return EPOCH + timedelta(microseconds=microseconds)


def to_us(moment: datetime) -> int:
    """Return an aware datetime as µs since 1970, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def is_kept(moment: datetime) -> bool:
    """Whether rows and events can hold an aware moment, and pages show it, in every zone: of the years 1970 to 2199."""
    return EPOCH <= moment < _LAST_KEPT


def shown(moment: datetime) -> datetime:
    """Return the moment, moved a day from the ends of the calendar for other zones."""
    return min(max(moment, _FIRST_SHOWN), _LAST_SHOWN)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Makes `now` stand still at `moment` inside the block."""
    token = _frozen.set(to_us(moment))
    try:
        yield
    finally:
        _frozen.reset(token)
