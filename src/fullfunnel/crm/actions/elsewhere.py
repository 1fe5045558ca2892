"""Taking over what another program keeps: from then on our actions change it, and that program's events do not."""

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.crm.models import Deal, HandOver
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS


@transaction.atomic
def take_over_hand_over(hand_over: HandOver, *, by: By) -> HandOver | Refused:
    """Keep a hand-over here from now on."""
    if refused := reason_not_to_act(by, hand_over.workspace_id, EDITORS):
        return refused
    mine = HandOver.objects.filter(workspace_id=hand_over.workspace_id, pk=hand_over.pk, is_kept_elsewhere=True)
    if mine.update(is_kept_elsewhere=False):
        record_audit(hand_over.workspace, "take_over_hand_over", by=by, hand_over=hand_over.public_id)
    hand_over.refresh_from_db()
    return hand_over


@transaction.atomic
def take_over_deal(deal: Deal, *, by: By) -> Deal | Refused:
    """Keep a deal here from now on, in its source's pipeline until it is moved into one of ours."""
    if refused := reason_not_to_act(by, deal.workspace_id, EDITORS):
        return refused
    mine = Deal.objects.filter(workspace_id=deal.workspace_id, pk=deal.pk, is_kept_elsewhere=True)
    if mine.update(is_kept_elsewhere=False):
        record_audit(deal.workspace, "take_over_deal", by=by, deal=deal.public_id)
    deal.refresh_from_db()
    return deal
