"""From the journal and the outbox to the lake, one frozen batch at a time; safe to kill at every arrow and to repeat.

freeze -> decode -> before this? -> wiring.INTAKE -> append to the store -> one transaction closes the batch -> wiring.ON_EVENT
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from fullfunnel.core import clock
from fullfunnel.events import duplicates
from fullfunnel.events.erasure import replace_items
from fullfunnel.events.event import Draft, Event
from fullfunnel.events.failpoints import reached
from fullfunnel.events.journal import Journal
from fullfunnel.events.models import Batch, Outbox, Refusal
from fullfunnel.events.poison import through_intake
from fullfunnel.events.reactions.telling import react
from fullfunnel.events.reactions.wired import begin_new, newest_stored
from fullfunnel.events.settling import settle
from fullfunnel.events.store import EventStore, close_store, open_store
from fullfunnel.events.waiting import Waiting, refusal
from fullfunnel.workspaces.actions import record_repeats

MOST_ITEMS = 20_000
MOST_BYTES = 64 * 1024 * 1024
# What goes through the intake at once holds the database's write lock for 30-60 ms; others want to write in between. A draft
# that may change what is known of a person takes about six times as long as one that names somebody known.
PORTION, WEIGHT_OF_TEACHING = 6_000, 6
REFUSALS_AT_ONCE = 2_000


class Drain:
    """One process's way from the journal to the store. Only its caches live here; the truth is on disk."""

    def __init__(self, data: Path, store: EventStore) -> None:
        self.store = store
        self.journal = Journal(data / "journal.db")
        self.memory = duplicates.Memory(data / "keys")
        # Whether more was waiting than the latest batch took.
        self.is_behind = True
        self._ready = False
        self._all_told = False
        # Whether the journal's log holds nothing that was emptied; else it is tried again.
        self._log_is_clean = True

    def make_ready(self) -> None:
        """Once a process, before the first step: clears away what a crash left, and mends what a restored copy lacks."""
        if not self._ready:
            self.store.prepare()
            # A restored journal may be older than the main database: its next ids must not fall into batches of the past.
            self.journal.skip_to(_journal_done())
            # Before the first batch is stored, so that a new reaction is told of it even if we are killed in between.
            begin_new(newest_stored())
            self._ready = True

    def close(self) -> None:
        """Close this thread's connection to the journal and drop the memory maps of keys."""
        self.journal.close()
        self.memory = duplicates.Memory(self.memory.directory)

    def step(self) -> bool:
        """Brings one batch into the lake and lets the reactions know. True when one was there; the caller holds `store.changing()`."""
        self._log_is_clean = self._log_is_clean or self.journal.empty_log()
        batch = Batch.objects.filter(state=Batch.State.FROZEN).order_by("id").first() or self._freeze()
        if batch is None:
            self._all_told = self._all_told or react(self.store)
            return False
        reached("frozen")
        events = self._bring_in(batch)
        reached("stored")
        self._all_told = react(self.store, batch, events)
        reached("reacted")
        return True

    def _freeze(self) -> Batch | None:
        done = _journal_done()
        # Careful: first, so that what comes meanwhile does not count.
        newest = self.journal.last_id()
        last, _ = self.journal.next_range(done, most_items=MOST_ITEMS, most_bytes=MOST_BYTES)
        if last == done and not Outbox.objects.filter(batch=None).exists():
            return None
        with transaction.atomic():
            batch = Batch.objects.create(journal_from=done + 1, journal_to=last)
            waiting = Outbox.objects.filter(batch=None).order_by("id").values_list("id", flat=True)
            end = waiting[MOST_ITEMS : MOST_ITEMS + 1].first()
            cut = Outbox.objects.filter(batch=None, **({"id__lt": end} if end else {}))
            cut.update(batch=batch)
        self.is_behind = newest > last or end is not None
        return batch

    def _bring_in(self, batch: Batch) -> list[Event]:
        waiting = Waiting(batch, self.journal)
        drafts = waiting.drafts()
        fresh, again = self._without_duplicates(drafts)
        taken = self._through_intake(waiting, fresh)
        events, dropped = settle(taken, batch.pk)
        reached("resolved")
        # Careful: before the batch is closed, so that a kill leaves nothing; repeated, what was emptied is no draft any more.
        if emptied := {waiting.key(draft.seq): draft.arrival for draft in taken if draft.is_emptied}:
            self._log_is_clean = replace_items(self.journal, emptied)
        publish = self.store.append(batch.pk, events)
        reached("appended")
        kinds = {draft.seq: draft.source_kind for draft in taken}
        keys = duplicates.keys_of((event.workspace_id, kinds[event.seq], event.event_id) for event in events)
        forever = np.fromiter((waiting.is_forever(event.seq) for event in events), np.bool_, len(events))
        refusals = [*waiting.refusals, *(refusal(draft, waiting.key(draft.seq)) for draft in dropped)]
        # Before the transaction that closes the batch, which is to be short; each has a key, so a repeated batch adds none.
        for start in range(0, len(refusals), REFUSALS_AT_ONCE):
            some = refusals[start : start + REFUSALS_AT_ONCE]
            Refusal.objects.bulk_create(some, batch_size=500, ignore_conflicts=True)
        with transaction.atomic():
            publish()
            duplicates.remember(batch.pk, keys[~forever], keys[forever])
            Batch.objects.filter(pk=batch.pk).update(
                state=Batch.State.STORED, stored_at=clock.now(), events=len(events), duplicates=again.total()
            )
            record_repeats(again)
            reached("closing")
        return events

    def _through_intake(self, waiting: Waiting, drafts: list[Draft]) -> list[Draft]:
        steps = [import_string(path) for path in settings.INTAKE]
        taken: list[Draft] = []
        for portion in _portions(drafts):
            taken += through_intake(steps, portion, again=waiting.drafts)
            reached("portion-resolved")
        given = {id(draft) for draft in drafts}
        added = [draft for draft in taken if id(draft) not in given and draft.seq == 0]
        if not added:
            return taken
        kept, _ = self._without_duplicates(added)
        for position, draft in enumerate(kept):
            draft.seq = waiting.next_seq + position
        old = {id(draft) for draft in added} - {id(draft) for draft in kept}
        return [draft for draft in taken if id(draft) not in old]

    def _without_duplicates(self, drafts: list[Draft]) -> tuple[list[Draft], Counter[int]]:
        """(drafts that were not here before, number of the others by the id of their source)."""
        identified = [(draft.workspace_id, draft.source_kind, draft.arrival.id) for draft in drafts]
        repeated = self.memory.repeated(identified).tolist()
        fresh = [draft for draft, before in zip(drafts, repeated, strict=True) if not before]
        return fresh, Counter(draft.source_id for draft, before in zip(drafts, repeated, strict=True) if before)


def _portions(drafts: list[Draft]) -> Iterator[list[Draft]]:
    """The drafts in order, in portions that take about the same time; a repeated batch is cut at the same places."""
    start = weight = 0
    for i, draft in enumerate(drafts):
        teaches = draft.arrival.kind != "event" or draft.arrival.traits
        weight += WEIGHT_OF_TEACHING if teaches else 1
        if weight >= PORTION:
            yield drafts[start : i + 1]
            start, weight = i + 1, 0
    if start < len(drafts):
        yield drafts[start:]


def _journal_done() -> int:
    return Batch.objects.order_by("-id").values_list("journal_to", flat=True).first() or 0


_drains: dict[Path, Drain] = {}


def drain_of(data: Path) -> Drain:
    """The drain of a data directory, one a process."""
    if data not in _drains:
        _drains.setdefault(data, Drain(data, open_store()))
    return _drains[data]


def close_drain(data: Path) -> None:
    """Close what this process holds open of a data directory: its drain and its store. The next use opens them again."""
    if (drain := _drains.pop(data, None)) is not None:
        drain.close()
    close_store(data)
