"""Settings: which addresses are which kind of page, and who is handed over by score."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.pages import render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.journeys.stages.page_kinds import DEFAULTS
from fullfunnel.stages import actions, forms
from fullfunnel.stages.page_kinds import pages_of, served_postcodes
from fullfunnel.stages.rule_actions import set_score_rule
from fullfunnel.stages.rules.models import RuleVersion
from fullfunnel.stages.score_rules import score_rule_of
from fullfunnel.workspaces.models import Sells, Workspace
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


@allow(ADMINS)
@require_safe
def by_score(request: MemberRequest) -> HttpResponse:
    """Show the part of Settings, Sales; nothing where nobody is scored."""
    rule = score_rule_of(request.workspace)
    initial = {"is_on": rule.is_on, "fit": rule.fit, "engagement": rule.engagement} if rule else None
    form = forms.ByScore(initial=initial, auto_id="by-score-%s")
    return render(request, "stages/_by_score.html", {"form": form, "rule": rule})


@allow(ADMINS)
@require_POST
def set_by_score(request: MemberRequest) -> HttpResponse:
    """Keep it, or say on the page of settings what is wrong."""
    form = forms.ByScore(request.POST)
    if not form.is_valid():
        return _back(request, Refused("Fit and engagement are whole numbers from 1 to 100."))
    return _back(request, set_score_rule(request.workspace, **form.cleaned_data, by=request.member))


@allow(ADMINS)
@require_safe
def served(request: MemberRequest) -> HttpResponse:
    """Show the part of Settings, Sales; nothing where no postcode is asked for."""
    form = forms.Served(initial={"postcodes": "\n".join(served_postcodes(request.workspace))}, auto_id="served-%s")
    is_shown = request.workspace.sells == Sells.HOUSEHOLDS
    return render(request, "stages/_served.html", {"form": form, "is_shown": is_shown})


@allow(ADMINS)
@require_POST
def set_served(request: MemberRequest) -> HttpResponse:
    """Keep it, or say on the page of settings what is wrong."""
    given = request.POST.get("postcodes", "")
    postcodes = [line.strip() for line in given.splitlines() if line.strip()]
    done = actions.set_served_postcodes(request.workspace, postcodes=postcodes, by=request.member)
    return _back(request, done, "Saved. Prospects are counted by it from the next look on.")


def _back(
    request: MemberRequest,
    result: Workspace | RuleVersion | Refused,
    done: str = "Saved. It holds for what happens from now on.",
) -> HttpResponse:
    tell(request, result, done)
    return redirect("crm:sales-settings", request.workspace.slug)
