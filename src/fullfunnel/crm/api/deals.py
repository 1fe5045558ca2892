"""Deals: opened, listed, changed, moved; the people on them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Query, Router, Schema
from pydantic import Field

from fullfunnel.core.refused import Refused
from fullfunnel.core.rest import MOST_ITEMS, PAGE, Body, Problem, Results, do_many, done, found
from fullfunnel.crm import actions
from fullfunnel.crm.api.listing import listed
from fullfunnel.crm.models import Deal, HandOver, LostReason, PipelineStage, StageKind
from fullfunnel.crm.pipelines import lost_reasons_of, pipelines_of
from fullfunnel.crm.said import Lost
from fullfunnel.people.api import READ, WRITE, CompanyNamed, PersonNamed
from fullfunnel.people.models import Company, Person
from fullfunnel.people.naming import company_named, person_named
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.rest import ActsAs, TookPlace, acting, operation, owner_named, told_of
from fullfunnel.workspaces.scope import KeyRequest

router = Router(tags=["Deals"])
DETAILS = frozenset(
    "name amount currency closes_on next_step next_step_on need need_is_assumed bant bant_text bant_is_assumed".split()
)


class RoleOut(Schema):
    person: str
    role: str


class StageOut(Schema):
    id: str
    name: str
    kind: str


class PipelineOut(Schema):
    id: str
    name: str
    stages: list[StageOut]


class PipelinesOut(Schema):
    items: list[PipelineOut]
    lost_reasons: list[str]


class DealOut(Schema):
    id: str
    name: str
    company: str | None
    hand_over: str | None
    pipeline: str
    stage: str
    stage_name: str
    state: str
    amount: Decimal | None
    currency: str
    closes_on: date | None
    owner: str | None
    next_step: str
    next_step_on: date | None
    need: str
    bant: str
    opened_at: datetime
    stage_since: datetime
    decided_at: datetime | None
    lost_reason: str | None
    lost_text: str
    competitor: str
    people: list[RoleOut]
    is_kept_elsewhere: bool


class DealsPage(Schema):
    items: list[DealOut]
    next: str


class DealsFilter(Body):
    state: StageKind | None = None
    stage: str = Field("", description="A stage's id.")
    owner: str = Field("", description="An e-mail address.")
    company: str = Field("", description="A company's id.")
    cursor: str = ""
    limit: int = PAGE


class Details(Body):
    name: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    closes_on: date | None = None
    next_step: str | None = None
    next_step_on: date | None = None
    need: str | None = None
    need_is_assumed: bool | None = None
    bant: Literal["", "budget", "authority", "timing"] | None = None
    bant_text: str | None = None
    bant_is_assumed: bool | None = None
    owner: str | None = Field(None, description="An e-mail address; empty: nobody.")
    by: ActsAs = ""
    at: TookPlace = None

    def given(self) -> dict[str, Any]:
        """Return what was sent, by the names of a deal's fields. Absent stays absent; null empties."""
        return {name: getattr(self, name) for name in self.model_fields_set & DETAILS}


class NewDeal(Details):
    """For one of hand_over, company and person. An open deal of the company is joined, unless is_new."""

    hand_over: str = ""
    company: CompanyNamed | None = None
    person: PersonNamed | None = None
    stage: str = Field("", description="A stage's id; none: the first of the first pipeline.")
    join: str = Field("", description="The id of the open deal to join.")
    is_new: bool = False


class DealChanges(Details):
    pass


class Move(Body):
    """to: a stage's id or its name. A move into a lost stage needs lost_reason, one of the workspace's list."""

    to: str
    reason: str = ""
    lost_reason: str = ""
    lost_text: str = ""
    competitor: str = ""
    lost_said_by: Literal["", "buyer", "seller"] = ""
    by: ActsAs = ""
    at: TookPlace = None


class MoveOf(Move):
    id: str


class NewRole(Body):
    person: PersonNamed
    role: str = ""
    by: ActsAs = ""
    at: TookPlace = None


class NewRoleOn(NewRole):
    id: str


class NewRoles(Body):
    items: Annotated[list[NewRoleOn], Field(min_length=1, max_length=MOST_ITEMS)]


class NewDeals(Body):
    items: Annotated[list[NewDeal], Field(min_length=1, max_length=MOST_ITEMS)]


class Moves(Body):
    items: Annotated[list[MoveOf], Field(min_length=1, max_length=MOST_ITEMS)]


@operation(router, "GET", "/pipelines", scope=READ, name="pipelines")
def pipelines(request: KeyRequest) -> PipelinesOut:
    """List the pipelines with their stages, and the reasons for losing."""
    items = [
        PipelineOut(
            id=pipeline.public_id,
            name=pipeline.name,
            stages=[StageOut(id=each.public_id, name=each.name, kind=each.kind) for each in _stages(pipeline)],
        )
        for pipeline in pipelines_of(request.workspace)
    ]
    return PipelinesOut(items=items, lost_reasons=[reason.name for reason in lost_reasons_of(request.workspace)])


@operation(router, "GET", "/deals", scope=READ, name="deals")
def deals(request: KeyRequest, asked: Query[DealsFilter]) -> DealsPage:
    """List deals, oldest first."""
    rows = rows_of(request)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.stage:
        rows = rows.filter(stage=_stage(request.workspace, asked.stage, "stage"))
    return DealsPage(**listed(request, rows, asked, deal_out))


@operation(router, "GET", "/deals/{deal_id}", scope=READ, name="deal")
def deal(request: KeyRequest, deal_id: str) -> DealOut:
    """Return a deal."""
    return deal_out(deal_of(request, deal_id))


@operation(router, "POST", "/deals", scope=WRITE, name="open-deal")
def open_deal(request: KeyRequest, body: NewDeal) -> DealOut:
    """Open a deal; a hand-over that waits is accepted first."""
    return deal_out(deal_of(request, begin(request, body).public_id))


@operation(router, "POST", "/deals/bulk", scope=WRITE, name="open-deals")
def open_deals(request: KeyRequest, body: NewDeals) -> Results:
    """Open up to 100 deals."""
    return do_many(body.items, lambda item: begin(request, item).public_id)


@operation(router, "POST", "/deals/moves/bulk", scope=WRITE, name="move-deals")
def move_deals(request: KeyRequest, body: Moves) -> Results:
    """Move up to 100 deals, in their order."""
    return do_many(body.items, lambda item: move(request, item.id, item).public_id)


@operation(router, "PATCH", "/deals/{deal_id}", scope=WRITE, name="change-deal")
def change_deal(request: KeyRequest, deal_id: str, body: DealChanges) -> DealOut:
    """Change what is named; the rest stays."""
    row, by, at = deal_of(request, deal_id), acting(request.workspace, body.by), told_of(request, body.at)
    row = done(actions.change_deal(row, changes=body.given(), by=by, at=at))
    _assign(request, row, body)
    return deal_out(deal_of(request, deal_id))


@operation(router, "POST", "/deals/{deal_id}/moves", scope=WRITE, name="move-deal")
def move_deal(request: KeyRequest, deal_id: str, body: Move) -> DealOut:
    """Move a deal to another stage: on, back, won, lost, reopened."""
    return deal_out(deal_of(request, move(request, deal_id, body).public_id))


@operation(router, "POST", "/deals/{deal_id}/people", scope=WRITE, name="add-person-to-deal")
def add_person(request: KeyRequest, deal_id: str, body: NewRole) -> DealOut:
    """Put a person on a deal, in a role."""
    add_role(request, deal_id, body)
    return deal_out(deal_of(request, deal_id))


@operation(router, "POST", "/deals/people/bulk", scope=WRITE, name="add-people-to-deals")
def add_people(request: KeyRequest, body: NewRoles) -> Results:
    """Put up to 100 people on deals."""
    return do_many(body.items, lambda item: add_role(request, item.id, item))


def add_role(request: KeyRequest, deal_id: str, body: NewRole) -> str:
    """Put a person on a deal; return the deal's id."""
    person = done(person_named(request.workspace.pk, **body.person.model_dump()))
    by, at = acting(request.workspace, body.by), told_of(request, body.at)
    done(actions.add_person_to_deal(deal_of(request, deal_id), person=person, role=body.role, by=by, at=at))
    return deal_id


def begin(request: KeyRequest, body: NewDeal) -> Deal:
    workspace, by, at = request.workspace, acting(request.workspace, body.by), told_of(request, body.at)
    stage = _stage(workspace, body.stage, "stage") if body.stage else None
    join = deal_of(request, body.join) if body.join else None
    opened = actions.open_deal(
        _subject(request, body), by=by, details=body.given(), stage=stage, join=join, is_new=body.is_new, at=at
    )
    return _assign(request, done(opened), body)


def move(request: KeyRequest, deal_id: str, body: Move) -> Deal:
    row, by, at = deal_of(request, deal_id), acting(request.workspace, body.by), told_of(request, body.at)
    to = _stage(request.workspace, body.to, "to", beside=row)
    lost = _lost(request.workspace, body) if body.lost_reason else None
    return done(actions.move_deal(row, to=to, by=by, lost=lost, reason=body.reason, at=at))


def rows_of(request: KeyRequest) -> QuerySet[Deal]:
    rows = Deal.objects.filter(workspace=request.workspace, taken_back_at=None)
    related = rows.select_related("owner", "pipeline", "stage", "hand_over", "lost_reason")
    return related.prefetch_related("people__person")


def deal_of(request: KeyRequest, public_id: str) -> Deal:
    return found(rows_of(request).filter(public_id=public_id).first(), "deal")


def deal_out(row: Deal) -> DealOut:
    return DealOut(
        id=row.public_id, name=row.name, company=str(row.company_id) if row.company_id else None,
        hand_over=row.hand_over.public_id if row.hand_over else None, pipeline=row.pipeline.public_id,
        stage=row.stage.public_id, stage_name=row.stage.name, state=row.state, amount=row.amount,
        currency=row.currency, closes_on=row.closes_on, owner=row.owner.email if row.owner else row.owner_name or None,
        next_step=row.next_step, next_step_on=row.next_step_on, need=row.need, bant=row.bant, opened_at=row.opened_at,
        stage_since=row.stage_since, decided_at=row.decided_at, lost_text=row.lost_text, competitor=row.competitor,
        lost_reason=row.lost_reason.name if row.lost_reason else None, is_kept_elsewhere=row.is_kept_elsewhere,
        people=[RoleOut(person=each.person.public_id, role=each.role) for each in row.people.all()],
    )  # fmt: skip


def _assign(request: KeyRequest, row: Deal, body: Details) -> Deal:
    if body.owner is None:
        return row
    by, at = acting(request.workspace, body.by), told_of(request, body.at)
    return done(actions.assign_deal(row, owner=owner_named(request.workspace, body.owner), by=by, at=at))


def _subject(request: KeyRequest, body: NewDeal) -> HandOver | Company | Person:
    workspace = request.workspace
    if body.hand_over and not (body.company or body.person):
        mine = HandOver.objects.filter(workspace=workspace, public_id=body.hand_over)
        if (row := mine.first()) is None:
            raise Problem(Refused("There is no hand-over with this id in this workspace.", "hand_over"))
        return row
    if body.company and not (body.hand_over or body.person):
        return done(company_named(workspace.pk, **body.company.model_dump()))
    if body.person and not (body.hand_over or body.company):
        return done(person_named(workspace.pk, **body.person.model_dump()))
    raise Problem(Refused("A deal is opened for one of hand_over, company and person.", "hand_over"))


def _stages(pipeline: Any) -> list[PipelineStage]:
    return sorted(pipeline.stages.all(), key=lambda stage: (stage.place, stage.pk))


def _stage(workspace: Workspace, named: str, field: str, beside: Deal | None = None) -> PipelineStage:
    """Return the stage with this id; or with this name in the pipeline of `beside`."""
    stages = PipelineStage.objects.filter(workspace=workspace).select_related("pipeline")
    stage = stages.filter(public_id=named).first()
    if stage is None and beside is not None:
        stage = stages.filter(pipeline=beside.pipeline, name__iexact=named).first()
    if stage is None:
        raise Problem(Refused(f"There is no stage '{named[:100]}' here; GET /api/v1/pipelines lists them.", field))
    return stage


def _lost(workspace: Workspace, body: Move) -> Lost:
    reasons = {reason.name.lower(): reason for reason in lost_reasons_of(workspace)}
    reason: LostReason | None = reasons.get(body.lost_reason.lower())
    if reason is None:
        listed = ", ".join(each.name for each in reasons.values())
        raise Problem(Refused(f"'{body.lost_reason[:100]}' is not one of: {listed}.", "lost_reason"))
    return Lost(reason, body.lost_text, body.competitor, body.lost_said_by)
