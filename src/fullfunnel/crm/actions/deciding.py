"""What becomes of a hand-over: accepted, rejected, recycled, aged out; reopened, or a decision taken back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from fullfunnel.core.refused import Refused
from fullfunnel.crm.assigning.giving import reschedule
from fullfunnel.crm.held import hand_over_now, when
from fullfunnel.crm.models import HandOver, HandOverMove, Outcome, What
from fullfunnel.crm.said import NOT_FOR_US, NOT_YET
from fullfunnel.crm.telling import Moment, moment_of, tell_lead
from fullfunnel.events.names import LEAD_ACCEPTED, LEAD_AGED_OUT, LEAD_RECYCLED, LEAD_REJECTED, LEAD_REOPENED
from fullfunnel.people.actions import assign_company
from fullfunnel.workspaces.models import User
from fullfunnel.workspaces.roles import By, user_of

MAX_REASON = 300
NOTHING: Mapping[str, Any] = {}


@transaction.atomic
def accept_hand_over(hand_over: HandOver, *, by: By, at: datetime | None = None) -> HandOver | Refused:
    """Claim a waiting hand-over: of any number at once exactly one gets it, the others are told who did and when.

    Who accepts owns it from then on, and its company if that has no owner. It opens no deal.
    """
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    owner = user_of(by) or now.owner
    if now.outcome == Outcome.ACCEPTED and now.owner == owner:
        return now
    before, moment = now.owner_id, moment_of(at)
    if not _waiting(now).update(outcome=Outcome.ACCEPTED, decided_at=moment.at, owner=owner):
        return reason_decided(now)
    takes_company = owner is not None and now.company is not None and now.company.owner_id is None
    if takes_company and now.company is not None:
        assign_company(now.company, owner=owner, by=by)
    told = {"owner_before": before, "took_company": takes_company}
    return _decided(now, What.ACCEPTED, by, moment, told=told)


@transaction.atomic
def reject_hand_over(hand_over: HandOver, *, reason: str, by: By, at: datetime | None = None) -> HandOver | Refused:
    """Say that this is nothing for sales, and why."""
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    if refused := _wrong_reason(reason):
        return refused
    moment = moment_of(at)
    new = {"outcome": Outcome.REJECTED, "decided_at": moment.at, "reason": reason.strip()}
    if not _waiting(now).update(**new):
        return reason_decided(now)
    return _decided(now, What.REJECTED, by, moment, reason=reason.strip())


@transaction.atomic
def recycle_hand_over(
    hand_over: HandOver, *, reason: str, by: By, until: date | None = None, at: datetime | None = None
) -> HandOver | Refused:
    """Give somebody back to marketing, and say why; until: when to look at them again."""
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    if refused := _wrong_reason(reason):
        return refused
    moment = moment_of(at)
    new = {"outcome": Outcome.RECYCLED, "decided_at": moment.at, "reason": reason.strip()}
    if not _waiting(now).update(**new, recycled_until=until):
        return reason_decided(now)
    told = {"until": until.isoformat()} if until else NOTHING
    return _decided(now, What.RECYCLED, by, moment, reason=reason.strip(), told=told)


@transaction.atomic
def age_out_hand_over(hand_over: HandOver, *, at: datetime | None, by: By) -> HandOver | Refused:
    """Say that nobody answered in time. `at`: when the time was over, told as history; None: now."""
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    moment = moment_of(at)
    if not _waiting(now).update(outcome=Outcome.AGED_OUT, decided_at=moment.at):
        return reason_decided(now)
    return _decided(now, What.AGED_OUT, by, moment)


@transaction.atomic
def reopen_hand_over(hand_over: HandOver, *, by: By, at: datetime | None = None) -> HandOver | Refused:
    """Let a rejected, recycled or aged-out hand-over wait again."""
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    if now.outcome == Outcome.WAITING:
        return now
    if now.outcome == Outcome.ACCEPTED:
        return Refused("This hand-over is accepted: take that back, or move its deal.")
    return _reopened(now, by, moment_of(at))


@transaction.atomic
def undo_hand_over(hand_over: HandOver, *, by: By, at: datetime | None = None) -> HandOver | Refused:
    """Take the last decision back: it waits again, and has the owner, and its company too, that it had before."""
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    if now.outcome == Outcome.WAITING:
        return now
    if now.deal is not None and now.deal.taken_back_at is None:
        return Refused("A deal came of this hand-over: take the deal back first.")
    decisions = HandOverMove.objects.filter(workspace_id=now.workspace_id, hand_over=now, what=now.outcome)
    last = decisions.order_by("-at", "-seq", "-pk").first()
    told = last.told if last else {}
    if "owner_before" in told:
        taken = told.get("took_company") and now.company is not None and now.company.owner_id == now.owner_id
        if taken and now.company is not None:
            assign_company(now.company, owner=None, by=by)
        # Who has left meanwhile is nobody's owner: the hand-over lies in the pool.
        now.owner = User.objects.filter(pk=told["owner_before"], memberships__workspace_id=now.workspace_id).first()
    return _reopened(now, by, moment_of(at), told={"undone": now.outcome})


def reason_decided(hand_over: HandOver) -> Refused:
    """Return who decided the hand-over, when and how."""
    fresh = HandOver.objects.select_related("owner", "workspace").get(
        workspace_id=hand_over.workspace_id, pk=hand_over.pk
    )
    moves = HandOverMove.objects.filter(workspace_id=fresh.workspace_id, hand_over=fresh, what=fresh.outcome)
    last = moves.select_related("by").order_by("-at", "-seq", "-pk").first()
    who = (last.by if last else None) or fresh.owner or "The program"
    what = {"aged_out": "let it age out"}.get(fresh.outcome, f"{fresh.outcome} it")
    at = f" on {when(fresh.decided_at, fresh.workspace)}" if fresh.decided_at else ""
    return Refused(f"{who} {what}{at}.")


def _waiting(hand_over: HandOver) -> QuerySet[HandOver]:
    """The row, if it still waits: the condition of the one statement that decides it."""
    return HandOver.objects.filter(
        workspace_id=hand_over.workspace_id, pk=hand_over.pk, outcome=Outcome.WAITING, is_kept_elsewhere=False
    )


def _wrong_reason(reason: str) -> Refused | None:
    if 0 < len(reason.strip()) <= MAX_REASON:
        return None
    return Refused(f"Say why, in at most {MAX_REASON} characters.", "reason")


EVENTS = {
    What.ACCEPTED: LEAD_ACCEPTED,
    What.REJECTED: LEAD_REJECTED,
    What.RECYCLED: LEAD_RECYCLED,
    What.AGED_OUT: LEAD_AGED_OUT,
    What.REOPENED: LEAD_REOPENED,
}


def _decided(
    hand_over: HandOver,
    what: What,
    by: By,
    at: Moment,
    *,
    reason: str = "",
    told: Mapping[str, Any] = NOTHING,
) -> HandOver:
    """Add the move and its event to a row that was changed."""
    hand_over.refresh_from_db()
    HandOverMove.objects.create(
        workspace_id=hand_over.workspace_id, hand_over=hand_over, what=what, at=at.at, by=user_of(by),
        reason=reason, told=dict(told),
    )  # fmt: skip
    more = {"owner": hand_over.owner.public_id if hand_over.owner else ""}
    more |= {name: told[name] for name in ("until", "undone") if name in told}
    # What somebody wrote stays with the row.
    more |= {"reason": reason} if reason in (*NOT_FOR_US, *NOT_YET) else {}
    tell_lead(hand_over, EVENTS[what], by=by, at=at, more=more)
    return hand_over


def _reopened(hand_over: HandOver, by: By, at: Moment, *, told: Mapping[str, Any] = NOTHING) -> HandOver:
    hand_over.outcome, hand_over.decided_at = Outcome.WAITING, None
    hand_over.reason, hand_over.recycled_until = "", None
    hand_over.save(update_fields=["outcome", "decided_at", "reason", "recycled_until", "owner"])
    reopened = _decided(hand_over, What.REOPENED, by, at, told=told)
    reschedule(hand_over.workspace, [hand_over], why="It waits again", by=by)
    return reopened
