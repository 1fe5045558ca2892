"""Who gets a hand-over and why, by when it is due, and what becomes of it when they are away, late, or leave."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm.actions.deciding import reason_decided
from fullfunnel.crm.assigning.candidates import candidates_of, write_turns
from fullfunnel.crm.assigning.giving import NEW, add_note, reschedule, schedule, tell_assigned, waiting_with, written
from fullfunnel.crm.assigning.promises import rules_of
from fullfunnel.crm.assigning.turn import choose
from fullfunnel.crm.held import hand_over_now, reason_kept_elsewhere
from fullfunnel.crm.models import HandOver, Outcome, What
from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.roles import By, user_of
from fullfunnel.workspaces.team.calendars import calendars_of


@transaction.atomic
def reassign_hand_over(
    hand_over: HandOver, *, owner: User | None, why: str, by: By, at: datetime | None = None
) -> HandOver | Refused:
    """Give a hand-over that waits to somebody (None: into the pool), and count its due time in their working time."""
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    claimed = HandOver.objects.filter(workspace_id=now.workspace_id, pk=now.pk, outcome=Outcome.WAITING)
    if not claimed.filter(owner=now.owner_id).update(owner=owner, owned_because=why[:300]):
        return Refused("It was decided, or given to somebody else, meanwhile.")
    if owner is None and now.owner_id is None:
        now.refresh_from_db()
        return now
    owner_before, due_before = now.owner_id, now.due_at
    now.refresh_from_db()
    schedule(now, calendars_of(now.workspace), is_history=now.ages_out_at is None)
    now.save(update_fields=NEW)
    told: dict[str, object] = {"from": owner_before, "to": now.owner_id}
    if now.due_at != due_before:
        told["due"] = [written(due_before), written(now.due_at)]
    add_note(now, What.ASSIGNED, by, why, told, at)
    if now.owner_id:
        tell_assigned(now, why=why, by=by)
    return now


@transaction.atomic
def share_out_hand_over(hand_over: HandOver, *, why: str, by: By) -> HandOver | Refused:
    """Give a hand-over that waits to whose turn it is, but not to who has it; with nobody to take it, into the pool."""
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    if now.outcome != Outcome.WAITING:
        return Refused("It was decided meanwhile.")
    workspace = Workspace.objects.get(pk=now.workspace_id)
    calendars = calendars_of(workspace)
    candidates = [
        each
        for each in candidates_of(workspace, calendars, now.person, now.company, clock.now())
        if each.id != now.owner_id
    ]
    choice = choose(candidates)
    write_turns(workspace, candidates, choice)
    owner = User.objects.get(pk=choice.candidate.id) if choice.candidate else None
    return reassign_hand_over(now, owner=owner, why=f"{why}: {choice.why[0].lower()}{choice.why[1:]}", by=by)


@transaction.atomic
def pass_on_hand_overs(membership: Membership, *, to: User | None, why: str, by: By) -> tuple[HandOver, ...]:
    """Give all that waits with a member to somebody else, or into the pool; return what went."""
    rows = waiting_with(membership.workspace, membership.user).order_by("handed_over_at", "pk")
    given = [reassign_hand_over(row, owner=to, why=why, by=by) for row in rows]
    return tuple(each for each in given if not isinstance(each, Refused))


@transaction.atomic
def give_back_hand_over(hand_over: HandOver, *, by: Membership) -> HandOver | Refused:
    """Give back what waits with `by`: to whose turn it is where leads are shared out so, else into the pool."""
    now = hand_over_now(hand_over, by=by)
    if isinstance(now, Refused):
        return now
    if refused := reason_not_to_answer(now, by=by):
        return refused
    why = f"{by.user} said: not now"
    if rules_of(now.workspace).by_turn:
        return share_out_hand_over(now, why=why, by=by)
    return reassign_hand_over(now, owner=None, why=why, by=by)


def reason_not_to_answer(row: HandOver, *, by: Membership) -> Refused | None:
    """Return why a member cannot answer a hand-over any more that was given to them."""
    if refused := reason_kept_elsewhere(row):
        return refused
    if row.outcome != Outcome.WAITING:
        return reason_decided(row)
    if row.owner_id == by.user_id:
        return None
    if row.owner is None:
        return Refused("This lead is in the pool again: whoever is first takes it, in the inbox.")
    return Refused(f"{row.owner} has this lead now.")


@transaction.atomic
def share_out_waiting(membership: Membership, *, numbers: Mapping[int, int], by: By) -> tuple[HandOver, ...] | Refused:
    """Give so many of the leads that wait with a member to others: a user's id -> how many. The best fitting go first."""
    rows = list(waiting_with(membership.workspace, membership.user).order_by("-fit", "handed_over_at", "pk"))
    users = User.objects.in_bulk([user_id for user_id, number in numbers.items() if number])
    members = Membership.objects.filter(workspace_id=membership.workspace_id, user__in=users)
    if members.count() != len(users) or membership.user_id in users:
        return Refused("Choose other members of this workspace.")
    if not 0 < sum(numbers.values()) <= len(rows):
        return Refused(f"{len(rows)} wait with {membership.user}: share out from 1 to {len(rows)}.")
    owners = [users[user_id] for user_id, number in numbers.items() for _ in range(number)]
    why = f"{user_of(by) or 'The program'} shared out what waited with {membership.user}"
    given = [reassign_hand_over(row, owner=owner, why=why, by=by) for row, owner in zip(rows, owners, strict=False)]
    return tuple(each for each in given if not isinstance(each, Refused))


@transaction.atomic
def reschedule_hand_over(hand_over: HandOver, *, why: str, by: By) -> HandOver | Refused:
    """Count again by when a hand-over is due, and say why if that changes it."""
    (row,) = reschedule(hand_over.workspace, [hand_over], why=why, by=by) or (hand_over,)
    return row
