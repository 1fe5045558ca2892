"""Tells reactions of stored batches, in portions, each with the cursor in one transaction; a kill repeats at most one portion."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.worker import where
from fullfunnel.events.event import Event
from fullfunnel.events.failpoints import reached
from fullfunnel.events.models import Batch, Cursor
from fullfunnel.events.reactions.liveness import not_live
from fullfunnel.events.reactions.wired import Reaction, begin_new, end_of, newest_stored, reactions
from fullfunnel.events.store import EventStore

log = logging.getLogger("fullfunnel.drain")
# Events in one transaction: it holds the database's write lock, and others want to write.
PORTION = 5_000
# Who waits for the lock looks every 25 ms: after a long transaction we leave it free that long.
LONG_SECONDS, PAUSE_SECONDS = 0.02, 0.025
PAUSE_AFTER_FAILURE_US = 5_000_000
# Reaction -> when it is told again (µs), for those that failed in this process.
_again_at: dict[str, int] = {}


def react(store: EventStore, latest: Batch | None = None, events: Sequence[Event] = ()) -> bool:
    """Tells each reaction of the batches that it has not handled, in order; True when all are told.

    `events` are those of the batch `latest`, which was just stored. A reaction that fails is told again later, alone.
    """
    wired = reactions()
    cursors = Cursor.objects.in_bulk()
    if any(reaction.name not in cursors for reaction in wired):
        begin_new(latest.pk - 1 if latest else newest_stored())
        cursors = Cursor.objects.in_bulk()
    just_stored = (latest.pk, StoredBatch.of(events)) if latest else None
    told = [_catch_up(reaction, cursors[reaction.name], store, just_stored) for reaction in wired]
    return all(told)


@dataclass(frozen=True)
class StoredBatch:
    """The events of a batch by number, and the numbers of those of the past."""

    events: Sequence[Event]
    past: set[int]

    @classmethod
    def of(cls, events: Sequence[Event]) -> "StoredBatch":
        # Careful: what a step of the intake added stands where it belongs, but has a later number.
        return cls(sorted(events, key=attrgetter("seq")), not_live(events))


def _catch_up(
    reaction: Reaction, cursor: Cursor, store: EventStore, just_stored: tuple[int, StoredBatch] | None
) -> bool:
    # While it reads the past, the batches wait for it: filling tells them then, in order.
    if cursor.fills_to is not None or is_paused(reaction):
        return False
    for batch in waiting_for(cursor):
        is_known = just_stored is not None and just_stored[0] == batch
        held = just_stored[1] if just_stored and is_known else StoredBatch.of(store.read_batch(batch))
        if not tell_batch(reaction, cursor, batch, held):
            return False
    return True


def waiting_for(cursor: Cursor) -> list[int]:
    """The stored batches after the cursor, in order."""
    stored = Batch.objects.filter(state=Batch.State.STORED, pk__gt=cursor.batch).order_by("pk")
    return list(stored.values_list("pk", flat=True))


def tell_batch(reaction: Reaction, cursor: Cursor, batch: int, held: StoredBatch) -> bool:
    """Tells of what the cursor does not hold yet of a batch; False when the reaction failed, and is paused."""
    left = [event for event in reaction.wants(held.events) if event.seq > cursor.seq]
    for start in range(0, len(left), PORTION):
        portion = left[start : start + PORTION]
        past = [event for event in portion if event.seq in held.past]
        live = [event for event in portion if event.seq not in held.past] if past else portion
        is_last = start + PORTION >= len(left)
        began = time.monotonic()
        if not tell(reaction, cursor, past, live, batch=batch if is_last else cursor.batch, seq=portion[-1].seq):
            return False
        if time.monotonic() - began > LONG_SECONDS:
            time.sleep(PAUSE_SECONDS)
        reached("portion-told")
    return bool(left) or tell(reaction, cursor, [], [], batch=batch, seq=end_of(batch))


def tell(
    reaction: Reaction, cursor: Cursor, past: Sequence[Event], live: Sequence[Event], *, batch: int, seq: int
) -> bool:
    """One call for the events of the past, one for the live ones, and the cursor moves, all or nothing; False when it failed."""
    try:
        with transaction.atomic():
            if past:
                reaction.on_events(past, live=False)
            if live:
                reaction.on_events(live, live=True)
            cursor.batch, cursor.seq, cursor.moved_at = batch, seq, clock.now()
            cursor.save(update_fields=["batch", "seq", "moved_at"])
    except Exception as error:
        cursor.refresh_from_db()
        _again_at[reaction.name] = clock.now_us() + PAUSE_AFTER_FAILURE_US
        log.error("the reaction %s failed on batch %d, and will be told again: %s", reaction.name, batch, where(error))
        return False
    return True


def is_paused(reaction: Reaction) -> bool:
    """Whether it failed a moment ago."""
    return _again_at.get(reaction.name, 0) > clock.now_us()
