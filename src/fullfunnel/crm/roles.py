"""Who has which part in a deal: written here, told by the action that asked for it."""

from datetime import datetime

from fullfunnel.core import clock
from fullfunnel.crm.models import Deal, DealPerson
from fullfunnel.people.models import Person

# What pages suggest; any other text is a role too.
SUGGESTED = ("Champion", "Decides", "Influencer", "Evaluator", "Finance", "Procurement", "User")


def add_role(deal: Deal, person: Person, role: str, at: datetime | None) -> DealPerson:
    """Write that somebody has a part in a deal."""
    return DealPerson.objects.create(
        workspace_id=deal.workspace_id, deal=deal, person=person, role=role, added_at=at or clock.now()
    )
