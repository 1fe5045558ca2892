"""Erasing a person for good: every row, every event, and a hash of each identifier so that a late event brings nobody back."""

import json
import logging
from contextlib import suppress

from django.db import connection, transaction
from django.db.models import Q

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.core.sql import forget_deleted
from fullfunnel.core.wal import truncate_wal
from fullfunnel.events.erasure import SURE_LENGTH, erase_waiting
from fullfunnel.events.models import Refusal
from fullfunnel.events.store import open_store
from fullfunnel.people import ledger
from fullfunnel.people.following import erase_rows, everybody_merged_with
from fullfunnel.people.identifiers import Key, digest, keys_of, previous_of
from fullfunnel.people.models import Erasure, Identity, Person, Tombstone
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.roles import By

NOBODY = "This stands for a company of which nobody is known: there is no person to forget."
log = logging.getLogger("fullfunnel.people")


def forget_person(person: Person, *, by: By) -> Erasure | Refused:
    """Erase somebody and whoever was merged with them, rows first, then the events; done_at is empty where files are still read.

    Killed in between, or while somebody still reads the old files, finish_erasures does the rest: no answer knows the person any more.
    """
    workspace_id = person.workspace_id
    if person.is_contact_unknown:
        return Refused(NOBODY)
    with transaction.atomic():
        _overwrite_what_is_deleted()
        ledger.lock(workspace_id)
        people = everybody_merged_with(person)
        identities = list(Identity.objects.filter(workspace_id=workspace_id, person__in=people))
        if not people:
            return Refused("This person is not there any more.")
        keys = {(identity.kind, identity.value) for identity in identities}
        rows = [Tombstone(workspace_id=workspace_id, digest=digest(workspace_id, key)) for key in sorted(keys)]
        Tombstone.objects.bulk_create(rows, ignore_conflicts=True)
        _erase_refused(workspace_id, keys)
        erase_rows(people)
        # Their identities, consents, merges and proposals go with them.
        Person.objects.filter(workspace_id=workspace_id, pk__in=people).delete()
        ids = sorted(identity.pk for identity in identities)
        erasure = Erasure.objects.create(workspace_id=workspace_id, identities=ids, keys=sorted(keys))
        ledger.bump(workspace_id, moves=1, traits=1)
        record_audit(person.workspace, "forget_person", by=by, person=person.public_id)

    try:
        _finish(erasure)
    except TimeoutError:
        log.warning("erasure %d: its files are still read; the worker removes them", erasure.pk)
    return erasure


def _finish(erasure: Erasure) -> None:
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
    forget_deleted(Person, "search_text")
    # Before the files: whoever reads those may hold us up.
    truncate_wal()
    erasure.events += open_store().erase(erasure.identities)
    erasure.done_at = clock.now()
    erasure.save(update_fields=["events", "done_at"])


def finish_erasures() -> bool:
    """For the worker: finishes what a crash interrupted, or a reader held up. Nothing is left to do afterwards."""
    for erasure in Erasure.objects.filter(done_at=None).order_by("id"):
        # Who reads for long is waited for again in a minute: the worker has other things to do.
        with suppress(TimeoutError):
            _finish(erasure)
    return False


def _overwrite_what_is_deleted() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def _erase_refused(workspace_id: int, keys: set[Key]) -> None:
    """Deletes refused items that name them."""
    for _, value in keys:
        named = Q(item__contains=json.dumps(value)) | Q(item__contains=json.dumps(value, ensure_ascii=False))
        if len(value) >= SURE_LENGTH:
            named |= Q(item__icontains=value)
        Refusal.objects.filter(named, workspace_id=workspace_id).delete()
