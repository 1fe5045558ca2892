"""The campaigns of a workspace as matching sees them, and what each name in its spend belongs to."""

from fullfunnel.campaigns.models import Campaign, Spend, SpendName
from fullfunnel.campaigns.spend.matching import Known, Match, Name, match
from fullfunnel.workspaces.models import Workspace


def known_campaigns(workspace: Workspace) -> list[Known]:
    rows = Campaign.objects.filter(workspace=workspace).order_by("pk")
    return [Known(row.pk, row.name, row.platform, row.platform_id, tuple(row.tags)) for row in rows]


def said_of(workspace: Workspace) -> dict[tuple[str, str], int | None]:
    """Return what was said by hand: (platform, name) -> campaign, None for left out."""
    rows = SpendName.objects.filter(workspace=workspace).values_list("platform", "name", "campaign")
    return {(platform, name): campaign for platform, name, campaign in rows}


def matches_of(workspace: Workspace) -> dict[Name, Match]:
    """Return what each name in the spend that counts belongs to."""
    rows = Spend.objects.filter(workspace=workspace, replaced_by=None, report__undone_at=None)
    names = {Name(*row) for row in rows.values_list("platform", "campaign_id", "campaign_name").distinct()}
    campaigns, said = known_campaigns(workspace), said_of(workspace)
    return {name: match(name, campaigns, said) for name in sorted(names)}
