"""What happens to hand-overs and deals as time passes."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from fullfunnel.core import clock
from fullfunnel.core.texts import dates
from fullfunnel.crm.actions import age_out_hand_over, reassign_hand_over, share_out_hand_over, win_deal
from fullfunnel.crm.assigning.promises import rules_of
from fullfunnel.crm.models import Deal, HandOver, Outcome, PipelineStage, SalesRules, StageKind, Task, WhenLate
from fullfunnel.crm.models.deals import LISTED
from fullfunnel.crm.noticing.telling import midnight_of, tell_aged_out, tell_due, tell_late
from fullfunnel.notices.kinds import LEAD_LATE, TASK_DUE
from fullfunnel.notices.models import Notice
from fullfunnel.workspaces.models import Absence, Workspace
from fullfunnel.workspaces.team.calendars import calendars_of

R = TypeVar("R", bound=Model)
PORTION = 100
LATE, WEEK = timedelta(days=1), timedelta(days=7)
DAY, MORNING = timedelta(days=1), timedelta(hours=6)


def win_what_stayed() -> bool:
    """Win deals whose time to withdraw is over, such as a household's 14 days after it signed; True when there are more.

    What was over more than a day ago, because it was told as history, is won at its own time and sets nothing off.
    """
    now = clock.now()
    for stage in PipelineStage.objects.filter(wins_after_days__isnull=False):
        wait = timedelta(days=stage.wins_after_days or 0)
        due = Deal.objects.filter(LISTED, stage=stage, state=StageKind.OPEN, is_kept_elsewhere=False)
        found = list(due.filter(stage_since__lte=now - wait).order_by("stage_since")[:PORTION])
        for deal in found:
            over = deal.stage_since + wait
            win_deal(deal, by=None, at=over if now - over > LATE else None)
        if len(found) == PORTION:
            return True
    return False


# Of hand-overs only those that age out by themselves: what was told as history sets nothing off.
OWN = HandOver.objects.filter(outcome=Outcome.WAITING, is_kept_elsewhere=False, ages_out_at__isnull=False)


def age_out() -> bool:
    """Let hand-overs age out that nobody answered in time; True when there are more."""
    found = list(OWN.filter(ages_out_at__lte=clock.now()).order_by("ages_out_at")[:PORTION])
    for row in found:
        with transaction.atomic():
            aged = age_out_hand_over(row, at=None, by=None)
            if isinstance(aged, HandOver):
                tell_aged_out(aged)
    return len(found) == PORTION


def tell_what_is_late() -> bool:
    """Tell members of hand-overs of theirs that wait longer than promised, since a day ago at most; True when there are more."""
    now = clock.now()
    late = OWN.filter(due_at__lt=now, due_at__gt=now - LATE, owner__isnull=False)
    told = Notice.objects.filter(workspace__in=late.values("workspace"), kind=LEAD_LATE, told_at__gt=now - WEEK)
    known = set(told.values_list("subject", "occasion"))
    keys = late.order_by("due_at").values_list("pk", "public_id", "due_at")
    untold = [pk for pk, subject, due in keys if due and (subject, due.isoformat()) not in known]
    rows = late.select_related("workspace", "person", "company", "owner").order_by("due_at")
    return tell_portion(untold, rows, tell_late) >= PORTION


def tell_what_is_due() -> bool:
    """Tell members in the morning of tasks of theirs due today, in the workspace's zone; True when there are more."""
    told = 0
    for workspace in Workspace.objects.all():
        today = midnight_of(workspace.timezone, clock.now())
        if clock.now() < today + MORNING or told >= PORTION:
            continue
        due = Task.objects.filter(workspace=workspace, done_at=None, owner__isnull=False)
        due = due.filter(due_at__gte=today, due_at__lt=today + DAY).order_by("due_at")
        seen = Notice.objects.filter(workspace=workspace, kind=TASK_DUE, occasion=today.date().isoformat())
        known = set(seen.values_list("subject", "member__user"))
        keys = due.values_list("pk", "public_id", "owner")
        untold = [pk for pk, subject, owner in keys if (subject, owner) not in known]
        rows = due.select_related("owner", "person", "deal__company", "deal__hand_over__person")
        told += tell_portion(untold, rows, partial(tell_due, today=today))
    return told >= PORTION


def tell_portion(untold: list[int], rows: QuerySet[R], tell: Callable[[R], object]) -> int:
    """Tell of rows (ids) until a portion of notices was made; return how many were.

    What its member does not want to be told of is passed over, so that it holds up nothing.
    """
    told = 0
    for at in range(0, len(untold), PORTION):
        if told >= PORTION:
            break
        told += sum(isinstance(tell(row), Notice) for row in rows.filter(pk__in=untold[at : at + PORTION]))
    return told


def move_late() -> bool:
    """Move hand-overs whose first answer is late, once each, where the rules say so; True when there are more."""
    for rules in SalesRules.objects.exclude(when_late=WhenLate.STAYS).select_related("workspace"):
        late = OWN.filter(workspace=rules.workspace, due_at__lt=clock.now(), moved_late_at=None, owner__isnull=False)
        found = list(late.select_related("owner").order_by("due_at")[:PORTION])
        for row in found:
            HandOver.objects.filter(workspace=rules.workspace, pk=row.pk).update(moved_late_at=clock.now())
            why = f"{row.owner} had not answered in time"
            if rules.when_late == WhenLate.POOL:
                reassign_hand_over(row, owner=None, why=why, by=None)
            else:
                share_out_hand_over(row, why=why, by=None)
        if len(found) == PORTION:
            return True
    return False


def hand_on_of_absent() -> bool:
    """Give what waits with somebody who is away to their stand-in, or by turn where leads are shared out so."""
    today = clock.now().date()
    # A lead of Friday evening is first seen on Monday, or after a few holidays.
    near = Absence.objects.filter(first__lte=today + WEEK, last__gte=today - LATE)
    for workspace in Workspace.objects.filter(pk__in=near.values("workspace")):
        calendars, by_turn = calendars_of(workspace), rules_of(workspace).by_turn
        mine = OWN.filter(workspace=workspace, owner__in=calendars.absences)
        for row in mine.select_related("owner")[:PORTION]:
            absence = calendars.absence_at(row.owner_id or 0, clock.now())
            if absence is None or not (absence.stand_in_id or by_turn):
                continue
            why = f"{row.owner} is away until {dates.weekday(absence.last)}"
            stand_in = absence.stand_in
            if stand_in is not None and calendars.absence_at(stand_in.pk, clock.now()) is None:
                reassign_hand_over(row, owner=stand_in, why=f"{why}; {stand_in} stands in", by=None)
            elif by_turn:
                share_out_hand_over(row, why=why, by=None)
    return False
