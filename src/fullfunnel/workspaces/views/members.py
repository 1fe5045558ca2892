"""Members and the invitations that are open."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.models import Invitation, Membership, Role
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: MemberRequest) -> HttpResponse:
    """The list; a POST invites. The link is in the answer and nowhere else."""
    by = request.member
    form = forms.Invite(request.POST or None, by=by)
    context: dict[str, object] = {"form": form, "section": "members", "roles": forms.roles_to_give(by), "by": by}
    if request.method == "POST" and form.is_valid():
        made = actions.invite_member(request.workspace, **form.cleaned_data, by=by)
        if isinstance(made, Refused):
            form.show(made)
        else:
            invitation, token = made
            context |= {"link": _link(request, token), "invited": invitation, "form": forms.Invite(by=by)}
    # Those that ran out stay in sight until they are forgotten (on_tick): their sender may wait in vain.
    listed = (
        Invitation.objects.filter(workspace=request.workspace, ended_at=None)
        .select_related("created_by")
        .order_by("-pk")
    )
    context |= {"invitations": listed, "now": clock.now()}
    context["waiting"] = sum(1 for one in listed if one.expires_at > clock.now())
    context["members"] = (
        Membership.objects.filter(workspace=request.workspace).select_related("user").order_by("user__email")
    )
    return render(request, "workspaces/members.html", context, status=422 if form.errors else 200)


def _link(request: HttpRequest, token: str) -> str:
    path = reverse("workspaces:join", args=[token])
    # The configured address, so that a forged Host header cannot lead the invited elsewhere.
    return f"{settings.BASE_URL}{path}" if settings.BASE_URL else request.build_absolute_uri(path)


@allow(ADMINS)
@require_POST
def change_role(request: MemberRequest, membership_id: int) -> HttpResponse:
    found = get_object_or_404(Membership, pk=membership_id, workspace=request.workspace)
    done = actions.change_role(found, to=request.POST.get("role", ""), by=request.member)
    if isinstance(done, Refused):
        messages.error(request, done.sentence)
    else:
        messages.success(request, f"{done.user} is now {Role(done.role).label.lower()}, and was signed out everywhere.")
    return redirect("workspaces:members", request.workspace.slug)


@allow(ADMINS)
@require_POST
def remove_member(request: MemberRequest, membership_id: int) -> HttpResponse:
    found = get_object_or_404(Membership, pk=membership_id, workspace=request.workspace)
    email = found.user.email
    refused = actions.remove_member(found, by=request.member)
    if refused is None:
        messages.success(request, f"{email} is no longer a member, and was signed out everywhere.")
    else:
        messages.error(request, refused.sentence)
    return redirect("workspaces:members", request.workspace.slug)


@allow(ADMINS)
@require_POST
def withdraw_invitation(request: MemberRequest, invitation_id: int) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=invitation_id, workspace=request.workspace)
    actions.withdraw_invitation(found, by=request.user)
    messages.success(request, f"The link for {found.email} no longer works.")
    return redirect("workspaces:members", request.workspace.slug)
