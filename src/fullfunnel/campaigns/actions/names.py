"""What names in reports belong to, said by hand and remembered."""

from django.db import transaction

from fullfunnel.campaigns.models import Campaign, SpendName
from fullfunnel.campaigns.spend.matching import Name
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS


@transaction.atomic
def match_name(campaign: Campaign, *, name: Name, by: By) -> SpendName | Refused:
    """Say that a name in reports is this campaign, now and in what comes."""
    return _say(campaign.workspace, name, campaign, "match_name", by)


@transaction.atomic
def leave_out_name(workspace: Workspace, *, name: Name, by: By) -> SpendName | Refused:
    """Say that a name in reports belongs to no campaign here; its spend counts nowhere."""
    return _say(workspace, name, None, "leave_out_name", by)


@transaction.atomic
def release_name(row: SpendName, *, by: By) -> SpendName | Refused:
    """Take back what was said of a name."""
    if refused := reason_not_to_act(by, row.workspace_id, EDITORS):
        return refused
    removed, _ = SpendName.objects.filter(workspace_id=row.workspace_id, pk=row.pk).delete()
    if not removed:
        return Refused("This was taken back already.")
    record_audit(row.workspace, "release_name", by=by, name=row.name)
    return row


def _say(workspace: Workspace, name: Name, campaign: Campaign | None, verb: str, by: By) -> SpendName | Refused:
    if refused := reason_not_to_act(by, workspace.pk, EDITORS):
        return refused
    if not 0 < len(name.key) <= 300:
        return Refused("Spend without a name cannot be matched; its platform is all that is known.")
    row, _ = SpendName.objects.update_or_create(
        workspace=workspace, platform=name.platform, name=name.key, defaults={"campaign": campaign}
    )
    record_audit(workspace, verb, by=by, name=name.key, campaign=campaign.public_id if campaign else "")
    return row
