"""The workspace's own settings, its audit trail, and the user's account."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import actions, forms, user_actions
from fullfunnel.workspaces.models import AuditEntry, Membership, User, Workspace
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, allow

AUDIT_PAGE = 50


def member(request: HttpRequest) -> Membership:
    """The membership that scope.allow found."""
    found: Membership = request.membership  # type: ignore[attr-defined]
    return found


@allow(*EVERYONE)
@require_safe
def settings_home(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    section = "workspaces:workspace" if member(request).role in ADMINS else "workspaces:account"
    return redirect(section, workspace.slug)


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_settings(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = {"name": workspace.name, "timezone": workspace.timezone, "currency": workspace.currency}
    form = forms.Settings(request.POST or None, initial=now, workspace=workspace)
    selling = forms.HowYouSell(initial={"sells": workspace.sells})
    if request.method == "POST" and form.is_valid():
        done = actions.change_settings(workspace, **form.cleaned_data, by=member(request).user)
        if not isinstance(done, Refused):
            messages.success(request, "Saved.")
            return redirect("workspaces:workspace", workspace.slug)
        form.show(done)
    context = {"form": form, "selling": selling, "section": "workspace"}
    return render(request, "workspaces/workspace.html", context, status=422 if form.errors else 200)


@allow(*ADMINS)
@require_safe
def audit_trail(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    entries = AuditEntry.objects.filter(workspace=workspace).select_related("user").order_by("-at", "-pk")
    page = Paginator(entries, AUDIT_PAGE).get_page(request.GET.get("page"))
    return render(request, "workspaces/audit.html", {"page": page, "section": "audit"})


@allow(*EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("old", "new")
def account(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = forms.ChangePassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = member(request).user
        done = user_actions.change_password(user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        if isinstance(done, User):
            # Every other session of this user ends with the old password; this one goes on under a new key.
            update_session_auth_hash(request, done)
            messages.success(request, "Your password was changed. You were signed out everywhere else.")
            return redirect("workspaces:account", workspace.slug)
        form.show(done)
    context = {"form": form, "section": "account"}
    return render(request, "workspaces/account.html", context, status=422 if form.errors else 200)
