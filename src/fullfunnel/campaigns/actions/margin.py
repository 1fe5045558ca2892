"""The gross margin: ROI and payback rest on it."""

from decimal import Decimal

from django.db import transaction

from fullfunnel.campaigns.models import Margin
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import ADMINS


@transaction.atomic
def set_margin(workspace: Workspace, *, gross: Decimal, by: By) -> Margin | Refused:
    """Keep which share of revenue is left: 0.8 for 80 %."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    if not gross.is_finite() or not 0 < gross <= 1:
        return Refused("A gross margin is more than 0 and at most 100 %.", "gross")
    row, _ = Margin.objects.update_or_create(workspace=workspace, defaults={"gross": gross})
    record_audit(workspace, "set_margin", by=by, gross=str(gross))
    return row
