"""Who has a part in a deal. Parts are events, for a deal's journey is what its people did."""

from datetime import datetime

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.crm.held import deal_now
from fullfunnel.crm.models import Deal, DealPerson
from fullfunnel.crm.roles import add_role
from fullfunnel.crm.telling import moment_of, tell_deal
from fullfunnel.events.names import DEAL_CONTACT_ADDED, DEAL_CONTACT_REMOVED
from fullfunnel.people.living import living_or_refused
from fullfunnel.people.models import Person
from fullfunnel.workspaces.roles import By

MAX_ROLE = 100


@transaction.atomic
def add_person_to_deal(
    deal: Deal, *, person: Person, by: By, role: str = "", at: datetime | None = None
) -> DealPerson | Refused:
    """Give somebody a part in a deal, or another role to somebody who has one."""
    now = deal_now(deal, by=by)
    if isinstance(now, Refused):
        return now
    role = role.strip()
    if len(role) > MAX_ROLE:
        return Refused(f"A role has at most {MAX_ROLE} characters.", "role")
    living = living_or_refused(person)
    if isinstance(living, Refused):
        return living
    if living.workspace_id != now.workspace_id or living.is_contact_unknown:
        return Refused("That is no person of this workspace.", "person")
    known = now.people.filter(person=living).first()
    if known is not None and known.role == role:
        return known
    row = known or add_role(now, living, role, at)
    if known is not None:
        row.role = role
        row.save(update_fields=["role"])
    tell_deal(now, DEAL_CONTACT_ADDED, by=by, about=living, at=moment_of(at), more={"role": role})
    return row


@transaction.atomic
def remove_person_from_deal(deal: Deal, *, person: Person, by: By, at: datetime | None = None) -> Deal | Refused:
    """Take somebody's part in a deal away; who has none stays without."""
    now = deal_now(deal, by=by)
    if isinstance(now, Refused):
        return now
    living = living_or_refused(person)
    if isinstance(living, Refused):
        return living
    gone, _ = now.people.filter(person=living).delete()
    if gone:
        tell_deal(now, DEAL_CONTACT_REMOVED, by=by, about=living, at=moment_of(at))
    return now
