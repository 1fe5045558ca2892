"""Undo of the inbox: each takes one act back, and answers with a toast without Undo."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.models import HandOverMove, What
from fullfunnel.crm.views.answering import done, refused
from fullfunnel.crm.views.inbox import asked_hand_over
from fullfunnel.workspaces.models import User
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow


@allow(EDITORS)
@require_POST
def undo(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    """Take the last decision back: it waits again."""
    one = asked_hand_over(request, hand_over_id)
    undone = actions.undo_hand_over(one, by=request.member)
    return refused(request, one, undone) if isinstance(undone, Refused) else done(request, undone, "waits again")


@allow(EDITORS)
@require_POST
def undo_assign(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    """Give it back to whom it was taken from last."""
    one = asked_hand_over(request, hand_over_id)
    moves = HandOverMove.objects.filter(workspace=request.workspace, hand_over=one, what=What.ASSIGNED)
    last = moves.order_by("-at", "-pk").first()
    if last is None or last.told.get("to") != one.owner_id:
        return refused(request, one, Refused("It was given to somebody else since; assign it anew."))
    before = User.objects.filter(pk=last.told.get("from")).first()
    back = actions.assign_hand_over(one, owner=before, by=request.member)
    if isinstance(back, Refused):
        return refused(request, one, back)
    return done(request, back, f"is {before}'s again" if before else "is back in the pool")


@allow(EDITORS)
@require_POST
def undo_deal(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    """Take back the deal that was opened for this hand-over."""
    one = asked_hand_over(request, hand_over_id)
    mine = one.deal if one.deal is not None and one.deal.hand_over_id == one.pk else None
    why = Refused("No deal was opened for this hand-over: there is nothing to take back.")
    back = actions.take_back_deal(mine, by=request.member) if mine else why
    return refused(request, one, back) if isinstance(back, Refused) else done(request, one, "the deal is taken back")
