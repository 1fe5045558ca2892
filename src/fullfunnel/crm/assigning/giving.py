"""What the actions of sharing out share: choosing an owner, counting when something is due, and saying why."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from fullfunnel.core import clock
from fullfunnel.crm.assigning.candidates import candidates_of, write_turns
from fullfunnel.crm.assigning.promises import rules_of, set_due
from fullfunnel.crm.assigning.turn import NOBODY, Candidate, Choice, choose
from fullfunnel.crm.held import owner_of
from fullfunnel.crm.models import HandOver, HandOverMove, Outcome, What
from fullfunnel.workspaces.models import User, Workspace
from fullfunnel.workspaces.roles import By, user_of
from fullfunnel.workspaces.team.calendars import Calendars, calendars_of

NEW = ["owner", "owned_because", "due_at", "ages_out_at"]


def begin_waiting(row: HandOver, *, by: By, is_history: bool) -> HandOver:
    """Give a new hand-over its owner and its due time; what is told as history keeps the owner that it has."""
    workspace = Workspace.objects.get(pk=row.workspace_id)
    calendars = calendars_of(workspace)
    if not is_history:
        _give(row, choose_owner(row, workspace, calendars))
    schedule(row, calendars, is_history=is_history)
    row.save(update_fields=NEW)
    if row.owner_id and not is_history:
        tell_assigned(row, why=row.owned_because, by=by)
    return row


_chosen: ContextVar[Choice | None] = ContextVar("chosen", default=None)


@contextmanager
def chosen_by(by: By, owner: User | None) -> Iterator[None]:
    """Inside, a new hand-over goes to whom somebody chose (None: the pool): no turn is used up, and nobody else is told."""
    why = f"{user_of(by) or 'The program'} gave it to {owner or 'the pool'}"
    token = _chosen.set(Choice(Candidate(owner.pk, str(owner)) if owner else None, NOBODY, why))
    try:
        yield
    finally:
        _chosen.reset(token)


def choose_owner(row: HandOver, workspace: Workspace, calendars: Calendars) -> Choice:
    """Choose an owner by the rules: the company's first, then by turn where that is switched on."""
    if (chosen := _chosen.get()) is not None:
        return chosen
    owner = owner_of(row.company)
    by_turn = rules_of(workspace).by_turn
    candidates = candidates_of(workspace, calendars, row.person, row.company, clock.now())
    if owner is not None and not any(each.id == owner.pk for each in candidates):
        return Choice(None, "owner", f"{owner} looks after the company")
    mine = owner.pk if owner else None
    choice = choose(candidates if by_turn else [each for each in candidates if each.id == mine], mine)
    if choice.candidate is None and not by_turn:
        said = f"{choice.why}, so it waits in the pool" if owner else "New leads wait in the pool"
        return Choice(None, NOBODY, said)
    write_turns(workspace, candidates, choice)
    return choice


def _give(row: HandOver, choice: Choice) -> None:
    """Write into a row who has it from now on."""
    if choice.candidate is not None:
        row.owner = User.objects.get(pk=choice.candidate.id)
    elif choice.how == NOBODY:
        row.owner = None
    row.owned_because = choice.why[:300]


def schedule(row: HandOver, calendars: Calendars, *, is_history: bool) -> None:
    rules = rules_of(row.workspace)
    set_due(row, calendars.of(row.owner_id), rules, since=waits_since(row), is_history=is_history)


def waits_since(row: HandOver) -> datetime:
    """Return since when somebody waits for an answer: since they were handed over, or since it was reopened."""
    moves = HandOverMove.objects.filter(workspace_id=row.workspace_id, hand_over=row, what=What.REOPENED)
    reopened = moves.order_by("-at", "-pk").first()
    return reopened.at if reopened and "undone" not in reopened.told else row.handed_over_at


def tell_assigned(row: HandOver, *, why: str, by: By) -> None:
    """Tell the rooms of wiring.ON_ASSIGNED that somebody has a hand-over now; within the transaction that gave it."""
    for path in settings.ON_ASSIGNED:
        import_string(path)(row, why=why, by=by)


def reschedule(workspace: Workspace, rows: Iterable[HandOver], *, why: str, by: By) -> list[HandOver]:
    """Count anew by when these are due; return those whose time changed, each with a move that says why."""
    calendars, changed = calendars_of(workspace), []
    for row in rows:
        before = row.due_at
        schedule(row, calendars, is_history=row.ages_out_at is None)
        if row.due_at != before:
            row.save(update_fields=["due_at", "ages_out_at"])
            add_note(row, What.RESCHEDULED, by, why, {"due": [written(before), written(row.due_at)]}, None)
            changed.append(row)
    return changed


def waiting_with(workspace: Workspace, user: User | None) -> QuerySet[HandOver]:
    """Return what waits with somebody, or in the pool (None), without what another program keeps."""
    rows = HandOver.objects.filter(workspace=workspace, outcome=Outcome.WAITING, owner=user, is_kept_elsewhere=False)
    return rows.select_related("workspace", "person", "company", "owner")


def add_note(row: HandOver, what: What, by: By, why: str, told: Mapping[str, object], at: datetime | None) -> None:
    HandOverMove.objects.create(
        workspace_id=row.workspace_id, hand_over=row, what=what, at=at or clock.now(), by=user_of(by),
        reason=why[:300], told=dict(told),
    )  # fmt: skip


def written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
