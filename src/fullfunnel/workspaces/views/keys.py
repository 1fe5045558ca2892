"""API keys: made, shown once, revoked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import forms, key_actions
from fullfunnel.workspaces.models import ApiKey
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: MemberRequest) -> HttpResponse:
    """The list; a POST makes a key, which is in the answer and nowhere else."""
    form = forms.NewKey(request.POST or None)
    context: dict[str, object] = {"form": form, "section": "keys"}
    if request.method == "POST" and form.is_valid():
        made = key_actions.create_api_key(request.workspace, **form.cleaned_data, by=request.user)
        if isinstance(made, Refused):
            form.show(made)
        else:
            context |= {"key": made, "named": form.cleaned_data["name"], "form": forms.NewKey()}
    context["keys"] = ApiKey.objects.filter(workspace=request.workspace).select_related("created_by").order_by("-pk")
    return render(request, "workspaces/keys.html", context, status=422 if form.errors else 200)


@allow(ADMINS)
@require_POST
def revoke_key(request: MemberRequest, key_id: int) -> HttpResponse:
    found = get_object_or_404(ApiKey, pk=key_id, workspace=request.workspace)
    key_actions.revoke_api_key(found, by=request.user)
    messages.success(request, f"The key “{found.name}” ({found.prefix}…) no longer works.")
    return redirect("workspaces:keys", request.workspace.slug)
