"""Which deals an address asks for: pipeline, owner, state, stage, next step, close date, words."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from fullfunnel.core import clock
from fullfunnel.core.sql import checked, checked_before
from fullfunnel.crm.deals.conditions import deals_meant
from fullfunnel.crm.models import Deal, Pipeline, PipelineStage, StageKind
from fullfunnel.crm.models.deals import LISTED
from fullfunnel.crm.pipelines import pipelines_of
from fullfunnel.events.conditions import Group
from fullfunnel.people.views.filters import Filters, read_filters
from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.scope import MemberRequest
from fullfunnel.workspaces.sight import visible

MINE, NOBODY, ANY = "mine", "nobody", "any"
STATES = (*StageKind.values, ANY)


@dataclass(frozen=True)
class Wanted:
    """What the address says; what it does not say, or says wrongly, is empty. owner: MINE, NOBODY or a user's public id."""

    workspace: Workspace
    user: User
    pipelines: tuple[Pipeline, ...]
    pipeline: Pipeline | None = None
    owner: str = ""
    state: str = ""
    stage: PipelineStage | None = None
    without_step: bool = False
    past_close: bool = False
    words: str = ""
    filters: Filters = field(default_factory=Filters)

    def query(self, **changes: str) -> str:
        """Return the query string of this, with something changed; "" takes it away."""
        said = {
            "pipeline": self.pipeline.public_id if self.pipeline else "",
            "owner": self.owner,
            "state": self.state,
            "stage": self.stage.public_id if self.stage else "",
            "step": "none" if self.without_step else "",
            "close": "past" if self.past_close else "",
            "q": self.words,
            "where": self.filters.text(),
        } | changes
        return urlencode({name: value for name, value in said.items() if value})

    def deals(self) -> QuerySet[Deal]:
        """Return the deals of the workspace that are asked for, of all states if none is; not those taken back."""
        rows = self.among(Deal.objects.filter(LISTED, workspace=self.workspace))
        if self.state in StageKind.values:
            rows = rows.filter(checked("state", self.state, str))
        if self.pipeline:
            rows = rows.filter(checked("pipeline", self.pipeline.pk))
        return rows.filter(checked("stage", self.stage.pk)) if self.stage else rows

    def among(self, rows: QuerySet[Deal]) -> QuerySet[Deal]:
        """Return those of `rows` whose owner, next step, close date, conditions and name are asked for; their order chooses the index. Only visible ones."""
        rows = visible(rows)
        if self.owner:
            rows = rows.filter(checked("owner", self._owner))
        if self.without_step:
            rows = rows.filter(checked("next_step_on", None, date), next_step="")
        if self.past_close:
            rows = rows.filter(checked_before("closes_on", today()))
        if self.filters.clauses:
            rows = rows.filter(self._meant)
        return rows.filter(name__icontains=self.words) if self.words else rows

    @cached_property
    def _meant(self) -> Q:
        return deals_meant(self.workspace, Group("all", self.filters.clauses), me=self.user.email)

    @cached_property
    def _owner(self) -> int | None:
        """The owner's key; None: nobody, -1: somebody who is not here."""
        if self.owner in (MINE, NOBODY):
            return self.user.pk if self.owner == MINE else None
        members = Membership.objects.filter(workspace=self.workspace, user__public_id=self.owner)
        return members.values_list("user", flat=True).first() or -1

    def owners(self) -> list[User]:
        """Return who may own deals: the members, by name."""
        rows = Membership.objects.filter(workspace=self.workspace).select_related("user").order_by("user__name", "pk")
        return [each.user for each in rows]


def wanted(request: MemberRequest, *, given: QueryDict | None = None) -> Wanted:
    """Read the address; strange values fall away, for an address is never an error."""
    asked = request.GET if given is None else given
    pipelines = tuple(pipelines_of(request.workspace))
    stages = [stage for pipeline in pipelines for stage in pipeline.stages.all()]
    return Wanted(
        workspace=request.workspace,
        user=request.user,
        pipelines=pipelines,
        pipeline=next((each for each in pipelines if each.public_id == asked.get("pipeline")), None),
        owner=asked.get("owner", "")[:64],
        state=asked.get("state", "") if asked.get("state") in STATES else "",
        stage=next((each for each in stages if each.public_id == asked.get("stage")), None),
        without_step=asked.get("step") == "none",
        past_close=asked.get("close") == "past",
        words=asked.get("q", "").strip()[:100],
        filters=read_filters(asked),
    )


def today() -> date:
    """Return the day it is in the workspace's zone."""
    return timezone.localtime(clock.now()).date()
