"""What may be done with who sees what."""

from collections.abc import Mapping

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Role, SightRule, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import ADMINS
from fullfunnel.workspaces.sight.reach import LABELS, Of, Reach, Rule, wrong_rule


@transaction.atomic
def set_sight(workspace: Workspace, *, role: str, rules: Mapping[Of, Rule], by: By) -> tuple[SightRule, ...] | Refused:
    """Say how far a role sees and changes each kind of rows; what is not named stays."""
    refused = reason_not_to_act(by, workspace.pk, ADMINS) or _wrong_role(role)
    if refused:
        return refused
    for of, rule in rules.items():
        if wrong := wrong_rule(rule):
            return Refused(f"{LABELS[of]}: {wrong}", f"{of}_change")
    before = {row.of: Rule(Reach(row.see), Reach(row.change)) for row in _rows(workspace, role)}
    changed = {of: rule for of, rule in rules.items() if before.get(of, Rule()) != rule}
    for of, rule in changed.items():
        new = {"see": rule.see, "change": rule.change}
        SightRule.objects.update_or_create(workspace=workspace, role=role, of=of, defaults=new)
    if changed:
        told = {str(of): [_words(before.get(of, Rule())), _words(rule)] for of, rule in changed.items()}
        record_audit(workspace, "set_sight", by=by, role=role, **told)
    return tuple(_rows(workspace, role))


def _wrong_role(role: str) -> Refused | None:
    if role in Role.values and role not in ADMINS:
        return None
    return Refused("Owners and admins always see and change all; choose another role.", "role")


def _rows(workspace: Workspace, role: str) -> list[SightRule]:
    return list(SightRule.objects.filter(workspace=workspace, role=role).order_by("of"))


def _words(rule: Rule) -> str:
    return f"sees {rule.see}, changes {rule.change}"
