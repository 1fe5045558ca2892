"""The workspace's own settings, its audit trail, and the user's account."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import Paginator
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import actions, forms, user_actions
from fullfunnel.workspaces.models import AuditEntry, User
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow

AUDIT_PAGE = 50


@allow(EVERYONE)
@require_safe
def settings_home(request: MemberRequest) -> HttpResponse:
    section = "workspaces:workspace" if request.may(ADMINS) else "workspaces:account"
    return redirect(section, request.workspace.slug)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_settings(request: MemberRequest) -> HttpResponse:
    kept = model_to_dict(request.workspace, fields=["name", "timezone", "currency", "sells"])
    form = forms.Settings(request.POST or None, initial=kept, workspace=request.workspace)
    selling = forms.HowYouSell(initial=kept)
    if request.method == "POST" and form.is_valid():
        done = actions.change_settings(request.workspace, **form.cleaned_data, by=request.user)
        if not isinstance(done, Refused):
            messages.success(request, "Saved.")
            return redirect("workspaces:workspace", request.workspace.slug)
        form.show(done)
    context = {"form": form, "selling": selling, "section": "workspace"}
    return render(request, "workspaces/workspace.html", context, status=422 if form.errors else 200)


@allow(ADMINS)
@require_safe
def audit_trail(request: MemberRequest) -> HttpResponse:
    entries = AuditEntry.objects.filter(workspace=request.workspace).select_related("user").order_by("-at", "-pk")
    page = Paginator(entries, AUDIT_PAGE).get_page(request.GET.get("page"))
    return render(request, "workspaces/audit.html", {"page": page, "section": "audit"})


@allow(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("old", "new")
def account(request: MemberRequest) -> HttpResponse:
    form = forms.ChangePassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = user_actions.change_password(request.user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        if isinstance(done, User):
            # Every other session of this user ends with the old password; this one goes on under a new key.
            update_session_auth_hash(request, done)
            messages.success(request, "Your password was changed. You were signed out everywhere else.")
            return redirect("workspaces:account", request.workspace.slug)
        form.show(done)
    context = {"form": form, "section": "account"}
    return render(request, "workspaces/account.html", context, status=422 if form.errors else 200)
