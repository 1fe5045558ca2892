"""How a call was: asked when one comes back from it, on the page of a person, a deal or a company."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fullfunnel.core.pages import Toast, answer_action, render_form
from fullfunnel.crm import actions
from fullfunnel.crm.inbox.forms import LogCall
from fullfunnel.crm.models import Deal
from fullfunnel.crm.views.activities import CHANGED, page_of, undo_url
from fullfunnel.crm.views.person_panel import find_person
from fullfunnel.crm.views.shared import parts
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow
from fullfunnel.workspaces.sight import visible


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: MemberRequest, public_id: str) -> HttpResponse:
    """Ask how a call with a person was, and what is next; `?deal=` says about which deal."""
    person, form = find_person(request, public_id), LogCall(request.POST or None)
    deals = visible(Deal.objects.filter(workspace=request.workspace, public_id=request.GET.get("deal", "-")[:64]))
    deal = deals.first()
    if form.is_valid():
        logged = form.accept(actions.log_call(deal or person, call=form.call(), person=person, by=request.member))
        if logged:
            toast = Toast(f"call logged: {logged.outcome.lower()}", lead=str(person), undo=undo_url(logged))
            drawn = parts(request, deal) if deal else []
            answer = answer_action(request, toast, drawn, back=page_of(logged))
            answer["HX-Reswap"], answer["HX-Trigger"] = "none", f"drawer-closes, {CHANGED}"
            return answer
    here = reverse("crm:call", args=[request.workspace.slug, person.public_id])
    context = {"person": person, "here": f"{here}?deal={deal.public_id}" if deal else here}
    return render_form(request, "crm/calls/call.html", form, context)
