"""Queries that lists, boards and panels share, each answered by an index (tests/test_indexes.py), with 2 M activities too."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from fullfunnel.core.sql import checked
from fullfunnel.crm.details import FOUR_PLACES
from fullfunnel.crm.models import Activity, Deal, HandOver, Outcome, Pipeline, PipelineStage, StageKind
from fullfunnel.crm.models.deals import LISTED
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import User, Workspace
from fullfunnel.workspaces.sight import visible

EVERYBODY = "everybody"


@dataclass(frozen=True)
class ColumnSum:
    """What a column of the board holds of one state and currency; "" for deals without an amount's currency."""

    state: str
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


def deals_in_stages(pipeline: Pipeline, stages: Iterable[PipelineStage]) -> QuerySet[Deal]:
    """Return the deals that stand in these stages of a pipeline, whatever their state."""
    # All states are named, for the index deal_sums begins with them.
    mine = Deal.objects.filter(LISTED, workspace_id=pipeline.workspace_id, pipeline=pipeline)
    return mine.filter(state__in=StageKind.values, stage__in=[stage.pk for stage in stages])


def decided_deals(pipeline: Pipeline, state: str, since: datetime | None = None) -> QuerySet[Deal]:
    """Return the deals of a pipeline that were won or lost since then, the latest first."""
    deals = Deal.objects.filter(LISTED, workspace_id=pipeline.workspace_id, state=state)
    deals = deals.filter(decided_at__gte=since) if since else deals
    return deals.filter(checked("pipeline", pipeline.pk)).order_by("-decided_at", "-pk")


def past_close(pipeline: Pipeline, day: date) -> QuerySet[Deal]:
    """Return the open deals of a pipeline that were to close before this day."""
    deals = Deal.objects.filter(LISTED, workspace_id=pipeline.workspace_id, closes_on__lt=day)
    return deals.filter(checked("pipeline", pipeline.pk), checked("state", StageKind.OPEN, str))


def column_deals(stage: PipelineStage) -> QuerySet[Deal]:
    """Return the deals of a column: those without a next step first, then as it is due, then the longest there."""
    deals = Deal.objects.filter(LISTED, workspace_id=stage.workspace_id, pipeline_id=stage.pipeline_id, stage=stage)
    return deals.order_by("next_step_on", "stage_since", "pk")


def column_sums(deals: QuerySet[Deal]) -> dict[int, list[ColumnSum]]:
    """Return what each stage (by id) holds of each state and currency, of these deals; never added across currencies."""
    sums: dict[int, list[ColumnSum]] = defaultdict(list)
    rows = deals.order_by().values_list("state", "stage", "currency").annotate(Count("pk"), Sum("amount"))
    for state, stage, currency, count, amount in rows.order_by("state", "stage", "currency"):
        # SQLite adds binary numbers; Django gives 15 digits of them, so that four places are exact up to 10^11.
        sums[stage].append(ColumnSum(state, currency, count, (amount or Decimal(0)).quantize(FOUR_PLACES)))
    return dict(sums)


def listed_deals(workspace: Workspace) -> QuerySet[Deal]:
    """Return the workspace's deals without those taken back. Order them by opened_at, amount, closes_on or next_step_on."""
    return visible(Deal.objects.filter(LISTED, workspace=workspace))


def deals_at(company: Company) -> QuerySet[Deal]:
    """Return a company's deals, to be counted or looked through."""
    return visible(Deal.objects.filter(LISTED, checked("workspace", company.workspace_id), company=company))


def hand_overs_at(company: Company) -> QuerySet[HandOver]:
    """Return a company's hand-overs, the newest first."""
    rows = HandOver.objects.filter(checked("workspace", company.workspace_id), company=company)
    return visible(rows).order_by("-handed_over_at", "-pk")


def deals_of_company(company: Company) -> QuerySet[Deal]:
    """Return a company's deals, the newest first."""
    deals = Deal.objects.filter(LISTED, workspace_id=company.workspace_id, company=company)
    return visible(deals).order_by("-opened_at", "-pk")


def deals_of_person(person: Person) -> QuerySet[Deal]:
    """Return the deals that somebody has a part in, the newest first."""
    deals = Deal.objects.filter(LISTED, checked("workspace", person.workspace_id), people__person=person)
    return visible(deals).order_by("-opened_at", "-pk")


def hand_overs_of_person(person: Person) -> QuerySet[HandOver]:
    """Return somebody's hand-overs, the newest first."""
    rows = HandOver.objects.filter(workspace_id=person.workspace_id, person=person)
    return visible(rows).order_by("-handed_over_at", "-pk")


def activities_of(subject: Person | Deal | Company) -> QuerySet[Activity]:
    """Return what was done about a person, a deal or a company, the latest first."""
    field = "person" if isinstance(subject, Person) else "deal" if isinstance(subject, Deal) else "company"
    rows = Activity.objects.filter(workspace_id=subject.workspace_id, **{field: subject})
    return visible(rows).order_by("-at", "-pk")
