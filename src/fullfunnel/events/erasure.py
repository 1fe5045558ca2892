"""Erase identities from the journal and the outbox. EventStore.erase rewrites the lake."""

import json
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction

from fullfunnel.events.event import Arrival
from fullfunnel.events.journal import Entry, Journal
from fullfunnel.events.models import Outbox
from fullfunnel.events.waiting import ERASED

# A shorter value is looked for as a whole text only: "7" stands in every other one.
SURE_LENGTH = 6
_decode = msgspec.json.Decoder(list[Arrival])
_each = msgspec.json.Decoder(list[msgspec.Raw])
_encode = msgspec.json.Encoder().encode
_BLANK = Arrival(kind=ERASED, name="", at=0, id="")
_GONE = _encode(_BLANK)


def erase_waiting(workspace_id: int, values: Collection[str], is_theirs: Callable[[Arrival], bool]) -> int:
    """Empty every waiting item with one of these identifiers; return how many.

    Empty items keep their place, so that the others keep their numbers.
    """
    needles = [_needle(value) for value in values if value]
    journal = Journal(Path(settings.DATA_DIR) / "journal.db")
    erased = sum(_erase_row(journal, row_id, needles, is_theirs) for row_id in journal.ids_of(workspace_id))
    for row in Outbox.objects.filter(workspace_id=workspace_id).iterator():
        erased += _erase_outbox(row.pk, needles, is_theirs) if _names(bytes(row.arrival), needles) else 0
    _empty_the_log(journal)
    return erased


def replace_items(journal: Journal, arrivals: Mapping[str, Arrival]) -> bool:
    """Replace waiting items by Waiting.key. An entry without items also loses its sender.

    Return False when the old items are still in the journal's log.
    """
    by_row: dict[str, dict[int, bytes]] = {}
    for key, arrival in arrivals.items():
        row, _, position = key.partition(":")
        by_row.setdefault(row, {})[int(position)] = _GONE if arrival.kind == ERASED else _encode(arrival)
    for row, left in by_row.items():
        if row.startswith("o"):
            with transaction.atomic():
                waiting = Outbox.objects.select_for_update().filter(pk=int(row[1:]))
                sender = {"ip": "", "user_agent": ""} if left[0] == _GONE else {}
                waiting.exclude(arrival=_GONE).update(arrival=left[0], **sender)
        else:
            journal.change(int(row), partial(_with, left))
    # Once only: the drain does not wait for whoever reads.
    return journal.empty_log()


def _with(left: dict[int, bytes], entry: Entry) -> Entry:
    there = [bytes(item) for item in _each.decode(entry.items)]
    # Careful: somebody may have been erased since the drain read the entry.
    items = [item if item == _GONE else left.get(at, item) for at, item in enumerate(there)]
    changed = {"ip": "", "user_agent": ""} if all(item == _GONE for item in items) else {}
    return msgspec.structs.replace(entry, items=b"[" + b",".join(items) + b"]", **changed)


def _erase_row(journal: Journal, row_id: int, needles: list[bytes], is_theirs: Callable[[Arrival], bool]) -> int:
    for _, entry in journal.read(row_id, row_id):
        if count := _emptied(entry, needles, is_theirs)[1]:
            journal.change(row_id, lambda now: _emptied(now, needles, is_theirs)[0])
            return count
    return 0


def _emptied(entry: Entry, needles: list[bytes], is_theirs: Callable[[Arrival], bool]) -> tuple[Entry, int]:
    items, count = _without(entry.items, needles, is_theirs)
    pairs = json.loads(entry.refused or b"[]")
    refused = [pair for pair in pairs if not _names(pair[1].encode(), needles)]
    if not (gone := count + len(pairs) - len(refused)):
        return entry, 0
    # What the request says of its sender is theirs too.
    changed = {"items": items, "refused": json.dumps(refused).encode() if refused else None}
    return msgspec.structs.replace(entry, ip="", user_agent="", **changed), gone


def _erase_outbox(pk: int, needles: list[bytes], is_theirs: Callable[[Arrival], bool]) -> int:
    with transaction.atomic():
        for row in Outbox.objects.select_for_update().filter(pk=pk):
            items, count = _without(b"[" + bytes(row.arrival) + b"]", needles, is_theirs)
            if count:
                Outbox.objects.filter(pk=pk).update(arrival=items[1:-1], ip="", user_agent="")
            return count
    return 0


def _without(items: bytes, needles: list[bytes], is_theirs: Callable[[Arrival], bool]) -> tuple[bytes, int]:
    if not _names(items, needles):
        return items, 0
    try:
        arrivals = _decode.decode(items)
    except msgspec.MsgspecError:
        return b"[]", 1
    theirs = [is_theirs(arrival) for arrival in arrivals]
    kept = [_BLANK if gone else arrival for arrival, gone in zip(arrivals, theirs, strict=True)]
    return _encode(kept), sum(theirs)


def _names(text: bytes, needles: list[bytes]) -> bool:
    small = text.lower()
    return any(needle in small for needle in needles)


def _needle(value: str) -> bytes:
    quoted = _encode(value).lower()
    return quoted[1:-1] if len(value) >= SURE_LENGTH else quoted


def _empty_the_log(journal: Journal) -> None:
    """Empty the write-ahead log, which still holds overwritten rows. Careful: it waits for readers."""
    for _ in range(200):
        if journal.empty_log():
            return
        time.sleep(0.02)
