"""Reads the past for reactions that begin at the beginning: a portion at a time, beside the stream, from where the last one ended."""

import time

from fullfunnel.events.failpoints import reached
from fullfunnel.events.models import Cursor
from fullfunnel.events.reactions.telling import PAUSE_SECONDS, StoredBatch, is_paused, tell, tell_batch, waiting_for
from fullfunnel.events.reactions.wired import Reaction, reactions
from fullfunnel.events.store import EventStore

PORTION = 2_000


def fill_some(store: EventStore) -> bool:
    """One portion for each reaction that reads the past; True when there is more to read.

    A reaction that has read it all is told of the batches that came meanwhile, live; then the drain tells it like any other.
    """
    filling = Cursor.objects.exclude(fills_to=None).in_bulk()
    more = [_fill(store, each, filling[each.name]) for each in reactions() if each.name in filling]
    if any(more):
        time.sleep(PAUSE_SECONDS)
    return any(more)


def _fill(store: EventStore, reaction: Reaction, cursor: Cursor) -> bool:
    """True when there is more to do at once."""
    if is_paused(reaction):
        return False
    if cursor.fills_to is not None and cursor.seq < cursor.fills_to:
        names = reaction.names or ()
        events, seq = store.read_named(names, after=cursor.seq, last=cursor.fills_to, most=PORTION)
        told = tell(reaction, cursor, events, [], batch=cursor.batch, seq=seq)
        reached("portion-filled")
        return told
    for batch in waiting_for(cursor)[:1]:
        return tell_batch(reaction, cursor, batch, StoredBatch.of(store.read_batch(batch)))
    # Careful: only here. From now on the drain tells it, and two must never tell it at once.
    Cursor.objects.filter(pk=cursor.pk).update(fills_to=None)
    return False
