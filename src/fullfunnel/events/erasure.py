"""Taking somebody out of what waits: the journal and the outbox. The lake is rewritten by EventStore.erase."""

import json
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import msgspec
from django.conf import settings

from fullfunnel.events.event import Arrival
from fullfunnel.events.journal import Journal
from fullfunnel.events.models import Outbox
from fullfunnel.events.waiting import ERASED

# A shorter value is looked for as a whole text only: "7" stands in every other one.
SURE_LENGTH = 6
_decode = msgspec.json.Decoder(list[Arrival])
_each = msgspec.json.Decoder(list[msgspec.Raw])
_encode = msgspec.json.Encoder().encode
_BLANK = Arrival(kind=ERASED, name="", at=0, id="")


def erase_waiting(workspace_id: int, values: Collection[str], is_theirs: Callable[[Arrival], bool]) -> int:
    """Empties every item of the journal and the outbox that is theirs; returns how many. `values`: their identifiers.

    Emptied items keep their place, so that the numbers of the others in their batch stay as they are.
    """
    needles = [_needle(value) for value in values if value]
    journal = Journal(Path(settings.DATA_DIR) / "journal.db")
    erased = sum(_erase_row(journal, row_id, needles, is_theirs) for row_id in journal.ids_of(workspace_id))
    for row in Outbox.objects.filter(workspace_id=workspace_id).iterator():
        items, count = _without(b"[" + bytes(row.arrival) + b"]", needles, is_theirs)
        if count:
            Outbox.objects.filter(pk=row.pk).update(arrival=items[1:-1])
            erased += count
    _empty_the_log(journal)
    return erased


def replace_items(journal: Journal, arrivals: Mapping[str, Arrival]) -> None:
    """Puts what is left in the place of items on their way, by where they came from (Waiting.key).

    Where an entry has no item left, it says nothing of its sender either.
    """
    by_row: dict[str, dict[int, Arrival]] = {}
    for key, arrival in arrivals.items():
        row, _, position = key.partition(":")
        by_row.setdefault(row, {})[int(position)] = _BLANK if arrival.kind == ERASED else arrival
    for row, left in by_row.items():
        if row.startswith("o"):
            Outbox.objects.filter(pk=int(row[1:])).update(arrival=_encode(left[0]))
            continue
        for row_id, entry in journal.read(int(row), int(row)):
            items = [left.get(at, item) for at, item in enumerate(_each.decode(entry.items))]
            changed = {"ip": "", "user_agent": ""} if all(item is _BLANK for item in items) else {}
            journal.replace(row_id, msgspec.structs.replace(entry, items=_encode(items), **changed))
    # Once only: the drain does not wait for whoever reads.
    journal.empty_log()


def _erase_row(journal: Journal, row_id: int, needles: list[bytes], is_theirs: Callable[[Arrival], bool]) -> int:
    for _, entry in journal.read(row_id, row_id):
        items, count = _without(entry.items, needles, is_theirs)
        refused = [pair for pair in json.loads(entry.refused or b"[]") if not _names(pair[1].encode(), needles)]
        gone = len(json.loads(entry.refused or b"[]")) - len(refused)
        if count or gone:
            # What the request says of its sender is theirs too.
            changed = {"items": items, "refused": json.dumps(refused).encode() if refused else None}
            journal.replace(row_id, msgspec.structs.replace(entry, ip="", user_agent="", **changed))
        return count + gone
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
    """Careful: overwritten rows still stand in the write-ahead log until it is emptied, which waits for readers."""
    for _ in range(200):
        if journal.empty_log():
            return
        time.sleep(0.02)
