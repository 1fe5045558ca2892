"""Settings, Who sees what: a table for each role, with what its members see now."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fullfunnel.core.pages import tell
from fullfunnel.workspaces import actions
from fullfunnel.workspaces.models import Role, SightRule, Team, Workspace
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow
from fullfunnel.workspaces.sight.forms import Sight
from fullfunnel.workspaces.sight.reach import Reach, Rule
from fullfunnel.workspaces.sight.shown import examples_of

ROLES = (Role.SELLER, Role.MARKETER, Role.VIEWER)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def sight(request: MemberRequest) -> HttpResponse:
    """Show the rules; by POST of a `role` set those of that role."""
    asked = request.POST.get("role", "")
    sent = {role: Sight(request.POST, role=role, rules={}) for role in ROLES if role == asked}
    for role, form in sent.items():
        if form.is_valid():
            saved = form.accept(actions.set_sight(request.workspace, role=role, rules=form.rules, by=request.member))
            if saved is not None:
                tell(request, saved, f"Saved: it holds for every {role.label.lower()} from their next page on.")
                return redirect("workspaces:sight", request.workspace.slug)
    forms = [sent.get(role) or Sight(role=role, rules=_rules(request.workspace, role)) for role in ROLES]
    status = 422 if any(form.errors for form in forms) else 200
    return render(request, "workspaces/sight.html", _context(request, forms), status=status)


def _context(request: MemberRequest, forms: list[Sight]) -> dict[str, Any]:
    shown = [(form, form.role.label, examples_of(request.workspace, form.role)) for form in forms]
    teams = Team.objects.filter(workspace=request.workspace).exists()
    return {"section": "sight", "roles": shown, "rows": forms[0].rows, "has_teams": teams}


def _rules(workspace: Workspace, role: Role) -> dict[str, Rule]:
    rows = SightRule.objects.filter(workspace=workspace, role=role)
    return {row.of: Rule(Reach(row.see), Reach(row.change)) for row in rows}
