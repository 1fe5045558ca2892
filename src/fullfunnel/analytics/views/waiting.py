"""A question that takes its time, on a page: how far it is, and the button that ends it."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.analytics import actions, askings
from fullfunnel.analytics.models import Asking
from fullfunnel.analytics.progress import progress_words
from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow

# htmx reads it as: and do not ask again.
STOP_POLLING = 286
# Where progress stands (_waiting.html) -> the sentence that is about it.
SAYS = {"waiting-page": "said", "waiting-here": "said-here", "waiting-both": "said-both"}


@dataclass(frozen=True)
class Waiting:
    """How far a question is. `said` is a sentence; `is_over`: it will not be answered."""

    pk: int
    done: int
    total: int
    said: str
    is_over: bool = False


def waiting_of(row: Asking) -> Waiting:
    """What a page says of a row."""
    if askings.is_lost(row):
        return Waiting(row.pk, 0, 0, "The process that counted this ended before it was done.", is_over=True)
    if row.state == Asking.State.CANCELLED:
        return Waiting(row.pk, 0, 0, "Cancelled. Nothing goes on in the background.", is_over=True)
    if row.state == Asking.State.REFUSED:
        return Waiting(row.pk, 0, 0, row.message, is_over=True)
    if row.state == Asking.State.ASKED:
        return Waiting(row.pk, 0, 0, f"Waits for its turn: {_before(row)} being counted.")
    seconds = (clock.now() - row.began_at).total_seconds()
    return Waiting(row.pk, row.done, row.total, progress_words(row.done, row.total, seconds))


def _before(row: Asking) -> str:
    since = clock.now() - askings.DEAD_AFTER
    count = Asking.objects.filter(
        workspace_id=row.workspace_id, state=Asking.State.ANSWERING, heartbeat_at__gt=since
    ).count()
    return f"{count} other {'question is' if count == 1 else 'questions are'}" if count else "other questions are"


@allow(EVERYONE)
@require_safe
def asking(request: MemberRequest, pk: int) -> HttpResponse:
    """How far it is, for the page that asks every second; the event `answered` when the page may fetch its answer."""
    row = Asking.objects.filter(workspace=request.workspace, pk=pk).defer("answer").first()
    if row is None:
        # No longer kept, or collected in another tab: the page asks anew.
        return HttpResponse(status=404, headers={"HX-Trigger": "answered"})
    if row.state == Asking.State.ANSWERED:
        response = HttpResponse('<p class="waiting">Answered.</p>', status=STOP_POLLING)
        response["HX-Trigger"] = "answered"
        return response
    return _progress(request, waiting_of(row))


@allow(EVERYONE)
@require_POST
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Ends it, where nobody else waits for it or an admin says so; else it goes on for the others. 404 for who did not ask it."""
    row = get_object_or_404(Asking.objects.defer("answer"), workspace=request.workspace, pk=pk)
    cancelled = actions.cancel_asking(row, by=request.member)
    if isinstance(cancelled, Refused):
        raise Http404(cancelled.sentence)
    if not request.headers.get("HX-Request"):
        return redirect("analytics:overview", request.workspace.slug)
    left = Waiting(row.pk, 0, 0, "You no longer wait for it; somebody else does, so it goes on.", is_over=True)
    return _progress(request, left if askings.is_open(row) else waiting_of(row))


def _progress(request: MemberRequest, waiting: Waiting) -> HttpResponse:
    # Careful: in a drawer the page's own sentence stands below, and is about something else.
    says = SAYS.get(request.headers.get("HX-Target", ""))
    context = {"workspace": request.workspace, "waiting": waiting, "says": says}
    status = STOP_POLLING if waiting.is_over else 200
    return render(request, "analytics/_progress.html", context, status=status)
