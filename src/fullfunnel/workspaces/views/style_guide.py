"""The style guide: the parts that pages are built of, each with all its states, for admins. Its deals are kept in the session."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.core.pages import Toast, answer_action, refused_toast
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import samples
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow

PLACES = "style guide"


def address(request: MemberRequest) -> str:
    return reverse("workspaces:style-guide", args=[request.workspace.slug])


@allow(ADMINS)
@require_safe
def style_guide(request: MemberRequest) -> HttpResponse:
    board = samples.sample_board(request.session.get(PLACES, {}), address(request))
    return render(request, "style/guide.html", {"board": board})


@allow(ADMINS)
@require_POST
def move(request: MemberRequest, key: str) -> HttpResponse:
    """Move a sample: to `to`, above the card `before`."""
    here, to = address(request), request.POST.get("to", "")
    deal = next((deal for deal in samples.DEALS if deal.key == key), None)
    if deal is None:
        raise Http404("no such sample")
    places = request.session.get(PLACES, {})
    stands = dict(samples.COLUMNS)[places.get(key, deal.column)]
    if reason := samples.reason_not_to_move(key, to):
        toast = refused_toast(
            Refused(reason), lead=f"{deal.name} stays in {stands}.", opens=f"{here}record/4/", label="Set close date"
        )
        return answer_action(request, toast, back=here)
    request.session[PLACES] = moved(places, key, to, request.POST.get("before", "").removeprefix("deal-"))
    toast = Toast(f"moved to {dict(samples.COLUMNS)[to]}", lead=deal.name, undo=f"{here}undo/")
    return answer_action(request, toast, _columns(request), back=here)


@allow(ADMINS)
@require_POST
def undo(request: MemberRequest) -> HttpResponse:
    """Put all samples back."""
    request.session.pop(PLACES, None)
    return answer_action(request, Toast("All cards are back."), _columns(request), back=address(request))


def moved(places: dict[str, str], key: str, to: str, before: str) -> dict[str, str]:
    """Return the places with the deal `key` in the column `to`, in front of `before` (else last)."""
    known = {deal.key: places.get(deal.key, deal.column) for deal in samples.DEALS}
    order = [each for each in {**{each: known[each] for each in places if each in known}, **known} if each != key]
    order.insert(order.index(before) if before in order else len(order), key)
    return {each: to if each == key else known[each] for each in order}


def _columns(request: MemberRequest) -> list[str]:
    """All columns as fragments; a page with many sends those that changed."""
    board = samples.sample_board(request.session.get(PLACES, {}), address(request))
    return [
        render_to_string("core/_column.html", {"board": board, "column": column, "is_swapped": True}, request)
        for column in board.columns
    ]
