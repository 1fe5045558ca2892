"""How a deal goes on: to another stage in any direction, won, lost, reopened, changed, given to somebody else."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.crm.brought import bring_tasks, reason_to_stay, take_back_tasks
from fullfunnel.crm.details import FIGURES, read_details
from fullfunnel.crm.held import deal_now, reason_no_member
from fullfunnel.crm.models import Deal, DealMove, LostReason, PipelineStage, SaidBy, StageKind
from fullfunnel.crm.said import Lost
from fullfunnel.crm.telling import Moment, contact_of, moment_of, tell_deal
from fullfunnel.events.names import DEAL_CHANGED, DEAL_LOST, DEAL_REOPENED, DEAL_STAGE_CHANGED, DEAL_WON
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import User
from fullfunnel.workspaces.roles import By, user_of

MAX_COMPETITOR, MAX_TEXT = 200, 5_000
EVENTS = {
    DealMove.Kind.MOVED: DEAL_STAGE_CHANGED,
    DealMove.Kind.WON: DEAL_WON,
    DealMove.Kind.LOST: DEAL_LOST,
    DealMove.Kind.REOPENED: DEAL_REOPENED,
    DealMove.Kind.CHANGED: DEAL_CHANGED,
    DealMove.Kind.ASSIGNED: DEAL_CHANGED,
}


@transaction.atomic
def move_deal(
    deal: Deal,
    *,
    to: PipelineStage,
    by: By,
    lost: Lost | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Deal | Refused:
    """Move a deal to a stage of any pipeline of ours, in any direction. Every way into Lost needs `lost`.

    On from a stage that needs facts it goes only with them, and gets the tasks that the new one brings; history does neither.
    reason: a remark on the move. at: told as history; None: now. A deal that is there already stays as it is.
    """
    now = deal_now(deal, by=by)
    if isinstance(now, Refused):
        return now
    if to.pk == now.stage_id:
        return now
    if refused := _wrong_move(now, to, lost):
        return refused
    if at is None and (refused := reason_to_stay(now, to)):
        return refused
    came_from, was, moment = now.stage, now.state, moment_of(at)
    kind = _kind_of_move(was, to.kind)
    now.pipeline, now.stage, now.stage_since = to.pipeline, to, moment.at
    now.state = StageKind(to.kind)
    told = _decide(now, was, lost, moment)
    now.save()
    _add_move(now, kind, by, moment, told=told, reason=reason.strip()[:300], from_stage=came_from, to_stage=to)
    if at is None:
        bring_tasks(now, by=by, at=moment.at)
    return now


@transaction.atomic
def win_deal(deal: Deal, *, by: By, at: datetime | None = None) -> Deal | Refused:
    """Say that a deal is won where it stands, as a household's is when the time to withdraw is over."""
    now = deal_now(deal, by=by)
    if isinstance(now, Refused):
        return now
    if now.state != StageKind.OPEN:
        return now
    moment = moment_of(at)
    now.state, now.decided_at = StageKind.WON, moment.at
    now.save(update_fields=["state", "decided_at"])
    _add_move(now, DealMove.Kind.WON, by, moment, from_stage=now.stage, to_stage=now.stage)
    return now


@transaction.atomic
def undo_move(move: DealMove, *, by: By) -> Deal | Refused:
    """Move a deal back to where a move took it from: a move of its own. Back in Lost it has the reason that it had."""
    now = deal_now(move.deal, by=by)
    if isinstance(now, Refused):
        return now
    placed = now.moves.exclude(from_stage=None).exclude(kind__in=(DealMove.Kind.CHANGED, DealMove.Kind.ASSIGNED))
    if move.from_stage is None or move != placed.order_by("-at", "-seq", "-pk").first():
        return Refused(f"{now.name} was moved again since: it is in {now.stage.name}.")
    take_back_tasks(move)
    return move_deal(now, to=move.from_stage, by=by, lost=load_lost_before(now))


def load_lost_before(deal: Deal) -> Lost | None:
    """Return why the deal was lost the last time; None where it never was."""
    told = (
        deal.moves.filter(kind=DealMove.Kind.LOST).order_by("-at", "-seq", "-pk").values_list("told", flat=True).first()
    )
    if told is None:
        return None
    reasons = LostReason.objects.filter(workspace_id=deal.workspace_id)
    reason = reasons.filter(name=told.get("lost_reason", "")).first() or reasons.order_by("place", "pk").first()
    said = (told.get(name, "") for name in ("text", "competitor", "said_by"))
    return Lost(reason, *said) if reason else None


def _wrong_move(deal: Deal, to: PipelineStage, lost: Lost | None) -> Refused | None:
    if to.workspace_id != deal.workspace_id or to.pipeline.source_id is not None:
        return Refused("That is no stage of a pipeline of this workspace.", "to")
    if to.kind != StageKind.LOST:
        return None
    if lost is None:
        return Refused(f"{deal.name} stays in {deal.stage.name}. Say why it was lost.", "reason")
    if lost.reason.workspace_id != deal.workspace_id:
        return Refused("That reason is of another workspace.", "reason")
    if lost.said_by and lost.said_by not in SaidBy.values:
        return Refused(f"'{lost.said_by}' is not one of {', '.join(SaidBy.values)}.", "said_by")
    if len(lost.competitor) > MAX_COMPETITOR or len(lost.text) > MAX_TEXT:
        return Refused(f"At most {MAX_COMPETITOR} characters of competitor and {number(MAX_TEXT)} of text.", "text")
    return None


def _kind_of_move(was: str, to: str) -> DealMove.Kind:
    if to == StageKind.LOST:
        return DealMove.Kind.LOST
    if to == StageKind.WON:
        # From Signed, which was won there, to Installed.
        return DealMove.Kind.MOVED if was == StageKind.WON else DealMove.Kind.WON
    return DealMove.Kind.MOVED if was == StageKind.OPEN else DealMove.Kind.REOPENED


def _decide(deal: Deal, was: str, lost: Lost | None, at: Moment) -> dict[str, Any]:
    """Set what follows from the state the deal is in now; return what the move keeps of it."""
    if deal.state != was:
        deal.decided_at = None if deal.state == StageKind.OPEN else at.at
    why = lost if deal.state == StageKind.LOST else None
    deal.lost_reason = why.reason if why else None
    deal.lost_text, deal.competitor = (why.text.strip(), why.competitor.strip()) if why else ("", "")
    deal.lost_said_by = why.said_by if why else ""
    if why is None:
        return {}
    return {
        "lost_reason": why.reason.name,
        "text": deal.lost_text,
        "competitor": deal.competitor,
        "said_by": why.said_by,
    }


@transaction.atomic
def change_deal(deal: Deal, *, changes: Mapping[str, Any], by: By, at: datetime | None = None) -> Deal | Refused:
    """Change what a deal says of itself (crm.details); what is not named stays. A change of amount or date is a row with both."""
    now = deal_now(deal, by=by)
    if isinstance(now, Refused):
        return now
    new = read_details(changes)
    if isinstance(new, Refused):
        return new
    if new.get("amount") is not None and not new.get("currency", now.currency):
        new["currency"] = now.workspace.currency
    changed = {name: value for name, value in new.items() if getattr(now, name) != value}
    if not changed:
        return now
    before = {name: _written(getattr(now, name)) for name in changed if name in FIGURES}
    for name, value in changed.items():
        setattr(now, name, value)
    now.save(update_fields=list(changed))
    told = {"changed": sorted(changed), "before": before}
    if before:
        _add_move(now, DealMove.Kind.CHANGED, by, moment_of(at), told=told)
    else:
        more = {"changed": ",".join(sorted(changed))}
        tell_deal(now, DEAL_CHANGED, by=by, about=contact_of(now), at=moment_of(at), more=more)
    return now


@transaction.atomic
def assign_deal(deal: Deal, *, owner: User | None, by: By, at: datetime | None = None) -> Deal | Refused:
    """Give a deal to a member; None: to nobody."""
    now = deal_now(deal, by=by)
    if isinstance(now, Refused):
        return now
    if refused := reason_no_member(owner, now.workspace_id):
        return refused
    if now.owner != owner:
        told = {"changed": ["owner"], "from": now.owner_id, "to": owner.pk if owner else None}
        now.owner = owner
        now.save(update_fields=["owner"])
        _add_move(now, DealMove.Kind.ASSIGNED, by, moment_of(at), told=told)
    return now


def _add_move(
    deal: Deal, kind: DealMove.Kind, by: By, at: Moment, *, told: dict[str, Any] | None = None, **more: Any
) -> None:
    """Add the row of what was done to a deal, and its event."""
    about: Person = contact_of(deal)
    told = told or {}
    DealMove.objects.create(
        workspace_id=deal.workspace_id, deal=deal, kind=kind, at=at.at, by=user_of(by), about=about,
        amount=deal.amount, currency=deal.currency, closes_on=deal.closes_on, told=told, **more,
    )  # fmt: skip
    said: dict[str, Any] = {"changed": ",".join(told.get("changed", ()))}
    if kind == DealMove.Kind.LOST:
        said |= {"reason": told["lost_reason"], "competitor": told["competitor"], "said_by": told["said_by"]}
    if came_from := more.get("from_stage"):
        said |= {"from": came_from.name, "to": deal.stage.name}
    tell_deal(deal, EVENTS[kind], by=by, about=about, at=at, more=said)


def _written(value: Decimal | date | str | None) -> str:
    return "" if value is None else str(value)
