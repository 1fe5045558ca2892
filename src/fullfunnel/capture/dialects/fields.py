"""Fields: what every dialect reads in the same way: ids, times, objects, properties, each with its limits.

A field that cannot be taken raises BadItem, which the dialect answers as Refused.
"""

from typing import Any, NamedTuple

import msgspec

from fullfunnel.capture.limits import BEYOND_INT64, LONGEST_KEY, LongNumber, clean, has_long_key
from fullfunnel.events import times
from fullfunnel.events.values import DEEPEST, text_of

LONGEST_ID = 400
DAY_US = 86_400_000_000
EARLIEST_US = 946_684_800_000_000  # 2000-01-01
# Below this, sentAt and the time of receipt differ by the network's delay, not by a wrong clock.
SMALL_SKEW_US = 2_000_000
NOTHING: dict[str, Any] = {}


class Request(NamedTuple):
    """What all items of a request share. sent_at is µs or None.

    visitor: who it was that names nobody, "" where that is not to be known; `short`: no text in the body can be over the limit; `shallow`: its items cannot break a limit of depth or keys either.
    """

    received_at: int
    source_kind: str
    sent_at: int | None = None
    visitor: str = ""
    is_import: bool = False
    short: bool = True
    shallow: bool = False


class Refused(msgspec.Struct, frozen=True):
    """Why an item was not taken: what is wrong and what would be right, and in which field."""

    reason: str
    field: str = ""


class BadItem(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def object_in(holder: dict[str, Any], name: str) -> dict[str, Any]:
    value = holder.get(name)
    if type(value) is dict:
        return value
    if value is None:
        return NOTHING
    raise BadItem(name, f"{name} must be a JSON object")


def id_in(holder: dict[str, Any], name: str, longest: int = LONGEST_ID) -> str | None:
    value = holder.get(name)
    if value is None:
        return None
    if type(value) is not str:
        if type(value) is not int:
            raise BadItem(name, f"{name} must be text")
        value = str(value)
    text: str = value.strip()
    if len(text) > longest:
        raise BadItem(name, f"{name} is longer than {longest} characters")
    return text or None


def moment(item: dict[str, Any], request: Request) -> tuple[int, str | None]:
    """(when it happened in µs, what was sent where that cannot be believed)."""
    given = item.get("originalTimestamp") or item.get("timestamp")
    if given is None:
        return request.received_at, None
    try:
        at = times.read_time(given)
    except times.TimeError:
        return request.received_at, text_of(given)[:100]
    if request.is_import:
        return at, None
    sent = sent_at(item) if "sentAt" in item else request.sent_at
    if sent is not None and abs(request.received_at - sent) > SMALL_SKEW_US:
        at += request.received_at - sent
    if EARLIEST_US <= at <= request.received_at + DAY_US:
        return at, None
    return request.received_at, text_of(given)[:100]


def sent_at(holder: dict[str, Any]) -> int | None:
    """When the client says it sent this, by its own clock, in µs; None where it does not say."""
    try:
        return times.read_time(holder.get("sentAt"))
    except times.TimeError:
        return None


def plain(value: Any) -> str:
    return value.strip() if type(value) is str else str(value) if type(value) is int else ""


def flatten_into(flat: dict[str, str], prefix: str, sent: dict[str, Any], depth: int) -> None:
    """As events.values.flatten, for JSON, with a bound on what the names of nested objects add up to."""
    for key, value in sent.items():
        kind = type(value)
        name = prefix + key
        if len(name) > LONGEST_KEY:
            raise BadItem("properties", long_name(prefix))
        if kind is str:
            if value:
                flat[name] = value
        elif kind is int:
            flat[name] = str(value)
        elif kind is float:
            flat[name] = float_text(value)
        elif kind is dict and depth < DEEPEST:
            flatten_into(flat, name + ".", value, depth + 1)
        elif value is not None and value != [] and value != {}:
            if has_long_key(value):
                raise BadItem("properties", long_name(""))
            flat[name] = text_of(clean(value))


def long_name(prefix: str) -> str:
    if prefix:
        return f"the names of nested properties add up to more than {LONGEST_KEY} characters"
    return f"a key is longer than {LONGEST_KEY} characters"


def float_text(value: float) -> str:
    """As events.values.text_of, quicker for the usual."""
    if abs(value) >= BEYOND_INT64:
        raise LongNumber
    text = repr(value)
    if "e" in text or value == 0:
        return text_of(value)
    return text.removesuffix(".0")
