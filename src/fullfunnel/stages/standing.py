"""How people stand with sales: who is free to be handed over, and since when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from fullfunnel.crm.models import DealPerson, HandOver, Outcome, StageKind
from fullfunnel.workspaces.models import Workspace


@dataclass
class Standing:
    """is_free: sales has nothing to do with them, and has not said no. ended_at: when their latest hand-over was decided."""

    is_free: bool = True
    ended_at: datetime | None = None


def standing_of(workspace: Workspace, people: Collection[int]) -> dict[int, Standing]:
    """Return how each of these people (ids) stands. Who was recycled or aged out is free; who was rejected, or bought, is not."""
    found = {person: Standing() for person in people}
    rows = HandOver.objects.filter(workspace=workspace, person__in=people).order_by("handed_over_at", "pk")
    for person, outcome, ended in rows.values_list("person", "outcome", "decided_at"):
        is_over = outcome in (Outcome.RECYCLED, Outcome.AGED_OUT)
        found[person] = Standing(found[person].is_free and is_over, ended)
    deals = DealPerson.objects.filter(workspace=workspace, person__in=people, deal__taken_back_at=None)
    for person in deals.exclude(deal__state=StageKind.LOST).values_list("person", flat=True):
        found[person].is_free = False
    return found
