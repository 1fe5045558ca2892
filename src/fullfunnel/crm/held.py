"""Rows as they are now, for actions: who may change them, and whether another program keeps them."""

from datetime import datetime

from django.utils import timezone

from fullfunnel.core import moments
from fullfunnel.core.refused import Refused
from fullfunnel.crm.models import Deal, HandOver
from fullfunnel.people.models import Company
from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS
from fullfunnel.workspaces.sight import reason_not_to_change


def hand_over_now(hand_over: HandOver, *, by: By) -> HandOver | Refused:
    """Return the hand-over as it is now, held until the transaction ends; or why `by` cannot change it."""
    if refused := reason_not_to_act(by, hand_over.workspace_id, EDITORS):
        return refused
    rows = HandOver.objects.filter(workspace_id=hand_over.workspace_id, pk=hand_over.pk)
    related = rows.select_related("person", "company", "owner", "deal", "source")
    now = related.select_for_update(of=("self",)).first()
    if now is None:
        return Refused("This hand-over is not there any more: its person was erased.")
    return reason_kept_elsewhere(now) or reason_not_to_change(now, by=by) or now


def deal_now(deal: Deal, *, by: By) -> Deal | Refused:
    """Return the deal as it is now, held until the transaction ends; or why `by` cannot change it."""
    if refused := reason_not_to_act(by, deal.workspace_id, EDITORS):
        return refused
    rows = Deal.objects.filter(workspace_id=deal.workspace_id, pk=deal.pk)
    related = rows.select_related("company", "owner", "pipeline", "stage", "hand_over__person", "source")
    now = related.select_for_update(of=("self",)).first()
    if now is None or now.taken_back_at is not None:
        return Refused("This deal was taken back.")
    return reason_kept_elsewhere(now) or reason_not_to_change(now, by=by) or now


def reason_kept_elsewhere(row: HandOver | Deal) -> Refused | None:
    """Return why our actions cannot change a row that another program keeps."""
    if not row.is_kept_elsewhere:
        return None
    where = row.source.name if row.source else "another program"
    what = "deal" if isinstance(row, Deal) else "hand-over"
    return Refused(f"This {what} is kept in {where}: change it there, or take it over first.")


def reason_no_member(user: User | None, workspace_id: int) -> Refused | None:
    """Return why this user can own nothing here."""
    if user is None or Membership.objects.filter(workspace_id=workspace_id, user=user).exists():
        return None
    return Refused(f"{user} is no member of this workspace; choose one who is.", "owner")


def owner_of(company: Company | None) -> User | None:
    """Return who looks after a company, if they are still a member."""
    if company is None or company.owner is None or reason_no_member(company.owner, company.workspace_id):
        return None
    return company.owner


def when(moment: datetime, workspace: Workspace) -> str:
    """Return a moment as a sentence says it: "Monday, 30 November, 10:12"; on the workspace's clock, if nobody reads it."""
    with timezone.override(workspace.timezone):
        return moments.long_when(moment)
