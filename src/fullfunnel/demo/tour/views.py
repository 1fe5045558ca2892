"""The list of the first five minutes, and the card of each stop."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fullfunnel.demo.here import refuse_others
from fullfunnel.demo.others.firms import FIRMS
from fullfunnel.demo.tour.facts import facts_of
from fullfunnel.demo.tour.stops import STOPS, address_of
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow


@allow(EVERYONE)
@require_safe
def tour(request: MemberRequest) -> HttpResponse:
    """Show all stops with their numbers, and the other firms."""
    refuse_others(request.workspace)
    facts, slug = facts_of(request), request.workspace.slug
    stops = [(place, stop, stop.says(facts), address_of(stop, slug, facts)) for place, stop in enumerate(STOPS, 1)]
    mine = Membership.objects.filter(user=request.user, workspace__slug__in=FIRMS)
    firms = mine.select_related("workspace").order_by("workspace__name")
    context = {"workspace": request.workspace, "stops": stops, "firms": [member.workspace for member in firms]}
    return render(request, "demo/tour.html", context)


@allow(EVERYONE)
@require_safe
def card(request: MemberRequest, number: int) -> HttpResponse:
    """Answer the card of a stop, with the addresses of those beside it."""
    refuse_others(request.workspace)
    if not 1 <= number <= len(STOPS):
        raise Http404("there is no such stop")
    facts, slug = facts_of(request), request.workspace.slug
    stop = STOPS[number - 1]
    context = {"workspace": request.workspace, "stop": stop, "number": number, "many": len(STOPS)}
    context |= {"says": stop.says(facts), "here": address_of(stop, slug, facts)}
    context |= {
        name: (number + by, address_of(STOPS[number + by - 1], slug, facts))
        for name, by in (("before", -1), ("following", 1))
        if 1 <= number + by <= len(STOPS)
    }
    return render(request, "demo/_card.html", context)
