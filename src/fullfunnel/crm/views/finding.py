"""What Ctrl-K finds in sales: companies and deals whose name begins like what was typed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fullfunnel.crm.models import Deal
from fullfunnel.crm.models.deals import LISTED
from fullfunnel.people.models import Company
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import visible

# Of each.
FOUND = 5


@allow(EVERYONE)
@require_safe
def find(request: MemberRequest) -> HttpResponse:
    """The deals that were opened last, and companies by name."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    companies = visible(Company.objects.filter(workspace=request.workspace, name__istartswith=words)).order_by("name")
    deals = visible(Deal.objects.filter(LISTED, workspace=request.workspace, name__istartswith=words))
    deals = deals.select_related("stage").order_by("-opened_at", "-pk")
    most = FOUND if len(words) > 1 else 0
    context = {"companies": companies[:most], "deals": deals[:most], "slug": request.workspace.slug}
    return render(request, "crm/_found.html", context)
