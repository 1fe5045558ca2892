"""Campaigns: made, changed, removed."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from fullfunnel.campaigns.models import Campaign, Status
from fullfunnel.campaigns.spend.platforms import PLATFORMS
from fullfunnel.campaigns.tags import plain_tag
from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS

MOST_TAGS, MOST_CAMPAIGNS = 100, 5_000


@dataclass(frozen=True)
class Plan:
    """What a campaign is: see models.Campaign. currency: "" the workspace's."""

    name: str
    channel: str
    source: str = ""
    medium: str = ""
    tags: tuple[str, ...] = ()
    platform: str = ""
    platform_id: str = ""
    budget: Decimal | None = None
    currency: str = ""
    first: date | None = None
    last: date | None = None
    owner: User | None = None
    status: str = Status.RUNNING


@transaction.atomic
def create_campaign(workspace: Workspace, *, plan: Plan, by: By) -> Campaign | Refused:
    """Make a campaign."""
    if refused := reason_not_to_act(by, workspace.pk, EDITORS) or wrong_plan(workspace, plan, None):
        return refused
    if Campaign.objects.filter(workspace=workspace).count() >= MOST_CAMPAIGNS:
        return Refused(f"A workspace has at most {number(MOST_CAMPAIGNS)} campaigns.")
    made = Campaign.objects.create(workspace=workspace, **_fields(plan, workspace))
    record_audit(workspace, "create_campaign", by=by, campaign=made.public_id, name=made.name)
    return made


@transaction.atomic
def edit_campaign(campaign: Campaign, *, plan: Plan, by: By) -> Campaign | Refused:
    """Change what a campaign is; spend that was matched by its old name or tags is matched anew."""
    refused = reason_not_to_act(by, campaign.workspace_id, EDITORS) or wrong_plan(campaign.workspace, plan, campaign)
    if refused:
        return refused
    Campaign.objects.filter(workspace_id=campaign.workspace_id, pk=campaign.pk).update(
        **_fields(plan, campaign.workspace)
    )
    record_audit(campaign.workspace, "edit_campaign", by=by, campaign=campaign.public_id, name=plan.name.strip())
    campaign.refresh_from_db()
    return campaign


@transaction.atomic
def remove_campaign(campaign: Campaign, *, by: By) -> Campaign | Refused:
    """Remove a campaign; its spend stays, and matches nothing."""
    if refused := reason_not_to_act(by, campaign.workspace_id, EDITORS):
        return refused
    removed, _ = Campaign.objects.filter(workspace_id=campaign.workspace_id, pk=campaign.pk).delete()
    if not removed:
        return Refused("This campaign was removed already.")
    record_audit(campaign.workspace, "remove_campaign", by=by, campaign=campaign.public_id, name=campaign.name)
    return campaign


def wrong_plan(workspace: Workspace, plan: Plan, campaign: Campaign | None) -> Refused | None:
    """Return the first thing in a plan that cannot be, with what would be right."""
    name, others = plan.name.strip(), Campaign.objects.filter(workspace=workspace)
    others = others.exclude(pk=campaign.pk) if campaign else others
    if not 0 < len(name) <= 200:
        return Refused("A campaign needs a name of at most 200 characters.", "name")
    if others.filter(name=name).exists():
        return Refused(f"There is a campaign called “{name}”; choose another name.", "name")
    if not 0 < len(plan.channel.strip()) <= 60:
        return Refused("A campaign needs a channel, such as Paid Search.", "channel")
    tags = _tags(plan)
    if len(tags) > MOST_TAGS or any(len(tag) > 200 for tag in tags):
        return Refused(f"A campaign has at most {MOST_TAGS} tags of at most 200 characters.", "tags")
    taken = {tag: one for one in others for tag in one.tags}
    if clash := next((tag for tag in tags if tag in taken), None):
        return Refused(
            f"The tag “{clash}” is that of “{taken[clash].name}”; each visit belongs to one campaign.", "tags"
        )
    if plan.platform and plan.platform not in PLATFORMS:
        return Refused(f"A platform is one of {', '.join(PLATFORMS)}.", "platform")
    return _wrong_detail(workspace, plan)


def _wrong_detail(workspace: Workspace, plan: Plan) -> Refused | None:
    if plan.budget is not None and not 0 <= plan.budget < Decimal(10) ** 12:
        return Refused("A budget is no less than 0.", "budget")
    if plan.currency and not re.fullmatch("[A-Z]{3}", plan.currency):
        return Refused("A currency is three letters like EUR.", "budget")
    if plan.first and plan.last and plan.last < plan.first:
        return Refused("A campaign ends on the day it begins, or later.", "last")
    if plan.status not in Status.values:
        return Refused(f"A status is one of {', '.join(Status.values)}.", "status")
    if max(map(len, (plan.source, plan.medium, plan.platform_id))) > 200:
        return Refused("Source, medium and id have at most 200 characters.", "source")
    members = Membership.objects.filter(workspace=workspace, user=plan.owner)
    return Refused("An owner is a member of this workspace.", "owner") if plan.owner and not members.exists() else None


def _tags(plan: Plan) -> list[str]:
    return list(dict.fromkeys(tag for each in plan.tags if (tag := plain_tag(each))))


def _fields(plan: Plan, workspace: Workspace) -> dict[str, object]:
    kept = vars(plan) | {"name": plan.name.strip(), "channel": plan.channel.strip(), "tags": _tags(plan)}
    kept |= {
        "source": plain_tag(plan.source),
        "medium": plain_tag(plan.medium),
        "platform_id": plan.platform_id.strip(),
    }
    return kept | {"currency": plan.currency or workspace.currency}
