"""When a backup is due, and which of the kept ones must go. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

KEPT = 7
# Local time.
HOUR = 3
# Of the disk that the backups lie on.
LEAVE_FREE = 0.1
LATE_AFTER = timedelta(days=3)
TRY_AGAIN_AFTER = timedelta(hours=1)
ERASED_AFTER = timedelta(days=7)


def last_night(now: datetime, zone: tzinfo) -> datetime:
    """Return when it was HOUR in the zone for the last time, in UTC."""
    local = now.astimezone(zone)
    night = local.replace(hour=HOUR, minute=0, second=0, microsecond=0, fold=0)
    return (night if night <= local else night - timedelta(days=1)).astimezone(UTC)


def is_due(now: datetime, zone: tzinfo, *, made: Sequence[datetime], born: datetime) -> bool:
    """Return whether a night has begun since `born` and the last backup."""
    return max([born, *(moment for moment in made if moment <= now)]) < last_night(now, zone)


def superfluous(made: Sequence[datetime], now: datetime, erased_at: datetime | None) -> set[datetime]:
    """Return which must go: all but the newest, and those from before `erased_at`.

    One from the future, by a wrong clock, counts as the oldest.
    """
    newest_first = sorted(made, key=lambda moment: (moment <= now, moment), reverse=True)
    gone = set(newest_first[KEPT:])
    return gone if erased_at is None else gone | {moment for moment in made if moment < erased_at}
