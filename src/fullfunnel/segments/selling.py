"""How a workspace sells, what it calls its pages, and who its own people are: what questions about stages need of it."""

from pkgutil import resolve_name

from django.conf import settings

from fullfunnel.journeys.datasets.dataset import Selling
from fullfunnel.journeys.stages.rule_set import RuleSet
from fullfunnel.journeys.stages.rules import FREE_MAIL
from fullfunnel.people.models import Company, CompanyDomain
from fullfunnel.workspaces.models import Membership, Workspace
from fullfunnel.workspaces.team.calendars import calendars_of


def selling_of(workspace: Workspace) -> Selling:
    """Return it as it is now. What rooms above keep, the wiring names."""
    pages, sellers = resolve_name(settings.PAGE_KINDS)(workspace), resolve_name(settings.SELLERS)(workspace)
    rules, stamp = resolve_name(settings.STAGE_RULES)(workspace)
    common = calendars_of(workspace).common
    spending = resolve_name(settings.SPENDING)(workspace)
    return Selling(
        workspace.sells,
        pages,
        own_addresses(workspace),
        rival_addresses(workspace),
        sellers,
        rules,
        stamp,
        common,
        spending,
    )


def rules_called(workspace: Workspace, number: int) -> RuleSet | None:
    """Return a version of the rules of the workspace's stages, or a draft; None: there is none of this number."""
    found: RuleSet | None = resolve_name(settings.STAGE_RULES_CALLED)(workspace, number)
    return found


def own_addresses(workspace: Workspace) -> tuple[str, ...]:
    """Return the members' addresses, and "@domain" for each domain of theirs that is no free mail."""
    emails = Membership.objects.filter(workspace=workspace).values_list("user__email", flat=True)
    addresses = {email.lower() for email in emails}
    domains = {f"@{address.rpartition('@')[2]}" for address in addresses}
    return tuple(sorted(addresses | {one for one in domains if not one.startswith(FREE_MAIL)}))


def rival_addresses(workspace: Workspace) -> tuple[str, ...]:
    """Return "@domain" for each domain of a competitor that is no free mail."""
    rivals = Company.objects.filter(workspace=workspace, is_competitor=True)
    verified = CompanyDomain.objects.filter(workspace=workspace, company__in=rivals, verified_at__isnull=False)
    found = {*rivals.exclude(domain="").values_list("domain", flat=True), *verified.values_list("domain", flat=True)}
    return tuple(sorted(one for one in (f"@{domain.lower()}" for domain in found) if not one.startswith(FREE_MAIL)))
