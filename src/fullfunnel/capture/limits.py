"""Limits: how much one request and one item may hold (reference: reliability-and-security, "Capture bodies").

Everything is checked before the journal, so that whatever reads it later meets only what was let in.
"""

import re
import zlib
from contextlib import suppress
from decimal import Decimal
from typing import Any

import orjson

from fullfunnel.events.strict_json import mended
from fullfunnel.events.values import number_text

MOST_COMPRESSED = 1024 * 1024
MOST_BODY = 8 * 1024 * 1024
MOST_EVENT = 256 * 1024
MOST_STRING = 64 * 1024
MOST_KEYS = 1_000
LONGEST_KEY = 256
DEEPEST = 32
MOST_ITEMS = 2_500
# A body of many tiny values takes far more memory than bytes. Only large bodies can hold so many.
MOST_VALUES = 400_000
MOST_CONTAINERS = 200_000
_SMALL = 256 * 1024
# To mend a body takes up to half a microsecond a byte, in which nobody else is answered.
MOST_MENDED = 1024 * 1024

BEYOND_INT64 = 2.0**63
INT64 = range(-(2**63), 2**63)
_STRING_OR_NUMBER = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?')


class LongNumber(Exception):
    """A number that a float cannot hold: read the body again, with_long_numbers_as_text."""


class TooLarge(ValueError):
    """413: the sentence says what is too large and what would fit."""


class Unreadable(ValueError):
    """400: the sentence says why the body cannot be read."""


def inflate(body: bytes) -> bytes:
    """The content of one gzip layer, never more than MOST_BODY bytes of it in memory."""
    if len(body) > MOST_COMPRESSED:
        raise TooLarge(f"the compressed body is larger than {MOST_COMPRESSED:,} bytes: send smaller batches")
    stream = zlib.decompressobj(wbits=31)
    try:
        content = stream.decompress(body, MOST_BODY + 1)
    except zlib.error as error:
        raise Unreadable("the body is not gzip, though Content-Encoding says so") from error
    if len(content) > MOST_BODY:
        raise TooLarge(f"the body is larger than {MOST_BODY:,} bytes once inflated: send smaller batches")
    if not stream.eof or stream.unused_data:
        raise Unreadable("the gzip body is cut off, or something follows it")
    return content


def read_json(body: bytes) -> Any:
    """The body as Python values. Whole numbers beyond 64 bits come as text, not rounded. TooLarge, Unreadable."""
    if len(body) > _SMALL and (body.count(b",") > MOST_VALUES or body.count(b"{") + body.count(b"[") > MOST_CONTAINERS):
        raise TooLarge("the body holds too many values: send smaller batches")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        whole = mended(body) if len(body) <= MOST_MENDED else None
        if whole is not None:
            with suppress(orjson.JSONDecodeError):
                return orjson.loads(whole)
        raise Unreadable(f"the body is not JSON in UTF-8: {error.msg} at character {error.pos:,}") from error
    except RecursionError as error:
        raise Unreadable(f"the body is nested deeper than {DEEPEST} levels") from error


def with_long_numbers_as_text(body: bytes) -> bytes:
    """The same JSON with every number beyond 64 bits in quotes, its digits as sent: a float could not hold them."""
    return _STRING_OR_NUMBER.sub(_quoted_if_long, body)


def _quoted_if_long(found: re.Match[bytes]) -> bytes:
    literal = found[0]
    if literal[:1] == b'"' or abs(float(literal)) < BEYOND_INT64:
        return literal
    return b'"%s"' % number_text(Decimal(literal.decode())).encode()


def cannot_be_deep(body: bytes) -> bool:
    """True for a body too small to break a limit of depth, keys or text: its items need not be walked."""
    return len(body) < MOST_KEYS * 4 and body.count(b"{") + body.count(b"[") <= DEEPEST


def reason_to_refuse(item: dict[str, Any], *, short: bool) -> str | None:
    """Why an item breaks a limit, as a sentence; None when it breaks none. `short`: no text in it can be too long.

    Careful: walks level by level, without recursion, because a hostile body may be a thousand levels deep.
    """
    keys, depth = len(item), 1
    level: list[Any] = [item.values()]
    while level:
        if depth > DEEPEST:
            return f"nested deeper than {DEEPEST} levels"
        below: list[Any] = []
        for values in level:
            for value in values:
                kind = type(value)
                if kind is dict:
                    keys += len(value)
                    below.append(value.values())
                elif kind is list:
                    below.append(value)
                elif not short and kind is str and len(value) > MOST_STRING:
                    return f"a text is longer than {MOST_STRING:,} characters"
        if keys > MOST_KEYS:
            return f"more than {MOST_KEYS:,} keys"
        level, depth = below, depth + 1
    return None


def has_long_key(value: Any) -> bool:
    """Whether a key in it is longer than LONGEST_KEY. For values within the limits of depth."""
    if isinstance(value, dict):
        return any(len(key) > LONGEST_KEY or has_long_key(inner) for key, inner in value.items())
    return isinstance(value, list) and any(has_long_key(inner) for inner in value)


def clean(value: Any) -> Any:
    """A value as the stream can hold it: no NUL, no whole number beyond 64 bits. For values within the limits."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd") if "\0" in value else value
    if isinstance(value, dict):
        return {clean(key): clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner) for inner in value]
    if isinstance(value, int) and value not in INT64:
        return str(value)
    if isinstance(value, float) and abs(value) >= BEYOND_INT64:
        raise LongNumber
    return value
