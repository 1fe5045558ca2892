"""Moving a deal: from the board, from its page, into Lost with the reason, on with what it lacked, and back again."""

import json

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core.pages import Toast, answer_action, refused_toast, render_form
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.brought import missing_of
from fullfunnel.crm.deals.forms import WhyLost
from fullfunnel.crm.deals.supplying import WhatIsMissing
from fullfunnel.crm.models import Deal, DealMove, PipelineStage, StageKind
from fullfunnel.crm.needs import NEEDS
from fullfunnel.crm.pipelines import first_of_kind, stages_of
from fullfunnel.crm.views.shared import back_of, columns, find_deal, is_on_board, parts
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow

NO_STAGE = "There is no such stage any more."


def stage_named(request: MemberRequest, public_id: str) -> PipelineStage | None:
    rows = PipelineStage.objects.filter(workspace=request.workspace, public_id=public_id)
    return rows.select_related("pipeline").first()


@allow(EDITORS)
@require_POST
def move(request: MemberRequest, public_id: str) -> HttpResponse:
    """Move to the stage `to`. A move into Lost is asked why; the place within a column follows from next step and waiting."""
    deal = find_deal(request, public_id)
    to = stage_named(request, request.POST.get("to", ""))
    if to is None:
        return refuse(request, deal, Refused(NO_STAGE, "to"))
    came_from, moved = deal.stage, actions.move_deal(deal, to=to, by=request.member)
    if not isinstance(moved, Refused):
        return tell_move(request, moved, came_from)
    if moved.field == "reason":
        return ask(request, deal, to, moved, form="crm:lose-deal", label="Say why")
    if missing := missing_of(deal, to):
        return ask(request, deal, to, moved, form="crm:supply-deal", label=NEEDS[missing[0]].button)
    return refuse(request, deal, moved)


def refuse(request: MemberRequest, deal: Deal, refused: Refused) -> HttpResponse:
    return answer_action(request, refused_toast(refused), back=back_of(request, deal))


def ask(
    request: MemberRequest, deal: Deal, to: PipelineStage, refused: Refused, *, form: str, label: str
) -> HttpResponse:
    """Refuse a move, and open the form that asks for what it lacks and completes it."""
    query = request.GET.copy()
    query["to"] = to.public_id
    url = f"{reverse(form, args=[request.workspace.slug, deal.public_id])}?{query.urlencode()}"
    if request.headers.get("HX-Request") != "true":
        return redirect(url)
    answered = answer_action(request, refused_toast(refused, opens=url, label=label), back=url)
    answered["HX-Trigger"] = json.dumps({"deal-asks": url})
    return answered


def tell_move(request: MemberRequest, deal: Deal, came_from: PipelineStage) -> HttpResponse:
    """Answer a move: what changed, and the toast that can take it back."""
    last = deal.moves.order_by("-at", "-seq", "-pk").first()
    undo = ""
    if last is not None and last.from_stage_id:
        undo = reverse("crm:undo-move", args=[request.workspace.slug, deal.public_id, last.pk])
        undo += f"?{request.GET.urlencode()}" if request.GET else ""
    toast = Toast(f"moved to {deal.stage.name}", lead=deal.name, undo=undo)
    return answer_action(request, toast, changed(request, deal, came_from), back=back_of(request, deal))


def changed(request: MemberRequest, deal: Deal, came_from: PipelineStage) -> list[str]:
    return columns(request, (came_from, deal.stage)) if is_on_board(request) else parts(request, deal)


@allow(EDITORS)
@require_POST
def undo(request: MemberRequest, public_id: str, move_id: int) -> HttpResponse:
    """Take a move back, by a move."""
    deal = find_deal(request, public_id)
    rows = DealMove.objects.filter(workspace=request.workspace, deal=deal).select_related("from_stage__pipeline")
    last, came_from = get_object_or_404(rows, pk=move_id), deal.stage
    undone = actions.undo_move(last, by=request.member)
    if isinstance(undone, Refused):
        return refuse(request, deal, undone)
    toast = Toast(f"is back in {undone.stage.name}", lead=deal.name)
    return answer_action(request, toast, changed(request, undone, came_from), back=back_of(request, deal))


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def lose(request: MemberRequest, public_id: str) -> HttpResponse:
    """Ask why a deal was lost, and move it into Lost."""
    deal = find_deal(request, public_id)
    form, to = WhyLost(request.POST or None, workspace=request.workspace), lost_stage(request, deal)
    if to is not None and form.is_valid():
        came_from = deal.stage
        lost = form.accept(actions.move_deal(deal, to=to, lost=form.said(), by=request.member))
        if lost:
            return out_of_drawer(tell_move(request, lost, came_from), lost, is_drawn=is_on_board(request))
    context = {"deal": deal, "to": to, "back": back_of(request, deal)}
    return render_form(request, "crm/deals/lost.html", form, context)


def lost_stage(request: MemberRequest, deal: Deal) -> PipelineStage | None:
    """Return the stage that the address names, if it is a lost one; else the pipeline's."""
    named = stage_named(request, request.GET.get("to", ""))
    is_lost = named is not None and named.kind == StageKind.LOST
    return named if is_lost else first_of_kind(stages_of(deal.pipeline), StageKind.LOST)


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def supply(request: MemberRequest, public_id: str) -> HttpResponse:
    """Ask for exactly what keeps a deal from going on to the stage `to`, and move it there in the same act."""
    deal, to = find_deal(request, public_id), stage_named(request, request.GET.get("to", ""))
    if to is None:
        return refuse(request, deal, Refused(NO_STAGE, "to"))
    form, came_from = WhatIsMissing(request.POST or None, deal=deal, missing=missing_of(deal, to)), deal.stage
    if form.is_valid():
        moved = form.accept(actions.supply_deal(deal, to=to, supplied=form.supplied(), by=request.member))
        if moved:
            return out_of_drawer(tell_move(request, moved, came_from), moved, is_drawn=is_on_board(request))
    context = {"deal": deal, "to": to, "back": back_of(request, deal), "picks": form.picks}
    return render_form(request, "crm/deals/supply.html", form, context)


def out_of_drawer(answered: HttpResponse, deal: Deal, *, is_drawn: bool) -> HttpResponse:
    """Let a form in the drawer end there: its fragments are swapped, and the drawer closes.

    is_drawn: the board behind it has changed with them.
    """
    answered["HX-Reswap"] = "none"
    answered["HX-Trigger"] = json.dumps({"deal-done": {"card": f"deal-{deal.public_id}", "isDrawn": is_drawn}})
    return answered
