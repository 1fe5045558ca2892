"""The types of the grammar over a person: groups of conditions, and what a journey has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fullfunnel.events.conditions.condition import Condition

DAY = 86_400_000_000
TIMES, SESSIONS, DAYS, WEEKS, VALUES = COUNTS = ("times", "sessions", "days", "weeks", "values")
ALL, ANY_OF, NONE = GROUPS = ("all", "any", "none")
# Operators of moments; their value is a date, or so many days before today.
SINCE, BEFORE = DATED = ("since", "before")
ME = "@me"
MAX_NESTING = 3


class Happening(NamedTuple):
    """An event of a journey. at: µs since 1970 UTC; session: equal within one session, -1: in none."""

    name: str
    at: int
    session: int = -1
    properties: Mapping[str, str] = {}


@dataclass(frozen=True)
class DaysAgo:
    """The beginning of the day so many days before today, in the workspace's zone."""

    days: int


@dataclass(frozen=True)
class Dated:
    """A test of a moment, such as first_seen. `day`: an ISO date, or how many days ago."""

    property: str
    op: str
    day: str | DaysAgo


@dataclass(frozen=True)
class Has:
    """What a journey has: events, at least `least` times, in sessions, on days, in weeks, or of values of `value`, within `within` µs.

    `each`: only events with the same value of this property count together. `since`: only events from that day on.
    """

    events: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    least: int = 1
    count: str = TIMES
    value: str = ""
    each: str = ""
    within: int | None = None
    since: str | DaysAgo | None = None


@dataclass(frozen=True)
class Group:
    """`op` is all, any or none of `of`."""

    op: str
    of: "tuple[Clause, ...]"


Clause = Condition | Dated | Has | Group
