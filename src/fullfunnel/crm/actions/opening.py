"""How a deal begins, and how one that was opened by mistake ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm.actions.deciding import accept_hand_over, undo_hand_over
from fullfunnel.crm.brought import bring_tasks
from fullfunnel.crm.details import read_details
from fullfunnel.crm.held import deal_now, hand_over_now
from fullfunnel.crm.models import Deal, DealMove, HandOver, Outcome, Pipeline, PipelineStage, StageKind
from fullfunnel.crm.pipelines import default_pipeline, first_of_kind, stages_of
from fullfunnel.crm.roles import add_role
from fullfunnel.crm.telling import Moment, contact_of, moment_of, tell_deal
from fullfunnel.events.names import DEAL_CONTACT_ADDED, DEAL_CREATED, DEAL_TAKEN_BACK
from fullfunnel.people.living import living_or_refused
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import EDITORS
from fullfunnel.workspaces.sight import visible

MISTAKE = timedelta(hours=1)
NO_DETAILS: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Whose:
    """Whom a deal is to be opened for. has_accepted: the hand-over waited until now."""

    workspace_id: int
    person: Person | None
    company: Company | None
    hand_over: HandOver | None = None
    has_accepted: bool = False


@transaction.atomic
def open_deal(
    subject: HandOver | Company | Person,
    *,
    by: By,
    details: Mapping[str, Any] = NO_DETAILS,
    pipeline: Pipeline | None = None,
    stage: PipelineStage | None = None,
    join: Deal | None = None,
    is_new: bool = False,
    at: datetime | None = None,
) -> Deal | Refused:
    """Open a deal, or join the company's open one in that pipeline; a hand-over that waits is accepted first.

    Of several open ones it asks: Refused.choices names them; call again with `join`, or with is_new for one more. details:
    fields of Deal (crm.details); need and one BANT item may be assumed. at: told as history.
    """
    read = read_details(details)
    if isinstance(read, Refused):
        return read
    whose = _whose(subject, by, at)
    if isinstance(whose, Refused):
        return _taken_back(whose)
    place = _place(whose, pipeline, stage)
    if isinstance(place, Refused):
        return _taken_back(place)
    found = [] if is_new else [join] if join else _open_deals(whose, place.pipeline)
    if len(found) > 1:
        choices = tuple((deal.public_id, deal.name) for deal in found)
        return _taken_back(Refused("Several deals are open here: join which, or open one more?", "join", choices))
    if found:
        joined = _join(found[0], whose, by, moment_of(at))
        return _taken_back(joined) if isinstance(joined, Refused) else joined
    return _begin(whose, place, read, by, moment_of(at))


def _taken_back(refused: Refused) -> Refused:
    """Refuse after rows were written, such as those of accepting."""
    transaction.set_rollback(True)
    return refused


def _whose(subject: HandOver | Company | Person, by: By, at: datetime | None) -> Whose | Refused:
    if refused := reason_not_to_act(by, subject.workspace_id, EDITORS):
        return refused
    if isinstance(subject, Company):
        return Whose(subject.workspace_id, None, subject)
    if isinstance(subject, Person):
        person = living_or_refused(subject)
        return person if isinstance(person, Refused) else Whose(person.workspace_id, person, person.company)
    now = hand_over_now(subject, by=by)
    if isinstance(now, Refused):
        return now
    waited = now.outcome == Outcome.WAITING
    taken = accept_hand_over(now, by=by, at=at) if waited else now
    if isinstance(taken, Refused):
        return taken
    if taken.outcome != Outcome.ACCEPTED:
        return Refused(f"This hand-over is {taken.get_outcome_display().lower()}; reopen it first.")
    person = living_or_refused(taken.person)
    if isinstance(person, Refused):
        return person
    return Whose(taken.workspace_id, person, taken.company or person.company, taken, waited)


def _place(whose: Whose, pipeline: Pipeline | None, stage: PipelineStage | None) -> PipelineStage | Refused:
    """Return the stage to begin in: the one named, or the first open one."""
    workspace = Workspace.objects.get(pk=whose.workspace_id)
    pipeline = stage.pipeline if stage else pipeline or default_pipeline(workspace)
    if pipeline is None or pipeline.workspace_id != whose.workspace_id or pipeline.source_id is not None:
        return Refused("There is no pipeline to open a deal in; make one in the settings.", "pipeline")
    stage = stage or first_of_kind(stages_of(pipeline), StageKind.OPEN)
    if stage is None or stage.kind != StageKind.OPEN:
        return Refused("A deal begins in a stage that is open.", "stage")
    return stage


def _open_deals(whose: Whose, pipeline: Pipeline) -> list[Deal]:
    """The open deals of the company, or without one of the person, in that pipeline."""
    deals = Deal.objects.filter(workspace_id=whose.workspace_id, pipeline=pipeline, state=StageKind.OPEN)
    # Whoever does not see a deal is not told of it, and does not join it.
    deals = visible(deals.filter(taken_back_at=None, is_kept_elsewhere=False))
    mine = {"company": whose.company} if whose.company else {"people__person": whose.person}
    return list(deals.filter(**mine).order_by("pk"))


def _join(deal: Deal, whose: Whose, by: By, at: Moment) -> Deal | Refused:
    now = deal_now(deal, by=by)
    if isinstance(now, Refused):
        return now
    if now.workspace_id != whose.workspace_id:
        return Refused("That deal belongs to another workspace.", "join")
    if whose.person is not None and not now.people.filter(person=whose.person).exists():
        add_role(now, whose.person, "", at.at)
        tell_deal(now, DEAL_CONTACT_ADDED, by=by, about=whose.person, at=at)
    _lead_to(now, whose)
    return now


def _begin(whose: Whose, stage: PipelineStage, details: dict[str, Any], by: By, at: Moment) -> Deal:
    name = details.pop("name", "") or str(whose.company or whose.person)
    if "amount" in details and not details.get("currency"):
        details["currency"] = stage.workspace.currency
    owner = user_of(by) or (whose.hand_over.owner if whose.hand_over else None)
    deal = Deal.objects.create(
        workspace_id=whose.workspace_id, name=name[:200], company=whose.company, hand_over=whose.hand_over,
        pipeline=stage.pipeline, stage=stage, stage_since=at.at, opened_at=at.at, owner=owner, **details,
    )  # fmt: skip
    if whose.person is not None:
        add_role(deal, whose.person, "", at.at)
    _lead_to(deal, whose)
    told = {"accepted": whose.hand_over.pk} if whose.hand_over and whose.has_accepted else {}
    about = contact_of(deal)
    DealMove.objects.create(
        workspace_id=deal.workspace_id, deal=deal, kind=DealMove.Kind.CREATED, to_stage=stage, at=at.at,
        by=user_of(by), amount=deal.amount, currency=deal.currency, closes_on=deal.closes_on, about=about, told=told,
    )  # fmt: skip
    tell_deal(deal, DEAL_CREATED, by=by, about=about, at=at)
    if not at.is_history:
        bring_tasks(deal, by=by, at=at.at)
    return deal


def _lead_to(deal: Deal, whose: Whose) -> None:
    if whose.hand_over is not None:
        HandOver.objects.filter(workspace_id=deal.workspace_id, pk=whose.hand_over.pk).update(deal=deal)


@transaction.atomic
def take_back_deal(deal: Deal, *, by: By) -> Deal | Refused:
    """Take back a deal that was opened by mistake, within an hour; what it accepted waits again. It is in no list and no sum."""
    now = deal_now(deal, by=by)
    if isinstance(now, Refused):
        return now
    if now.state != StageKind.OPEN:
        return Refused("This deal is decided: only an open one can be taken back.")
    if clock.now() - now.opened_at > MISTAKE:
        return Refused("A deal can be taken back within an hour; move this one to Lost, with the reason.")
    about, moment = contact_of(now), moment_of(None)
    tell_deal(now, DEAL_TAKEN_BACK, by=by, about=about, at=moment)
    made = now.moves.filter(kind=DealMove.Kind.CREATED).first()
    now.taken_back_at = moment.at
    now.save(update_fields=["taken_back_at"])
    DealMove.objects.create(
        workspace_id=now.workspace_id, deal=now, kind=DealMove.Kind.TAKEN_BACK, from_stage=now.stage, by=user_of(by), at=moment.at,
        amount=now.amount, currency=now.currency, closes_on=now.closes_on, about=about,
    )  # fmt: skip
    now.people.all().delete()
    led = HandOver.objects.filter(workspace_id=now.workspace_id, deal=now)
    accepted = led.filter(pk=made.told.get("accepted", 0)).first() if made else None
    led.update(deal=None)
    if accepted is not None:
        undone = undo_hand_over(accepted, by=by)
        if isinstance(undone, Refused):
            return _taken_back(undone)
    return now
