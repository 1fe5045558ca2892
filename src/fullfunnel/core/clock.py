"""The only place that reads the time of day, so that a test, a replay or a demo can set it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    """Microseconds since 1970 as an aware datetime in UTC. OverflowError outside the years 1 to 9999."""
    # Careful: datetime.fromtimestamp rounds through a float and fails before 1970 on some platforms.
    return EPOCH + timedelta(microseconds=microseconds)


def to_us(moment: datetime) -> int:
    """An aware datetime as microseconds since 1970 UTC, exactly (no float on the way)."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def shown(moment: datetime) -> datetime:
    """The moment, but for those within a day of the ends of the calendar: in another zone these would be no date."""
    return min(max(moment, _FIRST_SHOWN), _LAST_SHOWN)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Makes `now` stand still at `moment` inside the block."""
    token = _frozen.set(to_us(moment))
    try:
        yield
    finally:
        _frozen.reset(token)
