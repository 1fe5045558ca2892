"""Sources: where events come from, with what to paste where."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.pages import Heading, Listing, asked_list, asked_words, render_form, tell
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.models import Source, WriteKey
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow

HEADINGS = (
    Heading("Source", "name"),
    Heading("Kind", "kind"),
    Heading("Made", "-created_at"),
    Heading("Last arrival", "-last_arrival_at"),
)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: MemberRequest) -> HttpResponse:
    """The list; a POST makes a source and answers with its page, which shows the write key this once."""
    form = forms.NewSource(request.POST or None)
    if form.is_valid():
        made = form.accept(actions.create_source(request.workspace, **form.cleaned_data, by=request.user))
        if made:
            return _source_page(request, *made)
    count = Source.objects.filter(workspace=request.workspace).count()
    context = {"section": "sources", "sources": count, "listing": _listing(request)}
    return render_form(request, "workspaces/sources.html", form, context)


def _listing(request: MemberRequest) -> Listing:
    rows, words = Source.objects.filter(workspace=request.workspace), asked_words(request)
    rows = rows.filter(name__icontains=words) if words else rows
    shown = {"id": "sources", "label": "Sources", "row_template": "workspaces/_source_row.html", "is_stacked": True}
    return asked_list(request, rows, HEADINGS, sort="pk", searches="Search by name", **shown)


def _source_page(request: MemberRequest, source: Source, key: str = "") -> HttpResponse:
    shown_keys = {"id": "write-keys", "label": "Write keys", "row_template": "workspaces/_write_key_row.html"}
    heads = (Heading("Key"), Heading("Made", "-created_at"), Heading(""))
    rows = source.keys.select_related("created_by")
    keys = asked_list(request, rows, heads, sort="-pk", is_stacked=True, **shown_keys)
    address = settings.BASE_URL or request.build_absolute_uri("/").rstrip("/")
    context: dict[str, object] = {
        "source": source,
        "listing": keys,
        "key": key,
        "address": address,
        "section": "sources",
    }
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
    _, key = actions.rotate_write_key(found, by=request.user)
    return _source_page(request, found, key)


@allow(ADMINS)
@require_POST
def revoke_write_key(request: MemberRequest, source_id: int, key_id: int) -> HttpResponse:
    found = get_object_or_404(WriteKey, pk=key_id, source_id=source_id, workspace=request.workspace)
    revoked = actions.revoke_write_key(found, by=request.user)
    tell(request, revoked, f"The write key {found.prefix}… no longer works. What it brought stays.")
    return redirect("workspaces:source", request.workspace.slug, source_id)
