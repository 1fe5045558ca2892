"""Reading: a request's body becomes a journal entry and the answer to give once the entry is on disk."""

import logging
import re
from typing import Any, NamedTuple

import msgspec
import orjson

from fullfunnel.capture import limits
from fullfunnel.capture.admission import Holder
from fullfunnel.capture.dialects import segment
from fullfunnel.capture.dialects.fields import Refused, Request, sent_at
from fullfunnel.events.event import Arrival
from fullfunnel.events.journal import Entry
from fullfunnel.events.strict_json import NOT_UTF8, UNKNOWN

BATCH, IMPORT = "batch", "import"
# Of what was refused, the journal keeps this much to show.
MOST_SHOWN, MOST_ITEM = 100, 2_000
UNREADABLE = "this item cannot be read; it is kept, to find out why"
log = logging.getLogger(__name__)
# Keys of ours: what is refused is shown to every member, and a server's key is a secret.
_KEY = re.compile(r"(ff[wa]_)[A-Za-z0-9_-]{8,}")
_encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    """What the client is told: an HTTP status and a JSON body."""

    status: int
    body: bytes
    retry_after: int = 0


class Sender(NamedTuple):
    """Who sends, as the connection shows it."""

    holder: Holder
    ip: str
    user_agent: str
    received_at: int
    # Who it is for today, where the client keeps nothing itself.
    visitor: str = ""


class Read(NamedTuple):
    """The entry for the journal (None: there is nothing to keep) and the answer for afterwards."""

    entry: Entry | None
    answer: Answer


def failure(status: int, code: str, message: str, retry_after: int = 0) -> Answer:
    """An answer that says what is wrong and what would be right; `code` is for programs."""
    body = {"success": False, "code": code, "message": message, "accepted": 0, "refused": []}
    return Answer(status, orjson.dumps(body), retry_after)


def key_in_body(value: Any) -> str:
    """The write key that a body carries in itself, as beacons must."""
    key = value.get("writeKey") if type(value) is dict else None
    return key if type(key) is str else ""


def read_items(value: Any, kind: str, body: bytes, sender: Sender) -> Read:
    """The items of a body that was read as JSON. `kind` is what the path names: a type, batch or import."""
    items: Any = [value]
    if kind in (BATCH, IMPORT):
        items = value.get("batch") if type(value) is dict else None
        if type(items) is not list or not items:
            return refuse_body('the body must be {"batch": [item, …]} with at least one item', body, sender)
        if len(items) > limits.MOST_ITEMS:
            return Read(None, failure(413, "too_large", f"at most {limits.MOST_ITEMS:,} items in one batch"))
    if b"\\u0000" in body:
        # Careful: orjson leaves NUL in texts; PostgreSQL takes none and SQLite cuts there.
        items = [segment.clean_item(item) for item in items]
    return _read_each(value, items, kind, body, sender)


def _read_each(value: Any, items: list[Any], kind: str, body: bytes, sender: Sender) -> Read:
    request = Request(
        received_at=sender.received_at,
        source_kind=sender.holder.kind,
        visitor=sender.visitor,
        sent_at=sent_at(value) if type(value) is dict and "sentAt" in value else None,
        is_import=kind == IMPORT,
        short=len(body) <= limits.MOST_STRING,
        shallow=limits.cannot_be_deep(body),
    )
    named = None if kind in (BATCH, IMPORT) else kind
    weigh = len(body) > limits.MOST_EVENT
    is_utf8 = body.isascii() or _is_utf8(body)
    taken: list[Arrival] = []
    refused: list[tuple[int, Refused]] = []
    for index, item in enumerate(items):
        found: Arrival | Refused
        if weigh and len(json_of(item)) > limits.MOST_EVENT:
            found = Refused(f"the item is larger than {limits.MOST_EVENT:,} bytes")
        elif not is_utf8 and NOT_UTF8.encode() in json_of(item):
            found = Refused("a text in it is not UTF-8")
        else:
            found = _arrival_of(item, request, named)
        if type(found) is Refused:
            refused.append((index, found))
        else:
            taken.append(found)  # type: ignore[arg-type]
    shown = [[one.reason, text_of_item(items[index])] for index, one in refused[:MOST_SHOWN]]
    return Read(_entry(taken, shown, sender, forever=request.is_import), _answer(len(taken), refused))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _arrival_of(item: Any, request: Request, named: str | None) -> Arrival | Refused:
    try:
        return segment.arrival_of(item, request, named)
    except limits.LongNumber:
        raise
    except Exception as error:
        # A fault of ours must not take the rest of the batch with it.
        log.error("an item cannot be read: %s", type(error).__name__)
        return Refused(UNREADABLE)


def _answer(accepted: int, refused: list[tuple[int, Refused]]) -> Answer:
    if not refused:
        return Answer(200, b'{"success":true,"accepted":%d,"refused":[]}' % accepted)
    reasons = [{"index": i, "reason": one.reason, **({"field": one.field} if one.field else {})} for i, one in refused]
    body: dict[str, Any] = {"success": bool(accepted), "accepted": accepted, "refused": reasons}
    if not accepted:
        body |= {"code": "refused", "message": refused[0][1].reason}
    return Answer(200 if accepted else 400, orjson.dumps(body))


def refuse_body(reason: str, body: bytes, sender: Sender) -> Read:
    """For a body that holds no item that could be taken; it is kept with its reason, to be shown."""
    text = _KEY.sub(r"\1…", body[:MOST_ITEM].decode(errors="replace")).replace("\0", "\ufffd")
    return Read(_entry([], [[reason, text]], sender), failure(400, "bad_request", reason))


def _entry(taken: list[Arrival], shown: list[list[str]], sender: Sender, *, forever: bool = False) -> Entry:
    return Entry(
        received_at=sender.received_at,
        workspace_id=sender.holder.workspace_id,
        source_id=sender.holder.source_id,
        source_kind=sender.holder.kind,
        ip=sender.ip,
        user_agent=sender.user_agent,
        items=_encode(taken),
        count=len(taken),
        refused=orjson.dumps(shown) if shown else None,
        forever=forever,
    )


def text_of_item(item: Any) -> str:
    """An item as it is shown to those who look for what went wrong, without the key."""
    if type(item) is dict and "writeKey" in item:
        item = {name: value for name, value in item.items() if name != "writeKey"}
    return _KEY.sub(r"\1…", json_of(item)[:MOST_ITEM].decode(errors="ignore").replace(NOT_UTF8, UNKNOWN))


def json_of(item: Any) -> bytes:
    """The item as JSON; a stand-in for what is nested too deep to be written."""
    try:
        return orjson.dumps(item)
    except orjson.JSONEncodeError:
        return b'"(nested too deep to show)"'
