"""The capture application: bare ASGI, a door (wiring.DOORS) in front of Django. It answers after the journal is on disk.

POST /v1/{identify,track,page,screen,group,alias,batch,import} (and the short forms of Segment's browser client),
OPTIONS for browsers, GET /ff.js. Every other path is answered 404.
"""

import asyncio
import logging
import sqlite3
import weakref
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import Error as DatabaseError

from fullfunnel.capture import limits, snippet
from fullfunnel.capture.admission import Keys, Rates, key_in_header
from fullfunnel.capture.reading import IMPORT, Answer, Read, Sender, failure, key_in_body, read_items, refuse_body
from fullfunnel.capture.visitors import day_id
from fullfunnel.core import clock
from fullfunnel.core.bodies import BUSY, MIB, Bodies, Limits, NotRead, too_large
from fullfunnel.core.headers import sender_address, sender_network
from fullfunnel.events.journal import GroupCommit, Journal, JournalBusy

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

TYPES = ("identify", "track", "page", "screen", "group", "alias", "batch")
KINDS = {f"/v1/{name}": name for name in (*TYPES, IMPORT)}
# analytics.js posts to these.
KINDS |= {f"/v1/{name[0]}": name for name in TYPES}
SNIPPET = "/ff.js"
# Beyond most_held, clients are asked to come again.
BODIES = Limits(seconds=20, most_held=64 * MIB, most_held_of_one=24 * MIB)
CODES = {400: "broken_body", 408: "too_slow", 413: "too_large", 429: "too_many_requests", 503: "busy"}
LONGEST_AGENT = 500
READABLE = ("", "application/json", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded")
HEADERS = [
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
PREFLIGHT = [
    *HEADERS[:-1],
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding, x-retry-count"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]
log = logging.getLogger(__name__)


class Door:
    """What one web process keeps in memory: the way to the journal, and which keys it believes."""

    def __init__(self) -> None:
        self.commit = GroupCommit(Journal(settings.DATA_DIR / "journal.db"))
        self.keys = Keys()
        self.rates = Rates()
        self.bodies = Bodies(BODIES)

    def close(self) -> None:
        """Gives up the database connection that keys are looked up with."""
        self.keys.close()


_doors: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Door] = weakref.WeakKeyDictionary()


def door() -> Door:
    """The running loop's own."""
    loop = asyncio.get_running_loop()
    if loop not in _doors:
        _doors[loop] = Door()
    return _doors[loop]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request. ASGI, only http."""
    path, method = scope["path"], scope["method"]
    if path == SNIPPET:
        await snippet.serve(scope, send)
    elif path not in KINDS:
        await answer(send, failure(404, "not_found", f"there is nothing at {path[:100]}: send to /v1/batch"))
    elif method == "OPTIONS":
        await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
        await send({"type": "http.response.body", "body": b""})
    elif method != "POST":
        await answer(send, failure(405, "method_not_allowed", "use POST"), (b"allow", b"POST, OPTIONS"))
    else:
        await answer(send, await take(scope, receive, KINDS[path]))


async def answer(send: Send, told: Answer, *further: tuple[bytes, bytes]) -> None:
    headers = [*HEADERS, (b"content-type", b"application/json"), (b"content-length", b"%d" % len(told.body)), *further]
    if told.retry_after:
        headers.append((b"retry-after", b"%d" % told.retry_after))
    await send({"type": "http.response.start", "status": told.status, "headers": headers})
    await send({"type": "http.response.body", "body": told.body})


async def take(scope: Scope, receive: Receive, kind: str) -> Answer:
    """The answer to a POST, after everything accepted is on disk."""
    headers = dict(scope["headers"])
    if reason := reason_not_to_read(headers):
        return reason
    here = door()
    try:
        with here.bodies.place(sender_network(scope), most=most_bytes(encoding_of(headers))) as place:
            pieces: list[bytes] = []
            if refused := await place.read(receive, pieces.append):
                return failure_of(refused)
            return await take_body(scope, headers, b"".join(pieces), kind, here)
    except limits.TooLarge as error:
        return failure(413, "too_large", str(error))
    except JournalBusy:
        return failure_of(BUSY)
    except (sqlite3.Error, OSError, DatabaseError) as error:
        log.error("capture cannot write: %s", type(error).__name__)
        return failure(503, "unavailable", "nothing could be stored just now: send it again", 5)


def failure_of(refused: NotRead) -> Answer:
    return failure(refused.status, CODES[refused.status], refused.sentence, refused.retry_after)


def reason_not_to_read(headers: dict[bytes, bytes]) -> Answer | None:
    """By the headers alone: a type or an encoding that nobody here reads, or a length over the limit."""
    kind, _, parameters = headers.get(b"content-type", b"").decode("latin-1").lower().partition(";")
    kind = kind.strip()
    charset = parameters.partition("charset=")[2].strip(' "')
    if (kind not in READABLE and not kind.endswith("+json")) or charset not in ("", "utf-8", "utf8"):
        return failure(415, "unsupported_type", "send JSON in UTF-8, as application/json or text/plain")
    encoding = encoding_of(headers)
    if encoding not in (b"", b"identity", b"gzip"):
        return failure(415, "unsupported_encoding", "Content-Encoding may be gzip, once, or be left out")
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > most_bytes(encoding):
        return failure_of(too_large(most_bytes(encoding)))
    return None


def encoding_of(headers: dict[bytes, bytes]) -> bytes:
    return headers.get(b"content-encoding", b"").lower()


def most_bytes(encoding: bytes) -> int:
    return limits.MOST_COMPRESSED if encoding == b"gzip" else limits.MOST_BODY


async def take_body(scope: Scope, headers: dict[bytes, bytes], body: bytes, kind: str, here: Door) -> Answer:
    """Finds the key's holder, reads the items, waits for the journal."""
    key = key_in_header(headers.get(b"authorization", b"")) or key_in_query(scope)
    value, problem = None, None
    try:
        if encoding_of(headers) == b"gzip":
            body = limits.inflate(body)
        value = limits.read_json(body)
    except limits.Unreadable as error:
        problem = str(error)
    ip = sender_address((scope.get("client") or ("",))[0], headers.get(b"x-forwarded-for", b"").decode("latin-1"))
    holder = await here.keys.holder_of(key or key_in_body(value)) if key or value else None
    if wait := here.rates.seconds_to_wait(holder.source_id if holder else 0, ip):
        return failure(429, "too_many_requests", "this key sends too much from this address: slow down", wait)
    if holder is None:
        return refusal_of_key(key, problem)
    if kind == IMPORT and holder.kind == "web":
        return failure(403, "forbidden", "imports need the write key of a server: a website's key is public")
    agent = headers.get(b"user-agent", b"").decode("latin-1")[:LONGEST_AGENT]
    sender = Sender(holder, ip, agent, clock.now_us())
    if holder.kind == "web" and type(value) is dict and value.get("cookieless") is True:
        # What names the visitor for today takes the place of the address.
        sender = sender._replace(ip="", visitor=day_id(settings.DATA_DIR, holder.source_id, ip, agent))
    read = refuse_body(problem, body, sender) if problem else read_exactly(value, kind, body, sender)
    if read.entry:
        await here.commit.put(read.entry)
    return read.answer


def read_exactly(value: Any, kind: str, body: bytes, sender: Sender) -> Read:
    """`read_items`, once more with long numbers as text where a float would have rounded them."""
    try:
        return read_items(value, kind, body, sender)
    except limits.LongNumber:
        return read_items(limits.read_json(limits.with_long_numbers_as_text(body)), kind, body, sender)


def refusal_of_key(key: str, problem: str | None) -> Answer:
    if not key and problem:
        return failure(400, "bad_request", problem)
    return failure(401, "invalid_write_key", "the write key is unknown, revoked or missing: send it as Basic user name")


def key_in_query(scope: Scope) -> str:
    """The key in `?writeKey=…`, for beacons and pixels that can set no header."""
    query = scope.get("query_string", b"")
    if not query:
        return ""
    try:
        found = parse_qs(query.decode("latin-1"), max_num_fields=20)
    except ValueError:
        return ""
    keys: list[str] = found.get("writeKey") or found.get("write_key") or [""]
    return keys[0]
