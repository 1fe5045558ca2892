"""The workspace's own settings, its audit trail, and the user's account."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import model_to_dict
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.pages import Heading, Listing, asked_list, render_form
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts.locales import BRITISH
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.models import AuditEntry
from fullfunnel.workspaces.proving import Paused, prove
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.shell import first_page
from fullfunnel.workspaces.views.entrance import paused

AUDIT_HEADINGS = (Heading("When", "-at"), Heading("Who"), Heading("What"), Heading("Details"))


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
    """The list, newest first; `?q=` is a part of an act's name, such as "role"."""
    return render(request, "workspaces/audit.html", {"listing": _entries(request), "section": "audit"})


def _entries(request: MemberRequest) -> Listing:
    entries = AuditEntry.objects.filter(workspace=request.workspace).select_related("user")
    words = request.GET.get("q", "").replace("\0", "").strip()[:60]
    if words:
        entries = entries.filter(action__icontains=words.replace(" ", "_"))
    return asked_list(
        request,
        entries,
        AUDIT_HEADINGS,
        sort="-at",
        id="audit",
        label="Audit trail",
        row_template="workspaces/_audit_row.html",
        searches="Search by act, such as role or key",
        is_stacked=True,
    )


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
    context = {"section": "account", "preferences": _preferences(request)}
    return render_form(request, "workspaces/account.html", form, context)


def _preferences(request: MemberRequest, data: QueryDict | None = None) -> forms.Preferences:
    kept = model_to_dict(request.user, fields=["locale", "timezone", "has_letters"])
    return forms.Preferences(data, initial=kept | {"locale": request.user.locale or BRITISH.code})


@allow(EVERYONE)
@require_POST
def preferences(request: MemberRequest) -> HttpResponse:
    form = _preferences(request, request.POST)
    if form.is_valid():
        changed = form.accept(actions.change_preferences(request.user, **form.cleaned_data, by=request.user))
        if changed:
            messages.success(request, "Saved.")
            return redirect("workspaces:account", request.workspace.slug)
    context = {"section": "account", "preferences": form, "form": forms.ChangePassword()}
    return render(request, "workspaces/account.html", context, status=422)


@allow(EVERYONE)
@require_POST
def theme(request: MemberRequest) -> HttpResponse:
    """Keep the theme that app.js has shown already."""
    chosen = actions.choose_theme(request.user, to=request.POST.get("theme", ""), by=request.user)
    return HttpResponse(chosen.sentence, status=422) if isinstance(chosen, Refused) else HttpResponse(status=204)


@allow(EVERYONE)
@require_POST
def pin(request: MemberRequest) -> HttpResponse:
    """Pin the page of `path` to the side bar, or with `unpin` take it away; then back to it."""
    path, label = request.POST.get("path", "").replace("\0", ""), request.POST.get("label", "").replace("\0", "")
    if "unpin" in request.POST:
        done = actions.unpin_page(request.member, path=path, by=request.member)
    else:
        done = actions.pin_page(request.member, path=path, label=label, by=request.member)
    if isinstance(done, Refused):
        messages.error(request, done.sentence)
    is_ours = url_has_allowed_host_and_scheme(path, None) and path.startswith(f"/w/{request.workspace.slug}/")
    return redirect(path if is_ours else first_page(request.member))
