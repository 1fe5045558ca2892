"""What the views of a deal share: finding it, and answering its actions."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from fullfunnel.core.pages import Toast, answer_action, refused_toast
from fullfunnel.core.refused import Refused
from fullfunnel.crm.deals import board as boards
from fullfunnel.crm.deals.record import record_of
from fullfunnel.crm.deals.wanted import wanted
from fullfunnel.crm.models import Deal, PipelineStage
from fullfunnel.crm.views.deals import on_board
from fullfunnel.workspaces.scope import MemberRequest
from fullfunnel.workspaces.sight import visible

RELATED = ("company", "owner", "pipeline", "stage", "hand_over__person", "source", "lost_reason", "workspace")


def find_deal(request: MemberRequest, public_id: str) -> Deal:
    """Return the deal of that address; 404 when this workspace has none, or the member does not see it."""
    found = seen_deal(request, public_id)
    if found is None:
        raise Http404("no such deal in this workspace, or not for you to see")
    return found


def seen_deal(request: MemberRequest, public_id: str) -> Deal | None:
    """Return a deal, if the member sees it: given to somebody else, it may be hidden from who gave it."""
    rows = visible(Deal.objects.filter(workspace=request.workspace, public_id=public_id))
    return rows.select_related(*RELATED).first()


def deal_url(deal: Deal) -> str:
    return reverse("crm:deal", args=[deal.workspace.slug, deal.public_id])


def is_on_board(request: MemberRequest) -> bool:
    """Whether a board asks, whose columns are then to be drawn again."""
    return request.GET.get("on") == "board"


def back_of(request: MemberRequest, deal: Deal) -> str:
    """Return where somebody without JavaScript goes on: the board they came from, or the deal."""
    if not is_on_board(request):
        return deal_url(deal)
    query = request.GET.copy()
    query.pop("on", None)
    return f"{reverse('crm:deals', args=[request.workspace.slug])}?{query.urlencode()}"


def columns(request: MemberRequest, stages: Iterable[PipelineStage]) -> list[str]:
    """Draw the columns of these stages as the board shows them now."""
    want = on_board(wanted(request))
    if want.pipeline is None:
        return []
    changed = {stage.public_id for stage in stages}
    read = [stage for stage in boards.shown_stages(want, want.pipeline) if stage.public_id in changed]
    board = boards.board_of(want, want.pipeline, boards.held_in(want, want.pipeline, read), only=changed)
    drawn = (column for column in board.columns if column.key in changed)
    return [
        render_to_string("core/_column.html", {"board": board, "column": column, "is_swapped": True}, request)
        for column in drawn
    ]


def parts(request: MemberRequest, deal: Deal) -> list[str]:
    """Draw the parts of the deal's page that actions change; none of a deal that is hidden now."""
    now = seen_deal(request, deal.public_id)
    if now is None:
        return []
    context = record_of(request, now) | {"is_swapped": True}
    return [render_to_string(f"crm/deals/_{name}.html", context, request) for name in ("head", "log", "rail")]


def answer(request: MemberRequest, deal: Deal, result: object, toast: Toast) -> HttpResponse:
    """Answer an action on a deal: `toast` and the changed parts of its page, or the refusal."""
    if isinstance(result, Refused):
        return answer_action(request, refused_toast(result), back=back_of(request, deal))
    drawn = parts(request, deal)
    back = back_of(request, deal) if drawn else reverse("crm:deals", args=[request.workspace.slug])
    return answer_action(request, toast, drawn, back=back)
