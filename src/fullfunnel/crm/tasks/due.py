"""When a task is due, in words and groups, and until when it may be put off. Pure."""

from datetime import date, datetime, time, timedelta

OVERDUE, TODAY, WEEK, LATER = "overdue", "today", "week", "later"
GROUPS = {OVERDUE: "Overdue", TODAY: "Today", WEEK: "This week", LATER: "Later"}
DAY_ENDS = time(17, 0)
# What one may put a task off to, in order.
SNOOZES = {"tomorrow": "Tomorrow", "monday": "Next Monday", "week": "In a week"}


def group_of(due: date | None, today: date) -> str:
    """Return the group of a task that is due on this day; one without a day is for later. A week ends on Sunday."""
    if due is None:
        return LATER
    if due < today:
        return OVERDUE
    if due == today:
        return TODAY
    return WEEK if due <= today + timedelta(days=6 - today.weekday()) else LATER


def snoozed(until: str, due: datetime | None, now: datetime) -> datetime:
    """Return when a task is due that is put off `until` (of SNOOZES): at its time of day, else when a working day ends."""
    ahead = {"tomorrow": 1, "monday": 7 - now.weekday(), "week": 7}[until]
    at = due.astimezone(now.tzinfo).time() if due else DAY_ENDS
    return datetime.combine(now.date() + timedelta(days=ahead), at, now.tzinfo)
