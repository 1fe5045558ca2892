"""What the builder's lists offer: (value, words)."""

from fullfunnel.analytics.forms.state import UNITS
from fullfunnel.events.conditions import OPERATORS

ORDERS = (("ordered", "in this order"), ("strict", "directly one after the other"), ("any", "in any order"))
COUNTS = (
    ("people", "people"),
    ("companies", "companies"),
    ("deals", "deals"),
    ("sessions", "sessions"),
    ("entries", "entries"),
)
ENTRIES = (("best", "the furthest"), ("first", "the first"))
BUCKETS = (("hour", "hour"), ("day", "day"), ("week", "week"), ("month", "month"))
SPANS = tuple((unit, f"{unit}s") for unit in UNITS)
WINDOWS = (*SPANS, ("none", "no limit"))
EFFECTS = (("drop", "that entry does not count"), ("remove", "leave the person out"), ("stop", "the entry ends there"))
OWNERS = (("event", "of the event"), ("person", "of the person, today"), ("person_then", "of the person, then"))
BREAKDOWN_OWNERS = (("event", "of events"), ("person", "of the person"), ("company", "of the company"))
ATTRIBUTIONS = (("first", "first value"), ("last", "last value"), ("all", "each value"), ("step", "value at step"))
OPS = tuple(OPERATORS.items())
ZONES = (
    "UTC", "Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome",
    "Europe/Warsaw", "Europe/Athens", "Europe/Helsinki", "Europe/Kyiv", "Europe/Istanbul", "Africa/Lagos",
    "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo",
    "Australia/Sydney", "Pacific/Auckland", "America/Sao_Paulo", "America/New_York", "America/Chicago",
    "America/Denver", "America/Los_Angeles",
)  # fmt: skip
