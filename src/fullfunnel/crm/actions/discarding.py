"""Removing a deal for good, with everything that hangs on it: what showed something, and never was."""

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.crm.held import deal_now
from fullfunnel.crm.models import Activity, Deal, DealMove, DealPerson, HandOver, Task
from fullfunnel.people.models import Person
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.roles import By


@transaction.atomic
def discard_deal(deal: Deal, *, of: Person, by: By) -> Deal | Refused:
    """Remove a deal that is about one person alone, who is forgotten next: its events are theirs, and go with them.

    Without it the deal would stay, as that of a contact unknown (crm.retelling).
    """
    now = deal_now(deal, by=by)
    if isinstance(now, Refused):
        return now
    scope = {"workspace_id": now.workspace_id, "deal": now}
    others = DealPerson.objects.filter(**scope).exclude(person=of)
    if others.exists() or DealMove.objects.filter(**scope).exclude(about=of).exists():
        return Refused("Somebody else is on this deal: it stays.")
    HandOver.objects.filter(**scope).update(deal=None)
    for model in (Task, Activity, DealPerson, DealMove):
        model.objects.filter(**scope).delete()
    record_audit(now.workspace, "discard_deal", by=by, deal=now.public_id)
    now.delete()
    return now
