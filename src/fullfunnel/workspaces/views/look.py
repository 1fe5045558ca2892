"""How a workspace looks to its customers: colour, language, legal links, logo."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.files.sending import send_file
from fullfunnel.core.pages import render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.models import Brand, StoredFile
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: MemberRequest) -> HttpResponse:
    brand = Brand.objects.select_related("logo").filter(workspace=request.workspace).first() or Brand()
    kept = {name: getattr(brand, name) for name in forms.Look.base_fields}
    form = forms.Look(request.POST or None, initial=kept)
    if form.is_valid():
        changed = form.accept(actions.set_brand(request.workspace, **form.cleaned_data, by=request.member))
        if changed:
            tell(request, changed, "Saved.")
            return redirect("workspaces:look", request.workspace.slug)
    return render_form(request, "workspaces/look.html", form, {"section": "look", "brand": brand})


@allow(ADMINS)
@require_POST
def logo(request: MemberRequest) -> HttpResponse:
    """Take a picture; the front lets bodies of 20 MB through to this address alone (wiring.LARGE_BODIES)."""
    given = request.FILES.get("logo")
    if not isinstance(given, UploadedFile):
        tell(request, Refused("Choose a picture first."), "")
        return redirect("workspaces:look", request.workspace.slug)
    kept = actions.set_logo(request.workspace, content=given, name=given.name or "logo", by=request.member)
    tell(request, kept, "This is your logo now.")
    return redirect("workspaces:look", request.workspace.slug)


@allow(ADMINS)
@require_POST
def remove_logo(request: MemberRequest) -> HttpResponse:
    tell(request, actions.remove_logo(request.workspace, by=request.member), "The pages show the name alone.")
    return redirect("workspaces:look", request.workspace.slug)


@allow(EVERYONE)
@require_safe
def stored_file(request: MemberRequest, file_id: str) -> HttpResponse:
    """A file that a member gave, under its own type; only pictures are shown, all else is saved."""
    file = get_object_or_404(StoredFile, workspace=request.workspace, public_id=file_id)
    return send_file(settings.DATA_DIR, file.digest, media_type=file.media_type, name=file.name)
