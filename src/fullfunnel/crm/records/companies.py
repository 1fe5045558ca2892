"""What the list of companies and the page of one show."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from fullfunnel.core import numbers
from fullfunnel.core.csv_cells import MARKER, MARKER_VALUE
from fullfunnel.core.pages.files import moment_cell
from fullfunnel.core.sql import checked
from fullfunnel.crm.models import Deal, StageKind
from fullfunnel.crm.models.deals import LISTED as LISTED_DEALS
from fullfunnel.crm.reading import activities_of, deals_at, deals_of_company, hand_overs_at
from fullfunnel.crm.records.knowing import who_knows_whom
from fullfunnel.people.domains import shown_domain
from fullfunnel.people.models import LISTED, Company, CompanyDomain, CompanyKind, Person
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.sight import visible

MINE, NOBODY = "mine", "nobody"
MOST_PEOPLE, MOST_ROWS, TOGETHER = 50, 20, 500
HEADER = (
    "id", "key", "name", "kind", "competitor", "owner", "domains", "people", "last_seen", "open_deals", "open_amounts",
    "known_since", MARKER,
)  # fmt: skip


@dataclass(frozen=True)
class Sums:
    """How many deals, and what they add up to, each currency for itself."""

    count: int = 0
    amounts: tuple[tuple[str, Decimal], ...] = ()

    @property
    def words(self) -> str:
        return " + ".join(numbers.money(amount, currency) for currency, amount in self.amounts)


@dataclass(frozen=True)
class CompanyRow:
    """A company as a row of the list. domains: as they are shown, the confirmed ones first."""

    company: Company
    domains: Sequence[str] = field(default_factory=tuple)
    people: int = 0
    last_seen: datetime | None = None
    open: Sums = Sums()

    @property
    def pk(self) -> int:
        return self.company.pk


def companies_of(workspace: Workspace, *, words: str, kind: str, owner: str, me: str) -> QuerySet[Company]:
    """Return the companies whose name or domain holds `words`; owner: MINE, NOBODY, a user's public id, or "" for all."""
    rows = visible(Company.objects.filter(workspace=workspace)).select_related("owner")
    if words:
        domains = CompanyDomain.objects.filter(workspace=workspace, domain__icontains=words).values("company")
        named = Q(name__icontains=words) | Q(name="", key__icontains=words)
        rows = rows.filter(named | Q(domain__icontains=words) | Q(pk__in=domains))
    if kind in CompanyKind.values:
        rows = rows.filter(kind=kind)
    if owner == NOBODY:
        return rows.filter(owner=None)
    return rows.filter(owner__public_id=me if owner == MINE else owner) if owner else rows


def rows_of(workspace: Workspace, companies: Sequence[Company]) -> list[CompanyRow]:
    """Return these companies with what the list says of each, by one query a column."""
    people = visible(Person.objects.filter(LISTED, workspace=workspace, company__in=companies)).order_by()
    counted = {
        row[0]: (row[1], row[2]) for row in people.values_list("company").annotate(Count("pk"), Max("last_seen_at"))
    }
    domains = domains_of(workspace, companies)
    deals = visible(Deal.objects.filter(LISTED_DEALS, checked("workspace", workspace.pk), company__in=companies))
    sums = sums_by(deals.filter(state=StageKind.OPEN), "company")
    found = []
    for each in companies:
        count, last_seen = counted.get(each.pk, (0, None))
        found.append(CompanyRow(each, domains[each.pk], count, last_seen, sums.get(each.pk, Sums())))
    return found


def domains_of(workspace: Workspace, companies: Sequence[Company]) -> dict[int, list[str]]:
    """Return the domains of each company by its id: those of its mail, else what the stream says of its site."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = CompanyDomain.objects.filter(workspace=workspace, company__in=companies)
    for row in rows.order_by("company", "added_at", "pk"):
        found[row.company_id].append(shown_domain(row.domain))
    for each in companies:
        if each.domain and not found[each.pk]:
            found[each.pk].append(shown_domain(each.domain))
    return found


def sums_by(deals: QuerySet[Deal], by: str) -> dict[Any, Sums]:
    """Return counts and amounts of deals by a column of theirs; amounts of different currencies are not added."""
    counts: dict[Any, int] = defaultdict(int)
    amounts: dict[Any, list[tuple[str, Decimal]]] = defaultdict(list)
    rows = deals.order_by().values_list(by, "currency").annotate(Count("pk"), Sum("amount"))
    for key, currency, count, amount in rows.order_by(by, "currency"):
        counts[key] += count
        if amount is not None:
            amounts[key].append((currency, amount))
    return {key: Sums(count, tuple(amounts[key])) for key, count in counts.items()}


def csv_rows(workspace: Workspace, companies: Iterable[Company]) -> Iterator[list[str]]:
    """Yield the cells of each company as HEADER names them."""
    rest = iter(companies)
    while some := list(islice(rest, TOGETHER)):
        for row in rows_of(workspace, some):
            yield [
                str(row.pk), row.company.key, str(row.company), row.company.kind,
                "yes" if row.company.is_competitor else "", str(row.company.owner or ""), " ".join(row.domains),
                str(row.people), moment_cell(row.last_seen), str(row.open.count), row.open.words,
                moment_cell(row.company.created_at), MARKER_VALUE,
            ]  # fmt: skip


def record_of(company: Company) -> dict[str, Any]:
    """Return what the page of a company shows."""
    deals = deals_of_company(company).select_related("stage", "owner", "lost_reason")
    people = visible(Person.objects.filter(LISTED, workspace_id=company.workspace_id, company=company))
    sums = sums_by(deals_at(company), "state")
    open_deals = list(deals.filter(state=StageKind.OPEN)[:MOST_ROWS])
    count = people.count()
    return {
        "company": company,
        "lead": lead_of(open_deals, sums.get(StageKind.OPEN, Sums())),
        "people": people.order_by("-last_seen_at", "-pk")[:MOST_PEOPLE],
        "people_count": count,
        "open_deals": open_deals,
        "decided_deals": deals.exclude(state=StageKind.OPEN).order_by("-decided_at", "-pk")[:MOST_ROWS],
        "sums": {state: sums.get(state, Sums()) for state in StageKind.values},
        "hand_overs": hand_overs_at(company).select_related("person", "owner")[:MOST_ROWS],
        "activities": activities_of(company).select_related("person", "deal", "by")[:MOST_ROWS],
        "knowing": who_knows_whom(company),
        "domains": [(row, shown_domain(row.domain)) for row in company.domains.order_by("added_at", "pk")],
    }


def lead_of(deals: Sequence[Deal], sums: Sums) -> str:
    """Return what the page says first: "One open deal, €19,200.00, in Proposal."."""
    if not deals:
        return "No open deal."
    amount = f", {sums.words}" if sums.words else ""
    if sums.count == 1:
        return f"One open deal{amount}, in {deals[0].stage.name}."
    return f"{numbers.number(sums.count)} open deals{amount}."
