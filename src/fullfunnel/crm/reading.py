"""Queries that lists, boards and panels share, each answered by an index (tests/test_indexes.py), with 2 M activities too."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from fullfunnel.crm.details import FOUR_PLACES
from fullfunnel.crm.models import Activity, Deal, HandOver, Outcome, Pipeline, PipelineStage, StageKind
from fullfunnel.crm.models.deals import LISTED
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import User, Workspace

EVERYBODY = "everybody"


@dataclass(frozen=True)
class ColumnSum:
    """What a column of the board holds of one currency; "" for deals without an amount's currency."""

    currency: str
    count: int
    amount: Decimal


def waiting_hand_overs(workspace: Workspace, owner: User | str | None = EVERYBODY) -> QuerySet[HandOver]:
    """Return what waits, the newest first: everybody's, a member's, or None for the pool."""
    rows = HandOver.objects.filter(workspace=workspace, outcome=Outcome.WAITING)
    mine = rows if isinstance(owner, str) else rows.filter(owner=owner)
    return mine.order_by("-handed_over_at", "-pk")


def waiting_counts(workspace: Workspace) -> dict[int | None, int]:
    """Return how many wait with whom (a user's id); None: in the pool."""
    rows = HandOver.objects.filter(workspace=workspace, outcome=Outcome.WAITING).order_by()
    return dict(rows.values_list("owner").annotate(Count("pk")))


def column_deals(stage: PipelineStage) -> QuerySet[Deal]:
    """Return the deals of a column: those without a next step first, then as it is due, then the longest there."""
    deals = Deal.objects.filter(LISTED, workspace_id=stage.workspace_id, pipeline_id=stage.pipeline_id, stage=stage)
    return deals.order_by("next_step_on", "stage_since", "pk")


def column_sums(pipeline: Pipeline) -> dict[int, list[ColumnSum]]:
    """Return what each stage (by id) holds of each currency, over all its deals; never added across currencies."""
    # All states are named, for the index begins with them.
    deals = Deal.objects.filter(
        LISTED, workspace_id=pipeline.workspace_id, pipeline=pipeline, state__in=StageKind.values
    )
    sums: dict[int, list[ColumnSum]] = defaultdict(list)
    rows = deals.order_by().values_list("stage", "currency").annotate(Count("pk"), Sum("amount"))
    for stage, currency, count, amount in rows.order_by("stage", "currency"):
        # SQLite adds binary numbers; Django gives 15 digits of them, so that four places are exact up to 10^11.
        sums[stage].append(ColumnSum(currency, count, (amount or Decimal(0)).quantize(FOUR_PLACES)))
    return dict(sums)


def listed_deals(workspace: Workspace) -> QuerySet[Deal]:
    """Return the workspace's deals without those taken back; order them by what an index has: -opened_at, or with a state."""
    return Deal.objects.filter(LISTED, workspace=workspace)


def deals_of_company(company: Company) -> QuerySet[Deal]:
    """Return a company's deals, the newest first."""
    deals = Deal.objects.filter(LISTED, workspace_id=company.workspace_id, company=company)
    return deals.order_by("-opened_at", "-pk")


def deals_of_person(person: Person) -> QuerySet[Deal]:
    """Return the deals that somebody has a part in, the newest first."""
    deals = Deal.objects.filter(LISTED, workspace_id=person.workspace_id, people__person=person)
    return deals.order_by("-opened_at", "-pk")


def hand_overs_of_person(person: Person) -> QuerySet[HandOver]:
    """Return somebody's hand-overs, the newest first."""
    rows = HandOver.objects.filter(workspace_id=person.workspace_id, person=person)
    return rows.order_by("-handed_over_at", "-pk")


def activities_of(subject: Person | Deal | Company) -> QuerySet[Activity]:
    """Return what was done about a person, a deal or a company, the latest first."""
    field = "person" if isinstance(subject, Person) else "deal" if isinstance(subject, Deal) else "company"
    rows = Activity.objects.filter(workspace_id=subject.workspace_id, **{field: subject})
    return rows.order_by("-at", "-pk")
