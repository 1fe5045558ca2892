"""People and companies, for programs: docs/api.md."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Query, Router, Schema
from pydantic import Field

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.core.rest import MOST_ITEMS, PAGE, Body, Problem, Results, do_many, done, found, page_of
from fullfunnel.people import actions
from fullfunnel.people.companies import company_key, upsert_companies
from fullfunnel.people.identifiers import EMAIL, USER
from fullfunnel.people.models import LISTED, Company, CompanyKind, Person
from fullfunnel.people.naming import company_named, person_named
from fullfunnel.workspaces.rest import ActsAs, TookPlace, acting, operation, owner_named, told_of
from fullfunnel.workspaces.scope import KeyRequest

router = Router(tags=["People and companies"])
READ, WRITE = "crm:read", "crm:write"
Traits = dict[str, str | int | float | bool | None]


class PersonNamed(Body):
    """One of the three."""

    id: str = ""
    user_id: str = ""
    email: str = ""


class CompanyNamed(Body):
    """One of the two. The key is what the outside world calls the company (Segment's groupId)."""

    id: str = ""
    key: str = ""


class CompanyOut(Schema):
    id: str
    key: str
    name: str
    kind: str
    is_competitor: bool
    owner: str | None
    domains: list[str]
    traits: dict[str, Any]
    created_at: datetime


class PersonOut(Schema):
    id: str
    name: str
    email: str
    is_identified: bool
    company: str | None = Field(description="The company's id.")
    traits: dict[str, Any]
    created_at: datetime
    first_seen_at: datetime | None
    last_seen_at: datetime | None


class PeoplePage(Schema):
    items: list[PersonOut]
    next: str


class CompaniesPage(Schema):
    items: list[CompanyOut]
    next: str


class PeopleFilter(Body):
    email: str = ""
    user_id: str = ""
    company: str = Field("", description="A company's id.")
    is_identified: bool | None = None
    cursor: str = ""
    limit: int = PAGE


class CompaniesFilter(Body):
    key: str = ""
    domain: str = ""
    owner: str = Field("", description="An e-mail address.")
    cursor: str = ""
    limit: int = PAGE


class NewPerson(Body):
    """Whoever has these identifiers is found or made; traits are said of them."""

    user_id: str = ""
    email: str = ""
    traits: Traits = {}
    company: CompanyNamed | None = None
    by: ActsAs = ""
    at: TookPlace = None


class NewCompany(Body):
    """With a key: found by it or made. Without one: made."""

    name: str
    key: str = ""
    kind: CompanyKind = CompanyKind.COMPANY
    domain: str = ""
    by: ActsAs = ""


class CompanyChanges(Body):
    name: str | None = None
    kind: CompanyKind | None = None
    is_competitor: bool | None = None
    owner: str | None = Field(None, description="An e-mail address; empty: nobody.")
    by: ActsAs = ""


class NewPeople(Body):
    items: Annotated[list[NewPerson], Field(min_length=1, max_length=MOST_ITEMS)]


class NewCompanies(Body):
    items: Annotated[list[NewCompany], Field(min_length=1, max_length=MOST_ITEMS)]


@operation(router, "GET", "/people", scope=READ, name="people")
def people(request: KeyRequest, asked: Query[PeopleFilter]) -> PeoplePage:
    """List people, oldest first."""
    rows = Person.objects.filter(LISTED, workspace=request.workspace)
    if asked.email or asked.user_id:
        person = person_named(request.workspace.pk, user_id=asked.user_id, email=asked.email)
        rows = rows.none() if isinstance(person, Refused) else rows.filter(pk=person.pk)
    if asked.company:
        rows = rows.filter(company=done(company_named(request.workspace.pk, id=asked.company)))
    if asked.is_identified is not None:
        rows = rows.filter(is_identified=asked.is_identified)
    page, following = page_of(rows, cursor=asked.cursor, limit=asked.limit)
    return PeoplePage(items=[person_out(person) for person in page], next=following)


@operation(router, "GET", "/people/{person_id}", scope=READ, name="person")
def person(request: KeyRequest, person_id: str) -> PersonOut:
    """Return a person; of somebody merged, who they are now."""
    row = Person.objects.filter(workspace=request.workspace, public_id=person_id, is_contact_unknown=False).first()
    return person_out(found(row, "person").living())


@operation(router, "POST", "/people", scope=WRITE, name="identify-person")
def identify_person(request: KeyRequest, body: NewPerson) -> PersonOut:
    """Find or make a person, and say traits of them."""
    return person_out(identify(request, body))


@operation(router, "POST", "/people/bulk", scope=WRITE, name="identify-people")
def identify_people(request: KeyRequest, body: NewPeople) -> Results:
    """Find or make up to 100 people."""
    return do_many(body.items, lambda item: identify(request, item).public_id)


@operation(router, "GET", "/companies", scope=READ, name="companies")
def companies(request: KeyRequest, asked: Query[CompaniesFilter]) -> CompaniesPage:
    """List companies, oldest first."""
    rows = companies_of(request)
    if asked.key:
        rows = rows.filter(key=asked.key)
    if asked.domain:
        rows = rows.filter(domains__domain=asked.domain.lower())
    if asked.owner:
        rows = rows.filter(owner=owner_named(request.workspace, asked.owner))
    page, following = page_of(rows, cursor=asked.cursor, limit=asked.limit)
    return CompaniesPage(items=[company_out(company) for company in page], next=following)


@operation(router, "GET", "/companies/{company_id}", scope=READ, name="company")
def company(request: KeyRequest, company_id: str) -> CompanyOut:
    """Return a company."""
    return company_out(_company(request, company_id))


@operation(router, "POST", "/companies", scope=WRITE, name="create-company")
def create_company(request: KeyRequest, body: NewCompany) -> CompanyOut:
    """Make a company, or describe the one with this key."""
    return company_out(make_company(request, body))


@operation(router, "POST", "/companies/bulk", scope=WRITE, name="create-companies")
def create_companies(request: KeyRequest, body: NewCompanies) -> Results:
    """Make or describe up to 100 companies."""
    return do_many(body.items, lambda item: str(make_company(request, item).pk))


@operation(router, "PATCH", "/companies/{company_id}", scope=WRITE, name="change-company")
def change_company(request: KeyRequest, company_id: str, body: CompanyChanges) -> CompanyOut:
    """Change what is named; the rest stays."""
    row, by = _company(request, company_id), acting(request.workspace, body.by)
    name = row.name or row.key if body.name is None else body.name
    kind = row.kind if body.kind is None else body.kind
    competes = row.is_competitor if body.is_competitor is None else body.is_competitor
    done(actions.change_company(row, name=name, kind=kind, is_competitor=competes, by=by))
    if body.owner is not None:
        done(actions.assign_company(row, owner=owner_named(request.workspace, body.owner), by=by))
    return company_out(_company(request, company_id))


def identify(request: KeyRequest, body: NewPerson) -> Person:
    keys = [(kind, value) for kind, value in ((USER, body.user_id), (EMAIL, body.email)) if value]
    by, at = acting(request.workspace, body.by), told_of(request, body.at)
    moment = clock.to_us(at) if at else None
    traits = body.traits | ({"email": body.email} if body.email else {})
    person = done(actions.identify_person(request.workspace, identifiers=keys, traits=traits, by=by, at=moment))
    if body.company is not None:
        company = done(company_named(request.workspace.pk, id=body.company.id, key=body.company.key))
        person = done(actions.link_company(person, company=company, by=by))
    return person


def make_company(request: KeyRequest, body: NewCompany) -> Company:
    by = acting(request.workspace, body.by)
    if not body.key:
        made = actions.create_company(request.workspace, name=body.name, kind=body.kind, domain=body.domain, by=by)
        return done(made)
    if (key := company_key(body.key)) is None:
        raise Problem(Refused("A company's key has between 1 and 200 characters.", "key"))
    row = Company.objects.get(pk=upsert_companies(request.workspace.pk, [key])[key])
    done(actions.change_company(row, name=body.name, kind=body.kind, is_competitor=row.is_competitor, by=by))
    if body.domain:
        done(actions.add_company_domain(row, domain=body.domain, by=by))
    return _company(request, str(row.pk))


def companies_of(request: KeyRequest) -> QuerySet[Company]:
    rows = Company.objects.filter(workspace=request.workspace)
    return rows.select_related("owner").prefetch_related("domains")


def person_out(row: Person) -> PersonOut:
    return PersonOut(
        id=row.public_id, name=row.name, email=row.email, is_identified=row.is_identified, traits=row.traits,
        company=str(row.company_id) if row.company_id else None, created_at=row.created_at,
        first_seen_at=row.first_seen_at, last_seen_at=row.last_seen_at,
    )  # fmt: skip


def company_out(row: Company) -> CompanyOut:
    return CompanyOut(
        id=str(row.pk), key=row.key, name=row.name, kind=row.kind, is_competitor=row.is_competitor,
        owner=row.owner.email if row.owner else None, domains=sorted(each.domain for each in row.domains.all()),
        traits=row.traits, created_at=row.created_at,
    )  # fmt: skip


def _company(request: KeyRequest, company_id: str) -> Company:
    known = company_named(request.workspace.pk, id=company_id)
    row = None if isinstance(known, Refused) else companies_of(request).filter(pk=known.pk).first()
    return found(row, "company")
