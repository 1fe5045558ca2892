"""Activities: calls, e-mails, meetings, listed and logged."""

from datetime import datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from fullfunnel.core.refused import Refused
from fullfunnel.core.rest import MOST_ITEMS, PAGE, Body, Problem, Results, do_many, done
from fullfunnel.crm import actions
from fullfunnel.crm.api.deals import deal_of
from fullfunnel.crm.api.listing import listed
from fullfunnel.crm.models import Activity, ActivityKind, Direction
from fullfunnel.crm.said import Done
from fullfunnel.people.api import READ, WRITE, CompanyNamed, PersonNamed
from fullfunnel.people.naming import company_named, person_named
from fullfunnel.workspaces.rest import ActsAs, acting, kept_moment, operation, told_of
from fullfunnel.workspaces.scope import KeyRequest

router = Router(tags=["Activities"])


class ActivityOut(Schema):
    id: str
    kind: str
    direction: str
    outcome: str
    text: str
    person: str | None
    company: str | None
    deal: str | None
    at: datetime
    by: str | None


class ActivitiesPage(Schema):
    items: list[ActivityOut]
    next: str


class ActivitiesFilter(Body):
    person: str = Field("", description="A person's id.")
    deal: str = Field("", description="A deal's id.")
    company: str = Field("", description="A company's id.")
    kind: ActivityKind | None = None
    cursor: str = ""
    limit: int = PAGE


class NewActivity(Body):
    """About a deal (with which of its people), a person or a company. is_history needs the scope `history`."""

    kind: ActivityKind
    direction: Direction = Direction.OUT
    outcome: str = ""
    text: str = ""
    deal: str = ""
    person: PersonNamed | None = None
    company: CompanyNamed | None = None
    by: ActsAs = ""
    at: AwareDatetime | None = None
    is_history: bool = False


class NewActivities(Body):
    items: Annotated[list[NewActivity], Field(min_length=1, max_length=MOST_ITEMS)]


@operation(router, "GET", "/activities", scope=READ, name="activities")
def activities(request: KeyRequest, asked: Query[ActivitiesFilter]) -> ActivitiesPage:
    """List activities, oldest first."""
    rows = Activity.objects.filter(workspace=request.workspace).select_related("person", "deal", "by")
    if asked.deal:
        rows = rows.filter(deal=deal_of(request, asked.deal))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return ActivitiesPage(**listed(request, rows, asked, activity_out))


@operation(router, "POST", "/activities", scope=WRITE, name="log-activity")
def log_activity(request: KeyRequest, body: NewActivity) -> ActivityOut:
    """Log what a seller did."""
    return activity_out(log(request, body))


@operation(router, "POST", "/activities/bulk", scope=WRITE, name="log-activities")
def log_activities(request: KeyRequest, body: NewActivities) -> Results:
    """Log up to 100 activities."""
    return do_many(body.items, lambda item: log(request, item).public_id)


def log(request: KeyRequest, body: NewActivity) -> Activity:
    workspace, by = request.workspace, acting(request.workspace, body.by)
    at = kept_moment(body.at) if body.at else None
    if body.is_history:
        told_of(request, at)
    person = done(person_named(workspace.pk, **body.person.model_dump())) if body.person else None
    company = done(company_named(workspace.pk, **body.company.model_dump())) if body.company else None
    subject = deal_of(request, body.deal) if body.deal else person or company
    if subject is None:
        raise Problem(Refused("An activity is about a deal, a person or a company: name one.", "person"))
    said = Done(body.kind, body.direction, body.outcome, body.text)
    return done(actions.log_activity(subject, done=said, by=by, person=person, at=at, is_history=body.is_history))


def activity_out(row: Activity) -> ActivityOut:
    return ActivityOut(
        id=row.public_id, kind=row.kind, direction=row.direction, outcome=row.outcome, text=row.text, at=row.at,
        person=row.person.public_id if row.person else None, company=str(row.company_id) if row.company_id else None,
        deal=row.deal.public_id if row.deal else None, by=row.by.email if row.by else None,
    )  # fmt: skip
