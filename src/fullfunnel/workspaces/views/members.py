"""Members and the invitations that are open."""

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core import clock
from fullfunnel.core.pages import Heading, Listing, asked_list, asked_words, render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.models import Invitation, Membership, Role
from fullfunnel.workspaces.roles import roles_to_give
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow

HEADINGS = (Heading("Member", "user__email"), Heading("Since", "-created_at"), Heading("Role", "role"), Heading(""))


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: MemberRequest) -> HttpResponse:
    """The list; a POST invites. The link is in the answer and nowhere else."""
    form = forms.Invite(request.POST or None, by=request.member)
    context: dict[str, object] = {"section": "members", "by": request.member}
    if form.is_valid():
        made = form.accept(actions.invite_member(request.workspace, **form.cleaned_data, by=request.member))
        if made:
            invitation, token = made
            context |= {"link": public_link(request, reverse("workspaces:join", args=[token])), "invited": invitation}
            form = forms.Invite(by=request.member)
    context |= _listed(request) | {"roles": roles_to_give(request.member)}
    return render_form(request, "workspaces/members.html", form, context)


def _listed(request: MemberRequest) -> dict[str, object]:
    """The members and the open invitations. Those that ran out stay until they are forgotten: their sender may wait in vain."""
    workspace = request.workspace
    rows = Invitation.objects.filter(workspace=workspace, ended_at=None).select_related("created_by").order_by("-pk")
    return {
        "members": Membership.objects.filter(workspace=workspace).count(),
        "listing": _listing(request),
        "invitations": rows,
        "now": clock.now(),
        "waiting": sum(1 for row in rows if row.expires_at > clock.now()),
    }


def _listing(request: MemberRequest) -> Listing:
    rows, words = Membership.objects.filter(workspace=request.workspace).select_related("user"), asked_words(request)
    if words:
        rows = rows.filter(Q(user__name__icontains=words) | Q(user__email__icontains=words))
    shown = {"id": "members", "label": "Members", "row_template": "workspaces/_member_row.html", "is_stacked": True}
    return asked_list(request, rows, HEADINGS, sort="user__email", searches="Search by name or address", **shown)


def public_link(request: HttpRequest, path: str) -> str:
    """Return the whole address of a path, to be handed to somebody."""
    # The configured address, so that a forged Host header cannot lead the invited elsewhere.
    return f"{settings.BASE_URL}{path}" if settings.BASE_URL else request.build_absolute_uri(path)


def _role_words(membership: Membership) -> str:
    return f"{membership.user} is now {Role(membership.role).label.lower()}, and was signed out everywhere."


@allow(ADMINS)
@require_POST
def change_role(request: MemberRequest, membership_id: int) -> HttpResponse:
    found = get_object_or_404(Membership, pk=membership_id, workspace=request.workspace)
    changed = actions.change_role(found, to=request.POST.get("role", ""), by=request.member)
    tell(request, changed, _role_words)
    return redirect("workspaces:members", request.workspace.slug)


@allow(ADMINS)
@require_POST
def password_link(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Answer with the list, which shows the link this once."""
    found = get_object_or_404(Membership, pk=membership_id, workspace=request.workspace)
    made = actions.make_password_link(found, by=request.member)
    if isinstance(made, Refused):
        tell(request, made, "")
        return redirect("workspaces:members", request.workspace.slug)
    link = public_link(request, reverse("workspaces:new-password", args=[made[1]]))
    context = {"section": "members", "by": request.member, "password_link": link, "member": found}
    context |= _listed(request) | {"roles": roles_to_give(request.member)}
    return render_form(request, "workspaces/members.html", forms.Invite(by=request.member), context)


@allow(ADMINS)
@require_POST
def withdraw_invitation(request: MemberRequest, invitation_id: int) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=invitation_id, workspace=request.workspace)
    withdrawn = actions.withdraw_invitation(found, by=request.user)
    tell(request, withdrawn, f"The link for {found.email} no longer works.")
    return redirect("workspaces:members", request.workspace.slug)
