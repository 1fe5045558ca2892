"""Giving a deal what it lacks, and moving it on, in one act."""

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.crm.actions.contacts import add_person_to_deal
from fullfunnel.crm.actions.moving import assign_deal, change_deal, move_deal
from fullfunnel.crm.models import Deal, PipelineStage
from fullfunnel.crm.said import Supplied
from fullfunnel.workspaces.roles import By


@transaction.atomic
def supply_deal(deal: Deal, *, to: PipelineStage, supplied: Supplied, by: By) -> Deal | Refused:
    """Give a deal what it lacked and move it on; all of it, or nothing where any part is refused."""
    done: object = deal
    if supplied.changes:
        done = change_deal(deal, changes=supplied.changes, by=by)
    if supplied.owner is not None and not isinstance(done, Refused):
        done = assign_deal(deal, owner=supplied.owner, by=by)
    for person, role in supplied.people:
        if not isinstance(done, Refused):
            done = add_person_to_deal(deal, person=person, role=role, by=by)
    moved = done if isinstance(done, Refused) else move_deal(deal, to=to, by=by)
    if isinstance(moved, Refused):
        transaction.set_rollback(True)
    return moved
