"""What events does as time passes: drain the journal, keep the lake in shape, forget what the lake holds for a day."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from fullfunnel.core import clock
from fullfunnel.events.drain import drain_of
from fullfunnel.events.models import Batch, Cursor, Outbox, Refusal
from fullfunnel.events.reactions.filling import fill_some
from fullfunnel.events.store import open_store

KEPT = timedelta(hours=24)
REFUSALS_KEPT = timedelta(days=30)
# Of a workspace: who sends nothing but rubbish must not fill the disk with it.
MOST_REFUSALS = 10_000
PORTION = 500


def drain() -> bool:
    """One batch from the journal and the outbox into the lake; True when there may be more. Repeats what a crash cut short."""
    one = drain_of(Path(settings.DATA_DIR))
    one.make_ready()
    with one.store.changing(wait=False) as ours, _without_collector():
        return ours and one.step()


def drain_what_came() -> bool:
    """Drain one batch; True only if more was waiting than a batch takes. What came meanwhile is for the next tick.

    A small batch costs nearly as much as a large one: called at once, again and again, it would find a few events each time.
    """
    return drain() and drain_of(Path(settings.DATA_DIR)).is_behind


@contextmanager
def _without_collector() -> Iterator[None]:
    """A batch makes a hundred thousand objects and no cycles; looking for cycles meanwhile took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def compact() -> bool:
    """Keeps files few: merges the lake's, removes what nobody reads, rolls keys; True when there may be more."""
    from fullfunnel.events.store.lake import LakeStore
    from fullfunnel.events.store.upkeep import merge_some, remove_superseded

    one = drain_of(Path(settings.DATA_DIR))
    one.make_ready()
    with one.store.changing():
        one.memory.roll()
    if not isinstance(one.store, LakeStore):
        return False
    merged = merge_some(one.store)
    with one.store.changing():
        remove_superseded(one.store)
    return merged


def publish() -> bool:
    """Lets every process see in the journeys index what arrived; True when there may be more."""
    from fullfunnel.events.store import publishing
    from fullfunnel.events.store.lake import LakeStore

    store = open_store()
    return publishing.publish(store) if isinstance(store, LakeStore) else False


def fill_reactions() -> bool:
    """Reads some of the past for new reactions that begin at the beginning; True when there is more."""
    return fill_some(open_store())


def forget_journal() -> bool:
    """Deletes journal and outbox rows that the manifest has held for 24 hours, in small portions; True when there may be more."""
    one = drain_of(Path(settings.DATA_DIR))
    _forget_refusals()
    old = Batch.objects.filter(state=Batch.State.STORED, stored_at__lt=clock.now() - KEPT)
    newest = old.order_by("-pk").first()
    if newest is None:
        return False
    more = one.journal.forget(newest.journal_to, most=PORTION)
    Outbox.objects.filter(batch__in=old.filter(pk__lte=newest.pk)).delete()
    # The newest batch of all says where the journal goes on; a reaction that is behind still needs its batches.
    names = [name for name, _, _ in settings.ON_EVENT]
    told = Cursor.objects.filter(reaction__in=names).values_list("batch", flat=True)
    behind = min(told) if len(told) == len(names) else 0
    last = Batch.objects.order_by("-pk").values_list("pk", flat=True)[0]
    old.filter(pk__lte=behind).exclude(pk=last).delete()
    return more


def back_up() -> bool:
    """Makes the backup of the night when it is due."""
    from fullfunnel.events.backups.nightly import back_up_when_due

    back_up_when_due(Path(settings.DATA_DIR))
    return False


def _forget_refusals() -> None:
    """Deletes refusals that are old, and of each workspace all but the latest."""
    Refusal.objects.filter(received_at__lt=clock.now() - REFUSALS_KEPT).delete()
    for workspace_id in Refusal.objects.order_by().values_list("workspace_id", flat=True).distinct():
        mine = Refusal.objects.filter(workspace_id=workspace_id)
        last = mine.order_by("-pk").values_list("pk", flat=True)[MOST_REFUSALS : MOST_REFUSALS + 1].first()
        if last is not None:
            mine.filter(pk__lte=last).delete()
