"""API keys: made, shown once, revoked."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core.pages import render_form, tell
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.models import ApiKey
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: MemberRequest) -> HttpResponse:
    """The list; a POST makes a key, which is in the answer and nowhere else."""
    form = forms.NewKey(request.POST or None)
    context: dict[str, object] = {"section": "keys"}
    if form.is_valid():
        made = form.accept(actions.create_api_key(request.workspace, **form.cleaned_data, by=request.user))
        if made:
            row, key = made
            context |= {"key": key, "named": row.name}
            form = forms.NewKey()
    context["keys"] = ApiKey.objects.filter(workspace=request.workspace).select_related("created_by").order_by("-pk")
    return render_form(request, "workspaces/keys.html", form, context)


@allow(ADMINS)
@require_POST
def revoke_key(request: MemberRequest, key_id: int) -> HttpResponse:
    found = get_object_or_404(ApiKey, pk=key_id, workspace=request.workspace)
    revoked = actions.revoke_api_key(found, by=request.user)
    tell(request, revoked, f"The key “{found.name}” ({found.prefix}…) no longer works.")
    return redirect("workspaces:keys", request.workspace.slug)
