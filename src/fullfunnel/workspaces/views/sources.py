"""Sources: where events come from, with what to paste where."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import forms, key_actions
from fullfunnel.workspaces.models import Source, WriteKey
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: MemberRequest) -> HttpResponse:
    """The list; a POST makes a source and answers with its page, which shows the write key this once."""
    form = forms.NewSource(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = key_actions.create_source(request.workspace, **form.cleaned_data, by=request.user)
        if not isinstance(made, Refused):
            source, key = made
            return _source_page(request, source, key)
        form.show(made)
    found = Source.objects.filter(workspace=request.workspace).order_by("pk")
    context = {"form": form, "section": "sources", "sources": found}
    return render(request, "workspaces/sources.html", context, status=422 if form.errors else 200)


def _source_page(request: HttpRequest, source: Source, key: str = "") -> HttpResponse:
    keys = source.keys.select_related("created_by").order_by("-pk")
    address = settings.BASE_URL or request.build_absolute_uri("/").rstrip("/")
    context: dict[str, object] = {"source": source, "keys": keys, "key": key, "address": address, "section": "sources"}
    context["shown"] = key or "ffw_YOUR_WRITE_KEY"
    context["protocol"], _, context["host"] = address.partition("://")
    return render(request, "workspaces/source.html", context)


@allow(ADMINS)
@require_safe
def source(request: MemberRequest, source_id: int) -> HttpResponse:
    return _source_page(request, get_object_or_404(Source, pk=source_id, workspace=request.workspace))


@allow(ADMINS)
@require_safe
def source_status(request: MemberRequest, source_id: int) -> HttpResponse:
    """The fragment that the source's page polls until something has arrived."""
    found = get_object_or_404(Source, pk=source_id, workspace=request.workspace)
    # 286 tells htmx to stop asking.
    return render(request, "workspaces/_arrival.html", {"source": found}, status=286 if found.last_arrival_at else 200)


@allow(ADMINS)
@require_POST
def rotate_write_key(request: MemberRequest, source_id: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=source_id, workspace=request.workspace)
    return _source_page(request, found, key_actions.rotate_write_key(found, by=request.user))


@allow(ADMINS)
@require_POST
def revoke_write_key(request: MemberRequest, source_id: int, key_id: int) -> HttpResponse:
    found = get_object_or_404(WriteKey, pk=key_id, source_id=source_id, workspace=request.workspace)
    key_actions.revoke_write_key(found, by=request.user)
    messages.success(request, f"The write key {found.prefix}… no longer works. What it brought stays.")
    return redirect("workspaces:source", request.workspace.slug, source_id)
