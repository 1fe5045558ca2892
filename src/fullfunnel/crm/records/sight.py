"""Whose rows are whose (docs/who-sees-what.md): each function returns what is these users' own, as a condition for SQL.

Leads of the pool are everybody's, with the people and companies that they name: whoever is first takes them.
Careful: every part begins at an index that has the owner, so that a few rows are looked up and nothing is walked.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from fullfunnel.core.pages.counts import count_up_to
from fullfunnel.crm.models import Deal, DealPerson, HandOver, HandOverJoin, Outcome, Task
from fullfunnel.crm.models.deals import LISTED
from fullfunnel.people.models import LISTED as LISTED_PEOPLE
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.sight import visible
from fullfunnel.workspaces.sight.shown import Seen

Ids = Sequence[int]
COUNTED = 100_000


def _leads(workspace_id: int, owners: Ids) -> tuple[QuerySet[HandOver], QuerySet[HandOver]]:
    """The leads given to these users, and those in the pool."""
    # All outcomes are named, for the index hand_over_owner begins with them.
    mine = HandOver.objects.filter(workspace_id=workspace_id, outcome__in=Outcome.values, owner__in=owners)
    pool = {"outcome": Outcome.WAITING, "owner": None, "is_kept_elsewhere": False}
    return mine.order_by(), HandOver.objects.filter(workspace_id=workspace_id, **pool).order_by()


def _deals(workspace_id: int, owners: Ids) -> QuerySet[Deal]:
    return Deal.objects.filter(workspace_id=workspace_id, owner__in=owners).order_by()


def _any_of(parts: Sequence[QuerySet[Any]]) -> Q:
    """Return that the key of a row is in one of these lists: one list for SQL, which looks each key of it up."""
    return Q(pk__in=parts[0].union(*parts[1:], all=True))


def leads_of(workspace_id: int, owners: Ids) -> Q:
    return Q(owner__in=owners) | Q(owner=None, outcome=Outcome.WAITING, is_kept_elsewhere=False)


def deals_of(workspace_id: int, owners: Ids) -> Q:
    return Q(owner__in=owners)


def tasks_of(workspace_id: int, owners: Ids) -> Q:
    return Q(owner__in=owners)


def activities_of(workspace_id: int, owners: Ids) -> Q:
    return Q(by__in=owners)


def companies_of(workspace_id: int, owners: Ids) -> Q:
    """Return the companies that they own, or where they have a lead or a deal."""
    mine, pool = _leads(workspace_id, owners)
    return _any_of(
        [
            Company.objects.filter(workspace_id=workspace_id, owner__in=owners).order_by().values("pk"),
            *(rows.filter(company__isnull=False).values("company") for rows in (mine, pool)),
            _deals(workspace_id, owners).filter(company__isnull=False).values("company"),
        ]
    )


def people_of(workspace_id: int, owners: Ids) -> Q:
    """Return the people of companies that they own, of their leads and deals, and those whom an open task of theirs is about."""
    leads, deals = _leads(workspace_id, owners), _deals(workspace_id, owners)
    firms = Company.objects.filter(workspace_id=workspace_id, owner__in=owners).order_by()
    tasks = Task.objects.filter(workspace_id=workspace_id, owner__in=owners, done_at=None).order_by()
    parts: list[QuerySet[Any]] = [
        Person.objects.filter(company__in=firms.values("pk"), company__isnull=False).order_by().values("pk"),
        DealPerson.objects.filter(deal__in=deals.values("pk")).order_by().values("person"),
        deals.filter(hand_over__isnull=False).values("hand_over__person"),
        tasks.filter(person__isnull=False).values("person"),
    ]
    for rows in leads:
        parts.append(rows.values("person"))
        parts.append(HandOverJoin.objects.filter(hand_over__in=rows.values("pk")).order_by().values("person"))
    return _any_of(parts)


def seen_now(member: Membership) -> list[Seen]:
    """Return how many leads, deals, companies and known people a member sees, for the page of settings."""
    workspace = member.workspace
    kinds: list[tuple[str, QuerySet[Any]]] = [
        ("leads", HandOver.objects.filter(workspace=workspace)),
        ("deals", Deal.objects.filter(LISTED, workspace=workspace)),
        ("companies", Company.objects.filter(workspace=workspace)),
        ("known people", Person.objects.filter(LISTED_PEOPLE, workspace=workspace, is_identified=True)),
    ]
    found = []
    for noun, rows in kinds:
        total, seen = count_up_to(rows.order_by(), COUNTED), count_up_to(visible(rows, to=member).order_by(), COUNTED)
        found.append(Seen(noun, seen.number, total.number, total.is_more))
    return found
