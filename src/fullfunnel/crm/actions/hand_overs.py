"""How a hand-over begins: one for each cause. Whoever asks while one is open joins it, or is noted as asking again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm.actions.assigning import reassign_hand_over
from fullfunnel.crm.assigning.giving import begin_waiting, tell_assigned
from fullfunnel.crm.held import hand_over_now, owner_of, reason_no_member
from fullfunnel.crm.models import DealPerson, HandOver, HandOverJoin, HandOverMove, Outcome, StageKind, What
from fullfunnel.crm.reasons import ENGAGEMENT, FIT, Reason, sum_of, written_reasons
from fullfunnel.crm.telling import Moment, moment_of, tell_lead
from fullfunnel.events.names import LEAD_HANDED_OVER
from fullfunnel.people.actions import link_company
from fullfunnel.people.belonging import company_of_address
from fullfunnel.people.living import living_or_refused
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import User
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import EDITORS
from fullfunnel.workspaces.sight import reason_not_to_change

MAX_CAUSE = 200
BY_SCORE = "score"


@transaction.atomic
def hand_over(
    person: Person,
    *,
    cause_event: str,
    why: Sequence[str | Reason],
    by: By,
    at: datetime | None = None,
    company: Company | None = None,
    form: str = "",
    via: str = "",
) -> HandOver | Refused:
    """Hand a person to sales; the only way in. The same cause again changes nothing.

    Returns the hand-over that they joined, or asked again on, where one is open. at: told as history; None: now.
    company: of the hand-over, if not the person's own. via: how they came where no form led to it (phone, fair, score, …).
    """
    refused = reason_not_to_act(by, person.workspace_id, EDITORS) or _wrong_cause(cause_event)
    # A lead that is typed in may be somebody whom a colleague has: it is noted there.
    refused = refused or (None if via else reason_not_to_change(person, by=by))
    if refused:
        return refused
    if (known := _of_cause(person.workspace_id, cause_event)) is not None:
        return known
    now = living_or_refused(person)
    if isinstance(now, Refused):
        return now
    if now.is_contact_unknown:
        return Refused("This stands for a company of which nobody is known: there is nobody to hand over.")
    reasons = written_reasons(why)
    if (asked := _open_one(now)) is not None:
        return _note(asked, now, HandOverJoin.Kind.ASKED_AGAIN, cause_event, reasons, at)
    company = company or now.company or _found_company(now, by)
    if (waiting := _waiting_of(company)) is not None:
        return _note(waiting, now, HandOverJoin.Kind.JOINED, cause_event, reasons, at)
    return _begin(now, company, cause_event, reasons, by, moment_of(at), form=form, via=via)


def _wrong_cause(cause_event: str) -> Refused | None:
    if 0 < len(cause_event) <= MAX_CAUSE:
        return None
    return Refused(f"A hand-over names the event that led to it, with at most {MAX_CAUSE} characters.", "cause_event")


def _of_cause(workspace_id: int, cause_event: str) -> HandOver | None:
    begun = HandOver.objects.filter(workspace_id=workspace_id, cause_event=cause_event).first()
    if begun is not None:
        return begun
    noted = HandOverJoin.objects.filter(workspace_id=workspace_id, cause_event=cause_event)
    found = noted.select_related("hand_over").first()
    return found.hand_over if found else None


def _open_one(person: Person) -> HandOver | None:
    """The person's hand-over that waits, or is accepted and not yet a decided deal; also that of an open deal they are on."""
    mine = HandOver.objects.filter(workspace_id=person.workspace_id, person=person).order_by("-handed_over_at", "-pk")
    under_way = Q(deal=None) | Q(deal__state=StageKind.OPEN, deal__taken_back_at=None)
    # What another program accepted stands in no inbox of ours: whoever asks us would be asking nobody.
    accepted = Q(outcome=Outcome.ACCEPTED, is_kept_elsewhere=False) & under_way
    if (found := mine.filter(Q(outcome=Outcome.WAITING) | accepted).first()) is not None:
        return found
    roles = DealPerson.objects.filter(workspace_id=person.workspace_id, person=person)
    on = roles.filter(deal__state=StageKind.OPEN, deal__taken_back_at=None, deal__hand_over__isnull=False)
    on = on.filter(deal__is_kept_elsewhere=False)
    role = on.select_related("deal__hand_over").order_by("-pk").first()
    return role.deal.hand_over if role else None


def _waiting_of(company: Company | None) -> HandOver | None:
    if company is None:
        return None
    waiting = HandOver.objects.filter(workspace_id=company.workspace_id, company=company, outcome=Outcome.WAITING)
    return waiting.filter(is_kept_elsewhere=False).order_by("handed_over_at", "pk").first()


def _found_company(person: Person, by: By) -> Company | None:
    """The company whose verified domain the person's address has; they belong to it from now on."""
    company = company_of_address(person.workspace_id, person.email) if person.email else None
    if company is None or isinstance(link_company(person, company=company, by=by), Refused):
        return None
    return company


def _note(
    hand_over: HandOver, person: Person, kind: str, cause_event: str, why: list[dict[str, object]], at: datetime | None
) -> HandOver:
    moment = at or clock.now()
    HandOverJoin.objects.create(
        workspace_id=hand_over.workspace_id, hand_over=hand_over, person=person, kind=kind,
        cause_event=cause_event, why=why, at=moment,
    )  # fmt: skip
    if kind == HandOverJoin.Kind.ASKED_AGAIN:
        mine = HandOver.objects.filter(workspace_id=hand_over.workspace_id, pk=hand_over.pk)
        mine.update(asked_again=F("asked_again") + 1, asked_again_at=moment)
        hand_over.refresh_from_db(fields=["asked_again", "asked_again_at"])
    return hand_over


def _begin(
    person: Person,
    company: Company | None,
    cause_event: str,
    why: list[dict[str, object]],
    by: By,
    at: Moment,
    *,
    form: str,
    via: str,
) -> HandOver:
    made = HandOver.objects.create(
        workspace_id=person.workspace_id, person=person, company=company, cause_event=cause_event, why=why,
        fit=sum_of(why, FIT), engagement=sum_of(why, ENGAGEMENT), form=form.strip()[:200], owner=owner_of(company),
        handed_over_at=at.at,
    )  # fmt: skip
    HandOverMove.objects.create(
        workspace_id=made.workspace_id, hand_over=made, what=What.HANDED_OVER, at=made.handed_over_at, by=user_of(by)
    )
    tell_lead(made, LEAD_HANDED_OVER, by=by, at=at, more=_how(made, via))
    return begin_waiting(made, by=by, is_history=at.is_history)


def _how(made: HandOver, via: str) -> dict[str, str]:
    """Return how somebody came, as the event says it; by score with both, so that other limits can be tried on the past."""
    if via != BY_SCORE:
        return {"via": via} if via else {}
    return {"via": via, "by_score": f"{made.fit}/{made.engagement}"}


@transaction.atomic
def assign_hand_over(
    hand_over: HandOver, *, owner: User | None, by: By, at: datetime | None = None
) -> HandOver | Refused:
    """Give a hand-over that waits or is accepted to a member; None: back into the pool."""
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    if refused := reason_no_member(owner, now.workspace_id):
        return refused
    if now.outcome not in (Outcome.WAITING, Outcome.ACCEPTED):
        return Refused(f"This hand-over is decided ({now.get_outcome_display().lower()}); reopen it first.")
    if now.owner == owner:
        return now
    why = f"{user_of(by) or 'The program'} gave it to {owner or 'the pool'}"
    if now.outcome == Outcome.WAITING:
        return reassign_hand_over(now, owner=owner, why=why, by=by, at=at)
    told = {"from": now.owner_id, "to": owner.pk if owner else None}
    HandOverMove.objects.create(
        workspace_id=now.workspace_id, hand_over=now, what=What.ASSIGNED, at=at or clock.now(), by=user_of(by),
        told=told,
    )  # fmt: skip
    now.owner, now.owned_because = owner, why
    now.save(update_fields=["owner", "owned_because"])
    if at is None:
        tell_assigned(now, why=why, by=by)
    return now
