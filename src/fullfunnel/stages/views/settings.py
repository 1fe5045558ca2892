"""The page of settings on which a workspace says which addresses are which kind of page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from fullfunnel.core.pages import render_form
from fullfunnel.journeys.stages.page_kinds import DEFAULTS
from fullfunnel.stages import actions, forms
from fullfunnel.stages.page_kinds import pages_of
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def page_kinds(request: MemberRequest) -> HttpResponse:
    kept = {**DEFAULTS, **pages_of(request.workspace)}
    form = forms.PageKinds(request.POST or None, initial={kind: "\n".join(paths) for kind, paths in kept.items()})
    if form.is_valid():
        changed = form.accept(actions.set_page_kinds(request.workspace, pages=form.pages(), by=request.member))
        if changed:
            messages.success(request, "Saved. Stages are counted by it from the next look on.")
            return redirect("stages:page-kinds", request.workspace.slug)
    return render_form(request, "stages/page_kinds.html", form, {"section": "page-kinds"})
