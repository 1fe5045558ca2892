"""When the night of a zone begins, also where clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fullfunnel.events.backups.plan import is_due, last_night


@pytest.mark.parametrize(
    ("zone", "now", "began"),
    [
        ("UTC", "2026-11-30T03:00:00", "2026-11-30T03:00:00"),
        ("UTC", "2026-11-30T02:59:59", "2026-11-29T03:00:00"),
        ("Europe/Berlin", "2026-11-30T01:59:59", "2026-11-29T02:00:00"),
        ("Europe/Berlin", "2026-11-30T02:00:00", "2026-11-30T02:00:00"),
        # The clock goes from 02:00 to 03:00 at 01:00 UTC, and from 03:00 to 02:00.
        ("Europe/Berlin", "2026-03-29T01:00:00", "2026-03-29T01:00:00"),
        ("Europe/Berlin", "2026-10-25T01:30:00", "2026-10-24T01:00:00"),
        ("Europe/Berlin", "2026-10-25T02:00:00", "2026-10-25T02:00:00"),
        ("Pacific/Auckland", "2026-06-01T15:00:00", "2026-06-01T15:00:00"),
        ("America/Los_Angeles", "2026-06-01T09:59:59", "2026-05-31T10:00:00"),
    ],
)
def test_the_night_begins_at_three(zone, now, began):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert last_night(moment, ZoneInfo(zone)) == datetime.fromisoformat(began).replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati"])
def test_every_day_of_a_year_has_one(zone):
    now = born = datetime(2026, 1, 1, 12, tzinfo=UTC)
    made = []
    while now < born + timedelta(days=365):
        now += timedelta(minutes=10)
        if is_due(now, ZoneInfo(zone), made=made[-1:], born=born):
            made.append(now)
    assert len(made) == 365
