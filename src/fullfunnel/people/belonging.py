"""To which company an address belongs: by a verified domain, else asked; never by a name alone."""

from django.db.models import Q

from fullfunnel.people.actions.companies import add_company_domain, verify_company_domain
from fullfunnel.people.domains import domain_of_address
from fullfunnel.people.models import LISTED, Company, CompanyDomain, Person
from fullfunnel.workspaces.models import Membership

ENOUGH = 2
MOST_ASKED = 10


def company_of_address(workspace_id: int, address: str) -> Company | None:
    """Return the company whose verified domain the address has.

    A domain that a company only claims is verified here, once two of its identified people are seen to have it.
    """
    domain = domain_of_address(address, own_domains(workspace_id)).domain
    if domain is None:
        return None
    known = CompanyDomain.objects.filter(workspace_id=workspace_id, domain=domain, verified_at__isnull=False)
    if found := known.select_related("company").first():
        return found.company
    proven = [company for company in companies_to_ask_about(workspace_id, domain) if _is_proven(company, domain)]
    if len(proven) != 1:
        return None
    row = add_company_domain(proven[0], domain=domain, by=None)
    verified = verify_company_domain(row, by=None) if isinstance(row, CompanyDomain) else row
    return proven[0] if isinstance(verified, CompanyDomain) else None


def companies_to_ask_about(workspace_id: int, domain: str) -> list[Company]:
    """Return the companies that may have this domain: they claim it, or the stream calls them by it."""
    companies = Company.objects.filter(workspace_id=workspace_id)
    claiming = CompanyDomain.objects.filter(workspace_id=workspace_id, domain=domain).values("company")
    return list(companies.filter(Q(pk__in=claiming) | Q(domain=domain) | Q(key=domain)).order_by("pk")[:MOST_ASKED])


def own_domains(workspace_id: int) -> set[str]:
    """Return the domains of the members' addresses; a provider's is nobody's own."""
    addresses = Membership.objects.filter(workspace_id=workspace_id).values_list("user__email", flat=True)
    found = (domain_of_address(address).domain for address in addresses)
    return {domain for domain in found if domain}


def _is_proven(company: Company, domain: str) -> bool:
    people = Person.objects.filter(LISTED, workspace_id=company.workspace_id, company=company, is_identified=True)
    addresses = people.filter(email__iendswith=domain).values_list("email", flat=True)[: ENOUGH * 100]
    return sum(domain_of_address(address).domain == domain for address in addresses) >= ENOUGH
