"""Erasing a person for good: every row, every event, and a hash of each identifier so that a late event brings nobody back."""

import json
import logging
from contextlib import suppress

from django.db import connection, transaction
from django.db.models import Q

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.core.wiping import wipe_deleted
from fullfunnel.events.erasure import SURE_LENGTH, erase_waiting
from fullfunnel.events.models import Refusal
from fullfunnel.events.store import open_store
from fullfunnel.people import ledger
from fullfunnel.people.identifiers import Key, digest, keys_of, previous_of
from fullfunnel.people.models import Erasure, Identity, Person, Tombstone
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Membership, User

log = logging.getLogger("fullfunnel.people")


def forget_person(person: Person, *, by: User | Membership | None) -> int | Refused:
    """Erases somebody and whoever was merged with them, rows first, then the events; returns how many events went.

    Killed in between, or while somebody still reads the old files, finish_erasures does the rest: no answer knows the person any more.
    """
    workspace_id = person.workspace_id
    if person.is_contact_unknown:
        return Refused("This stands for a company of which nobody is known: there is no person to forget.")
    with transaction.atomic():
        _overwrite_what_is_deleted()
        ledger.lock(workspace_id)
        people = _everybody_merged_with(person)
        identities = list(Identity.objects.filter(workspace_id=workspace_id, person__in=people))
        if not people:
            return Refused("This person is not there any more.")
        keys = {(identity.kind, identity.value) for identity in identities}
        rows = [Tombstone(workspace_id=workspace_id, digest=digest(workspace_id, key)) for key in sorted(keys)]
        Tombstone.objects.bulk_create(rows, ignore_conflicts=True)
        _erase_refused(workspace_id, keys)
        # Their identities, consents, merges and proposals go with them.
        Person.objects.filter(workspace_id=workspace_id, pk__in=people).delete()
        ids = sorted(identity.pk for identity in identities)
        erasure = Erasure.objects.create(workspace_id=workspace_id, identities=ids, keys=sorted(keys))
        ledger.bump(workspace_id, moves=1, traits=1)
        record_audit(person.workspace, "forget_person", by=by, person=person.public_id)

    try:
        return finish(erasure)
    except TimeoutError:
        log.warning("erasure %d: its files are still read; the worker removes them", erasure.pk)
        return 0


def finish(erasure: Erasure) -> int:
    """Takes the events of an erasure out of the stream; repeated, it takes what is still there."""
    _overwrite_what_is_deleted()
    if keys := {(kind, value) for kind, value in erasure.keys}:
        # What comes later is dropped at the drain, by its tombstone, and emptied in the journal.
        erase_waiting(
            erasure.workspace_id,
            {value for _, value in keys},
            lambda arrival: not keys.isdisjoint((*keys_of(arrival), *previous_of(arrival))),
        )
        erasure.keys = []
        erasure.save(update_fields=["keys"])
    # Before the files: whoever reads those may hold us up.
    wipe_deleted()
    events = open_store().erase(erasure.identities)
    erasure.events += events
    erasure.done_at = clock.now()
    erasure.save(update_fields=["events", "done_at"])
    return events


def finish_erasures() -> bool:
    """For the worker: finishes what a crash interrupted, or a reader held up. Nothing is left to do afterwards."""
    for erasure in Erasure.objects.filter(done_at=None).order_by("id"):
        # Who reads for long is waited for again in a minute: the worker has other things to do.
        with suppress(TimeoutError):
            finish(erasure)
    return False


def _overwrite_what_is_deleted() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def _everybody_merged_with(person: Person) -> set[int]:
    """The ids of the person that lives and of everybody whom it took in, one after the other."""
    everyone = Person.objects.filter(workspace_id=person.workspace_id)
    root = everyone.filter(pk=person.pk).first()
    while root is not None and root.merged_into_id is not None:
        root = everyone.get(pk=root.merged_into_id)
    found: set[int] = set()
    fresh = {root.pk} if root is not None else set()
    while fresh:
        found |= fresh
        fresh = set(everyone.filter(merged_into__in=fresh).values_list("pk", flat=True)) - found
    return found


def _erase_refused(workspace_id: int, keys: set[Key]) -> None:
    """Deletes refused items that name them."""
    for _, value in keys:
        named = Q(item__contains=json.dumps(value)) | Q(item__contains=json.dumps(value, ensure_ascii=False))
        if len(value) >= SURE_LENGTH:
            named |= Q(item__icontains=value)
        Refusal.objects.filter(named, workspace_id=workspace_id).delete()
