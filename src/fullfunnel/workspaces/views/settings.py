"""The workspace's own settings, its audit trail, and the user's account."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from fullfunnel.core.pages import asked_page, render_form
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.models import AuditEntry
from fullfunnel.workspaces.proving import Paused, prove
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.views.entrance import paused


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
    if form.is_valid():
        changed = form.accept(actions.change_settings(request.workspace, **form.cleaned_data, by=request.user))
        if changed:
            messages.success(request, "Saved.")
            return redirect("workspaces:workspace", request.workspace.slug)
    context = {"selling": forms.HowYouSell(initial=kept), "section": "workspace"}
    return render_form(request, "workspaces/workspace.html", form, context)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def what_counts(request: MemberRequest) -> HttpResponse:
    kept = {
        "browser_money": request.workspace.browser_money,
        "uncredited_hosts": "\n".join(request.workspace.uncredited_hosts),
        "attribution_model": request.workspace.attribution_model,
    }
    form = forms.WhatCounts(request.POST or None, initial=kept)
    if form.is_valid():
        changed = form.accept(actions.set_what_counts(request.workspace, **form.cleaned_data, by=request.user))
        if changed:
            messages.success(request, "Saved.")
            return redirect("workspaces:what-counts", request.workspace.slug)
    return render_form(request, "workspaces/what_counts.html", form, {"section": "workspace"})


@allow(ADMINS)
@require_safe
def audit_trail(request: MemberRequest) -> HttpResponse:
    entries = AuditEntry.objects.filter(workspace=request.workspace).select_related("user").order_by("-at", "-pk")
    page = asked_page(request, total=entries.count())
    context = {"page": page, "entries": entries[page.offset : page.end], "section": "audit"}
    return render(request, "workspaces/audit.html", context)


@allow(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("old", "new")
def account(request: MemberRequest) -> HttpResponse:
    form = forms.ChangePassword(request.POST or None)
    if form.is_valid():
        found = prove(request, email=request.user.email, password=form.cleaned_data["old"])
        if isinstance(found, Paused):
            return paused(request, found)
        user = form.accept(actions.change_password(request.user, **form.cleaned_data, by=request.user))
        if user:
            # Every other session of this user ends with the old password; this one goes on under a new key.
            update_session_auth_hash(request, user)
            messages.success(request, "Your password was changed. You were signed out everywhere else.")
            return redirect("workspaces:account", request.workspace.slug)
    return render_form(request, "workspaces/account.html", form, {"section": "account"})
