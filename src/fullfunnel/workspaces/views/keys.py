"""API keys: made, shown once, revoked."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core.pages import Heading, Listing, asked_list, asked_words, render_form, tell
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.models import ApiKey
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow

HEADINGS = (
    Heading("Name", "name"),
    Heading("Key"),
    Heading("May"),
    Heading("Made", "-created_at"),
    Heading("Last used", "-last_used_at"),
    Heading(""),
)


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
    context["listing"] = _listing(request)
    context["has_keys"] = ApiKey.objects.filter(workspace=request.workspace).exists()
    return render_form(request, "workspaces/keys.html", form, context)


def _listing(request: MemberRequest) -> Listing:
    rows, words = ApiKey.objects.filter(workspace=request.workspace).select_related("created_by"), asked_words(request)
    rows = rows.filter(name__icontains=words) if words else rows
    shown = {"id": "keys", "label": "API keys", "row_template": "workspaces/_key_row.html", "is_stacked": True}
    return asked_list(request, rows, HEADINGS, sort="-pk", searches="Search by name", **shown)


@allow(ADMINS)
@require_POST
def revoke_key(request: MemberRequest, key_id: int) -> HttpResponse:
    found = get_object_or_404(ApiKey, pk=key_id, workspace=request.workspace)
    revoked = actions.revoke_api_key(found, by=request.user)
    tell(request, revoked, f"The key “{found.name}” ({found.prefix}…) no longer works.")
    return redirect("workspaces:keys", request.workspace.slug)
