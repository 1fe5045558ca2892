"""Taking back what was logged, from whichever page it was logged on."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from fullfunnel.core.pages import Toast, answer_action, refused_toast
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.models import Activity
from fullfunnel.crm.views.shared import deal_url, parts
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow
from fullfunnel.workspaces.sight import visible

# The pages that show activities are drawn again when they hear of it.
CHANGED = "work-changed"
RELATED = ("deal", "person", "company", "workspace")


def undo_url(activity: Activity) -> str:
    """Return the address that takes an activity back."""
    return reverse("crm:undo-activity", args=[activity.workspace.slug, activity.public_id])


@allow(EDITORS)
@require_POST
def undo(request: MemberRequest, activity_id: str) -> HttpResponse:
    """Take back what was logged."""
    rows = visible(Activity.objects.filter(workspace=request.workspace)).select_related(*RELATED)
    activity = get_object_or_404(rows, public_id=activity_id)
    gone = actions.take_back_activity(activity, by=request.member)
    if isinstance(gone, Refused):
        return answer_action(request, refused_toast(gone), back=page_of(activity))
    drawn = parts(request, activity.deal) if activity.deal else []
    toast = Toast("is taken back", lead=activity.get_kind_display())
    answer = answer_action(request, toast, drawn, back=page_of(activity))
    answer["HX-Trigger"] = CHANGED
    return answer


def page_of(activity: Activity) -> str:
    """Return the page of what an activity is about."""
    slug = activity.workspace.slug
    if activity.deal is not None:
        return deal_url(activity.deal)
    if activity.person is not None:
        return reverse("people:person", args=[slug, activity.person.living().public_id])
    return reverse("crm:company", args=[slug, activity.company_id])
