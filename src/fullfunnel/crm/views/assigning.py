"""Settings, Leads: how they are shared out and what is promised; and sharing out what waits with who is away."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core import clock
from fullfunnel.core.pages import render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.assigning import forms
from fullfunnel.crm.assigning.candidates import area_of, candidates_now
from fullfunnel.crm.assigning.giving import waiting_with
from fullfunnel.crm.assigning.promises import rules_of
from fullfunnel.crm.assigning.shares import suggested_shares
from fullfunnel.crm.inbox.sheet import owners_of
from fullfunnel.crm.models import Territory
from fullfunnel.workspaces.models import Membership, User
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow
from fullfunnel.workspaces.team.calendars import calendars_of

SECTION = {"section": "sales"}
KEPT = ("by_turn", "when_late", "age_out_days", "status_days", "hand_overs_a_month")


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def leads(request: MemberRequest) -> HttpResponse:
    """The rules of sharing out, and the promises."""
    kept = rules_of(request.workspace)
    initial = {name: getattr(kept, name) for name in KEPT} | {"answer_hours": f"{kept.answer_minutes / forms.HOUR:g}"}
    form = forms.Rules(request.POST or None, initial=initial)
    if form.is_valid():
        saved = form.accept(actions.set_sales_rules(request.workspace, **form.rules, by=request.member))
        if saved:
            tell(request, saved, "Saved. What waits is due accordingly.")
            return redirect("crm:leads", request.workspace.slug)
    return render_form(request, "crm/settings/leads.html", form, _territories(request))


def _territories(request: MemberRequest) -> dict[str, object]:
    rows = Territory.objects.filter(workspace=request.workspace).select_related("user").order_by("user__name", "pk")
    new = forms.NewTerritory(members=list(owners_of(request.member)))
    return SECTION | {"territories": [(row, area_of(row).words) for row in rows], "new": new}


@allow(ADMINS)
@require_POST
def add_territory(request: MemberRequest) -> HttpResponse:
    form = forms.NewTerritory(request.POST, members=list(owners_of(request.member)))
    if not form.is_valid():
        tell(request, Refused(" ".join(str(each) for each in form.errors.values())), "")
        return redirect("crm:leads", request.workspace.slug)
    user = User.objects.get(pk=form.cleaned_data["user"])
    added = actions.add_territory(request.workspace, user=user, **form.territory, by=request.member)
    tell(request, added, lambda row: f"{user} looks after {area_of(row).words}.")
    return redirect("crm:leads", request.workspace.slug)


@allow(ADMINS)
@require_POST
def remove_territory(request: MemberRequest, territory_id: str) -> HttpResponse:
    rows = Territory.objects.filter(workspace=request.workspace).select_related("user", "workspace")
    found = get_object_or_404(rows, public_id=territory_id)
    tell(request, actions.remove_territory(found, by=request.member), "The territory is removed.")
    return redirect("crm:leads", request.workspace.slug)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def share_out(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Say how many of the leads that wait with a member each colleague gets; a suggestion stands there first."""
    found = get_object_or_404(Membership.objects.select_related("user"), pk=membership_id, workspace=request.workspace)
    waiting = list(waiting_with(request.workspace, found.user).order_by("-fit", "handed_over_at", "pk"))
    if not waiting:
        return redirect("crm:inbox", request.workspace.slug)
    colleagues = candidates_now(request.workspace, calendars_of(request.workspace), clock.now(), without=found.user_id)
    suggested = suggested_shares(colleagues, len(waiting))
    form = forms.ShareOut(request.POST or None, candidates=colleagues, suggested=suggested)
    if form.is_valid():
        given = form.accept(actions.share_out_waiting(found, numbers=form.numbers, by=request.member))
        if given is not None:
            tell(request, given, f"{len(given)} of {found.user}'s leads went to colleagues.")
            return redirect("crm:inbox", request.workspace.slug)
    return render_form(request, "crm/inbox/share_out.html", form, {"of": found, "count": len(waiting)})
