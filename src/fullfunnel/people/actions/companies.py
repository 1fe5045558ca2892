"""What may be done with a company: made by hand, described, given an owner and domains."""

from django.db import IntegrityError, transaction

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.core.refused import Refused
from fullfunnel.people import ledger
from fullfunnel.people.domains import domains_of_websites, is_free_mail, registrable, shown_domain
from fullfunnel.people.models import Company, CompanyDomain, CompanyKind
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import EDITORS
from fullfunnel.workspaces.sight import maker, reason_not_to_change

MAX_NAME = 300


@transaction.atomic
def create_company(
    workspace: Workspace, *, name: str, kind: str = CompanyKind.COMPANY, domain: str = "", by: By
) -> Company | Refused:
    """Make a company of which the stream has not heard; a domain given is confirmed by whoever gives it."""
    refused = reason_not_to_act(by, workspace.pk, EDITORS) or wrong_company(name, kind)
    if refused:
        return refused
    company = Company.objects.create(
        workspace=workspace, key=new_public_id(), kind=kind, name=name.strip(), owner=maker(Company, by=by)
    )
    # The name follows from the traits (companies._write), so it stands there too.
    company.traits = {"name": company.name}
    company.save(update_fields=["traits"])
    if domain:
        added = add_company_domain(company, domain=domain, by=by)
        if isinstance(added, Refused):
            transaction.set_rollback(True)
            return added
    ledger.bump(workspace.pk, traits=1)
    record_audit(workspace, "create_company", by=by, company=company.pk)
    return company


def wrong_company(name: str, kind: str) -> Refused | None:
    """Return why no company can be called so, or be of that kind."""
    if not 0 < len(name.strip()) <= MAX_NAME:
        return Refused(f"A company's name has between 1 and {MAX_NAME} characters.", "name")
    if kind not in CompanyKind.values:
        return Refused(f"'{kind}' is not one of {', '.join(CompanyKind.values)}.", "kind")
    return None


@transaction.atomic
def change_company(company: Company, *, name: str, kind: str, is_competitor: bool = False, by: By) -> Company | Refused:
    """Change name, kind, and whether it is a competitor."""
    refused = reason_not_to_act(by, company.workspace_id, EDITORS) or wrong_company(name, kind)
    if refused := refused or reason_not_to_change(company, by=by):
        return refused
    company.refresh_from_db()
    before = {"name": company.name, "kind": company.kind, "is_competitor": company.is_competitor}
    new = {"name": name.strip(), "kind": kind, "is_competitor": is_competitor}
    if before != new:
        company.name, company.kind, company.is_competitor = name.strip(), kind, is_competitor
        company.traits["name"] = company.name
        if "name" not in company.vouched_traits:
            company.vouched_traits.append("name")
        company.save(update_fields=[*new, "traits", "vouched_traits"])
        ledger.bump(company.workspace_id, traits=1)
        record_audit(company.workspace, "change_company", by=by, company=company.pk, changed=sorted(new))
    return company


@transaction.atomic
def assign_company(company: Company, *, owner: User | None, by: By) -> Company | Refused:
    """Say which member looks after the company; None: nobody."""
    if refused := reason_not_to_act(by, company.workspace_id, EDITORS) or reason_not_to_change(company, by=by):
        return refused
    if owner and not Membership.objects.filter(workspace_id=company.workspace_id, user=owner).exists():
        return Refused(f"{owner} is no member of this workspace; choose one who is.", "owner")
    changed = Company.objects.filter(workspace_id=company.workspace_id, pk=company.pk).exclude(owner=owner)
    if owner is None:
        changed = Company.objects.filter(workspace_id=company.workspace_id, pk=company.pk, owner__isnull=False)
    if changed.update(owner=owner):
        told = {"company": company.pk, "owner": owner.public_id if owner else None}
        record_audit(company.workspace, "assign_company", by=by, **told)
    company.refresh_from_db(fields=["owner"])
    return company


@transaction.atomic
def add_company_domain(company: Company, *, domain: str, by: By) -> CompanyDomain | Refused:
    """Give a company a domain of its mail. A member who does so confirms it; the program (None) only notes it."""
    if refused := reason_not_to_act(by, company.workspace_id, EDITORS) or reason_not_to_change(company, by=by):
        return refused
    found = next(iter(domains_of_websites(domain)), "")
    if not found:
        return _no_domain(domain)
    domains = CompanyDomain.objects.filter(workspace_id=company.workspace_id)
    row, is_new = domains.get_or_create(workspace_id=company.workspace_id, company=company, domain=found)
    verified = verify_company_domain(row, by=by) if user_of(by) else row
    if is_new and isinstance(verified, Refused):
        row.delete()
    return verified


def _no_domain(text: str) -> Refused:
    if is_free_mail(registrable(text.strip().lower())):
        return Refused(f"Anybody may have an address at {text.strip()}: it says nothing of a company.", "domain")
    return Refused(f"'{text[:100]}' is no domain of a firm; write one like acme.com.", "domain")


@transaction.atomic
def verify_company_domain(domain: CompanyDomain, *, by: By) -> CompanyDomain | Refused:
    """Confirm that whoever writes from this domain belongs to its company."""
    if refused := reason_not_to_act(by, domain.workspace_id, EDITORS) or reason_not_to_change(domain.company, by=by):
        return refused
    if domain.verified_at is not None:
        return domain
    try:
        with transaction.atomic():
            domain.verified_at, domain.verified_by = clock.now(), user_of(by)
            domain.save(update_fields=["verified_at", "verified_by"])
    except IntegrityError:
        others = CompanyDomain.objects.filter(
            workspace_id=domain.workspace_id, domain=domain.domain, verified_at__isnull=False
        )
        other = others.select_related("company").get()
        domain.refresh_from_db()
        return Refused(
            f"{shown_domain(domain.domain)} belongs to {other.company} already; take it away there.", "domain"
        )
    told = {"company": domain.company_id, "domain": domain.domain}
    record_audit(domain.company.workspace, "verify_company_domain", by=by, **told)
    return domain


@transaction.atomic
def remove_company_domain(domain: CompanyDomain, *, by: By) -> CompanyDomain | Refused:
    """Take a domain away from its company. Who was linked by it stays linked."""
    if refused := reason_not_to_act(by, domain.workspace_id, EDITORS) or reason_not_to_change(domain.company, by=by):
        return refused
    CompanyDomain.objects.filter(workspace_id=domain.workspace_id, pk=domain.pk).delete()
    told = {"company": domain.company_id, "domain": domain.domain}
    record_audit(domain.company.workspace, "remove_company_domain", by=by, **told)
    return domain
