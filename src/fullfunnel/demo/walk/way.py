"""How far the walker has come: stages by the funnels' own fold over their journey, the rest by what sales works on."""

from dataclasses import dataclass, field
from datetime import datetime

from fullfunnel.crm.models import Deal, HandOver, HandOverMove, Outcome, StageKind, What
from fullfunnel.demo.walk.walker import Walker, person_of
from fullfunnel.people.models import Person
from fullfunnel.stages.rules.where import where_are
from fullfunnel.workspaces.models import Workspace

HANDED_OVER, ACCEPTED, OPPORTUNITY, CUSTOMER = "handed_over", "accepted", "opportunity", "customer"


@dataclass(frozen=True)
class Way:
    """Whoever walks, as of now. reached: stage -> when (aware); the rows are None where nothing of the kind is there yet."""

    person: Person | None = None
    reached: dict[str, datetime] = field(default_factory=dict)
    hand_over: HandOver | None = None
    deal: Deal | None = None

    @property
    def waits(self) -> bool:
        return self.hand_over is not None and self.hand_over.outcome == Outcome.WAITING


def way_of(walker: Walker, workspace: Workspace) -> Way:
    """Return where the walker stands in both funnels."""
    person = person_of(walker, workspace)
    if person is None:
        return Way()
    where = where_are(workspace, [person]).get(person.pk)
    reached = {step.stage: step.at for step in where.steps} if where else {}
    rows = HandOver.objects.filter(workspace=workspace, person=person).select_related("owner", "company", "person")
    hand_over = rows.order_by("-handed_over_at").first()
    deals = Deal.objects.filter(workspace=workspace, taken_back_at=None, people__person=person).select_related("stage")
    deal = deals.order_by("-opened_at").first()
    if hand_over:
        reached[HANDED_OVER] = hand_over.handed_over_at
        if accepted := _accepted(hand_over):
            reached[ACCEPTED] = accepted
    if deal:
        reached[OPPORTUNITY] = deal.opened_at
        if deal.state == StageKind.WON and deal.decided_at:
            reached[CUSTOMER] = deal.decided_at
    return Way(person, reached, hand_over, deal)


def _accepted(hand_over: HandOver) -> datetime | None:
    if hand_over.outcome != Outcome.ACCEPTED:
        return None
    moves = HandOverMove.objects.filter(workspace_id=hand_over.workspace_id, hand_over=hand_over, what=What.ACCEPTED)
    return moves.order_by("-at").values_list("at", flat=True).first()
