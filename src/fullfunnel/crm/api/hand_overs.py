"""Hand-overs: made, listed, decided."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Query, Router, Schema
from pydantic import Field

from fullfunnel.core.refused import Refused
from fullfunnel.core.rest import MOST_ITEMS, PAGE, Body, Problem, Results, do_many, done, found
from fullfunnel.crm import actions
from fullfunnel.crm.api.listing import listed
from fullfunnel.crm.models import HandOver, Outcome
from fullfunnel.crm.reasons import Reason
from fullfunnel.people.api import READ, WRITE, CompanyNamed, PersonNamed
from fullfunnel.people.naming import company_named, person_named
from fullfunnel.workspaces.rest import ActsAs, TookPlace, acting, operation, owner_named, told_of
from fullfunnel.workspaces.scope import KeyRequest

router = Router(tags=["Hand-overs"])


class Why(Body):
    text: Annotated[str, Field(min_length=1, max_length=300)]
    points: Annotated[int, Field(ge=0, le=100)] = 0
    of: Literal["", "fit", "engagement"] = ""


class HandOverOut(Schema):
    id: str
    person: str
    company: str | None
    outcome: str
    owner: str | None
    why: list[dict[str, Any]]
    fit: int
    engagement: int
    form: str
    reason: str
    recycled_until: date | None
    handed_over_at: datetime
    decided_at: datetime | None
    asked_again: int
    deal: str | None
    is_kept_elsewhere: bool


class HandOversPage(Schema):
    items: list[HandOverOut]
    next: str


class HandOversFilter(Body):
    outcome: Outcome | None = None
    owner: str = Field("", description="An e-mail address.")
    person: str = Field("", description="A person's id.")
    cursor: str = ""
    limit: int = PAGE


class NewHandOver(Body):
    """One for each cause: the same cause_event again makes no other."""

    person: PersonNamed
    why: Annotated[list[Why], Field(min_length=1, max_length=40)]
    cause_event: Annotated[str, Field(max_length=200, description="What led to it, by an id of yours.")] = ""
    company: CompanyNamed | None = None
    form: Annotated[str, Field(max_length=200)] = ""
    owner: str = Field("", description="An e-mail address.")
    by: ActsAs = ""
    at: TookPlace = None


class Decision(Body):
    """reject and recycle need a reason, assign an owner; age_out needs `at`."""

    what: Literal["accept", "reject", "recycle", "reopen", "age_out", "assign"]
    reason: str = ""
    until: date | None = None
    owner: str = ""
    by: ActsAs = ""
    at: TookPlace = None


class DecisionOn(Decision):
    id: str


class NewHandOvers(Body):
    items: Annotated[list[NewHandOver], Field(min_length=1, max_length=MOST_ITEMS)]


class Decisions(Body):
    items: Annotated[list[DecisionOn], Field(min_length=1, max_length=MOST_ITEMS)]


@operation(router, "GET", "/hand-overs", scope=READ, name="hand-overs")
def hand_overs(request: KeyRequest, asked: Query[HandOversFilter]) -> HandOversPage:
    """List hand-overs, oldest first."""
    rows = rows_of(request)
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    return HandOversPage(**listed(request, rows, asked, hand_over_out))


@operation(router, "GET", "/hand-overs/{hand_over_id}", scope=READ, name="hand-over")
def hand_over(request: KeyRequest, hand_over_id: str) -> HandOverOut:
    """Return a hand-over."""
    return hand_over_out(_hand_over(request, hand_over_id))


@operation(router, "POST", "/hand-overs", scope=WRITE, name="make-hand-over")
def make_hand_over(request: KeyRequest, body: NewHandOver) -> HandOverOut:
    """Hand a person to sales; whoever asks while one is open joins it."""
    return hand_over_out(_hand_over(request, make(request, body).public_id))


@operation(router, "POST", "/hand-overs/bulk", scope=WRITE, name="make-hand-overs")
def make_hand_overs(request: KeyRequest, body: NewHandOvers) -> Results:
    """Hand over up to 100 people."""
    return do_many(body.items, lambda item: make(request, item).public_id)


@operation(router, "POST", "/hand-overs/decisions/bulk", scope=WRITE, name="decide-hand-overs")
def decide_hand_overs(request: KeyRequest, body: Decisions) -> Results:
    """Decide up to 100 hand-overs, in their order."""
    return do_many(body.items, lambda item: decide(request, item.id, item).public_id)


@operation(router, "POST", "/hand-overs/{hand_over_id}/decisions", scope=WRITE, name="decide-hand-over")
def decide_hand_over(request: KeyRequest, hand_over_id: str, body: Decision) -> HandOverOut:
    """Accept, reject, recycle, reopen, assign, or age out a hand-over."""
    return hand_over_out(_hand_over(request, decide(request, hand_over_id, body).public_id))


def make(request: KeyRequest, body: NewHandOver) -> HandOver:
    workspace, by = request.workspace, acting(request.workspace, body.by)
    at = told_of(request, body.at)
    person = done(person_named(workspace.pk, **body.person.model_dump()))
    company = done(company_named(workspace.pk, **body.company.model_dump())) if body.company else None
    why = [Reason(each.text, each.points, each.of) for each in body.why]
    cause = body.cause_event or f"api-{secrets.token_hex(12)}"
    made = done(actions.hand_over(person, cause_event=cause, why=why, by=by, at=at, company=company, form=body.form))
    # Sent again, it may be decided meanwhile.
    if body.owner and made.outcome == Outcome.WAITING:
        made = done(actions.assign_hand_over(made, owner=owner_named(workspace, body.owner), by=by, at=at))
    return made


def decide(request: KeyRequest, hand_over_id: str, body: Decision) -> HandOver:
    row, by = _hand_over(request, hand_over_id), acting(request.workspace, body.by)
    at = told_of(request, body.at)
    if body.what == "age_out":
        if at is None:
            raise Problem(Refused("Ageing out is told of the past: say 'at' when it was.", "at"))
        return done(actions.age_out_hand_over(row, at=at, by=by))
    do: dict[str, Callable[[], HandOver | Refused]] = {
        "accept": lambda: actions.accept_hand_over(row, by=by, at=at),
        "reject": lambda: actions.reject_hand_over(row, reason=body.reason, by=by, at=at),
        "recycle": lambda: actions.recycle_hand_over(row, reason=body.reason, until=body.until, by=by, at=at),
        "reopen": lambda: actions.reopen_hand_over(row, by=by, at=at),
        "assign": lambda: actions.assign_hand_over(row, owner=owner_named(request.workspace, body.owner), by=by, at=at),
    }
    return done(do[body.what]())


def rows_of(request: KeyRequest) -> QuerySet[HandOver]:
    return HandOver.objects.filter(workspace=request.workspace).select_related("person", "owner", "deal")


def hand_over_out(row: HandOver) -> HandOverOut:
    return HandOverOut(
        id=row.public_id, person=row.person.public_id, company=str(row.company_id) if row.company_id else None,
        outcome=row.outcome, owner=row.owner.email if row.owner else row.owner_name or None, why=row.why, fit=row.fit,
        engagement=row.engagement, form=row.form, reason=row.reason, recycled_until=row.recycled_until,
        handed_over_at=row.handed_over_at, decided_at=row.decided_at, asked_again=row.asked_again,
        deal=row.deal.public_id if row.deal else None, is_kept_elsewhere=row.is_kept_elsewhere,
    )  # fmt: skip


def _hand_over(request: KeyRequest, public_id: str) -> HandOver:
    return found(rows_of(request).filter(public_id=public_id).first(), "hand-over")
