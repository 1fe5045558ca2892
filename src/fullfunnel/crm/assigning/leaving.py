"""What becomes of sellers' work when they leave, are away, or work at other times (config/wiring/members.py)."""

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from fullfunnel.core import clock
from fullfunnel.core.numbers import number
from fullfunnel.crm.actions import pass_on_hand_overs
from fullfunnel.crm.assigning.giving import reschedule, waiting_with
from fullfunnel.crm.models import Deal, HandOver, Outcome, StageKind, Task
from fullfunnel.crm.models.deals import LISTED
from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.roles import By
from fullfunnel.workspaces.team.hooks import Load


class WorkOfSellers:
    """Hand-overs that wait, open deals and tasks."""

    def loads(self, workspace: Workspace) -> Mapping[int | None, Load]:
        rows = HandOver.objects.filter(workspace=workspace, outcome=Outcome.WAITING, is_kept_elsewhere=False)
        past = Count("pk", filter=Q(due_at__lt=clock.now()))
        counted = rows.order_by().values_list("owner").annotate(waiting=Count("pk"), past=past)
        return {owner: Load(waiting, late) for owner, waiting, late in counted}

    def held(self, membership: Membership) -> list[str]:
        named = {
            "lead that waits": waiting_with(membership.workspace, membership.user).count(),
            "open deal": _deals(membership).count(),
            "open task": _tasks(membership).count(),
        }
        plural = {"lead that waits": "leads that wait"}
        return [
            f"{number(count)} {name if count == 1 else plural.get(name, name + 's')}"
            for name, count in named.items()
            if count
        ]

    def pass_on(self, membership: Membership, *, to: User | None, by: By) -> None:
        why = f"{membership.user} left the workspace"
        pass_on_hand_overs(membership, to=to, why=why, by=by)
        # Their deals and tasks go along without a word in each history: the audit trail names the heir.
        _deals(membership).update(owner=to)
        _tasks(membership).update(owner=to)


def _deals(membership: Membership) -> QuerySet[Deal]:
    mine = Deal.objects.filter(LISTED, workspace=membership.workspace, owner=membership.user, state=StageKind.OPEN)
    return mine.filter(is_kept_elsewhere=False)


def _tasks(membership: Membership) -> QuerySet[Task]:
    return Task.objects.filter(workspace=membership.workspace, owner=membership.user, done_at=None)


WORK = WorkOfSellers()


def follow_calendars(workspace: Workspace, user: User | None, what: str, *, by: By) -> None:
    """Count anew by when waiting hand-overs are due: those of `user`, or all."""
    rows = HandOver.objects.filter(workspace=workspace, outcome=Outcome.WAITING, is_kept_elsewhere=False)
    rows = rows.filter(owner=user) if user is not None else rows
    reschedule(workspace, rows.select_related("workspace"), why=f"Because of {what}"[:300], by=by)
