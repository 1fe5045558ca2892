"""The page of a deal, and what its people did before."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fullfunnel.crm.deals.picture import picture_of
from fullfunnel.crm.deals.record import record_of
from fullfunnel.crm.deals.touches import touches_of_deal
from fullfunnel.crm.views.shared import find_deal
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow


@allow(EVERYONE)
@require_safe
def deal(request: MemberRequest, public_id: str) -> HttpResponse:
    """The record, as a page or in the drawer."""
    panels = [reverse(name, args=[request.workspace.slug, public_id]) for name in settings.DEAL_PANELS]
    context = record_of(request, find_deal(request, public_id)) | {"panels": panels}
    return render(request, "crm/deals/deal.html", context)


@allow(EVERYONE)
@require_safe
def touches(request: MemberRequest, public_id: str) -> HttpResponse:
    """What brought everybody on the deal, as a picture and a table."""
    found = find_deal(request, public_id)
    story = touches_of_deal(found)
    context = {"deal": found, "story": story, "picture": picture_of(story), "workspace": request.workspace}
    return render(request, "crm/deals/_touches.html", context)
