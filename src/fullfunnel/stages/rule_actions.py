"""What may be done with the rules of the funnels: drafted, changed, thrown away, adopted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.events.conditions import QuestionError
from fullfunnel.events.names import STAGE_RULES_ADOPTED
from fullfunnel.journeys.stages.rule_set import ByScore, read_set, set_json
from fullfunnel.people.record import record, the_firm
from fullfunnel.stages.rules.kept import adopted_row, kept_rules, kind_of, next_number
from fullfunnel.stages.rules.models import RuleVersion
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import ADMINS

MAX_NOTE, MAX_DRAFTS = 300, 20
NOT_A_DRAFT = "This version was adopted: it stays as it is. Make a draft from it to change something."


@transaction.atomic
def draft_rules(
    workspace: Workspace, *, based_on: int | None, by: By, at: datetime | None = None
) -> RuleVersion | Refused:
    """Begin a draft as a copy of a version; None: of the rules that hold. The first draft also keeps the default as a version.

    at: told as history; None: now.
    """
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    rows = RuleVersion.objects.filter(workspace=workspace)
    if rows.filter(adopted_at=None).count() >= MAX_DRAFTS:
        return Refused(f"There are {MAX_DRAFTS} drafts; throw one away first.")
    _keep_default(workspace, at)
    start = adopted_row(workspace) if based_on is None else rows.filter(number=based_on).first()
    if start is None:
        return Refused(f"There is no version {based_on}.", "based_on")
    if start.sells != kind_of(workspace):
        return Refused(f"Version {start.number} is for a workspace that sells otherwise; its stages are others.")
    return RuleVersion.objects.create(
        workspace=workspace, number=next_number(workspace), sells=start.sells, rules=start.rules,
        based_on=start.number, made_by=user_of(by), made_at=at or clock.now(),
    )  # fmt: skip


def _keep_default(workspace: Workspace, at: datetime | None) -> None:
    """Keep the default as a version, so that it stays what was counted by, and can be adopted again."""
    if adopted_row(workspace) is not None:
        return
    kept = kept_rules(workspace)
    since = min(kept.since, at or kept.since)
    RuleVersion.objects.create(
        workspace=workspace, number=kept.rules.number, sells=kept.rules.sells, rules=set_json(kept.rules),
        made_at=since, adopted_at=since, note="The default",
    )  # fmt: skip


@transaction.atomic
def change_rules(draft: RuleVersion, *, rules: Mapping[str, Any], by: By) -> RuleVersion | Refused:
    """Keep other rules in a draft; nothing is counted by them yet."""
    if refused := reason_not_to_act(by, draft.workspace_id, ADMINS):
        return refused
    if not draft.is_draft:
        return Refused(NOT_A_DRAFT)
    try:
        read = read_set(rules, draft.number)
    except QuestionError as error:
        return Refused(f"{error.field} {error.message}.", "rules")
    if read.sells != draft.sells:
        return Refused("The rules of a draft stay those of its kind of workspace.", "rules")
    draft.rules, draft.changed_at = set_json(read), clock.now()
    draft.save(update_fields=["rules", "changed_at"])
    return draft


@transaction.atomic
def discard_rules(draft: RuleVersion, *, by: By) -> RuleVersion | Refused:
    """Throw a draft away."""
    if refused := reason_not_to_act(by, draft.workspace_id, ADMINS):
        return refused
    if not draft.is_draft:
        return Refused(NOT_A_DRAFT)
    RuleVersion.objects.filter(workspace=draft.workspace_id, pk=draft.pk, adopted_at=None).delete()
    return draft


@transaction.atomic
def adopt_rules(version: RuleVersion, *, note: str, by: By, at: datetime | None = None) -> RuleVersion | Refused:
    """Count by a draft from now on, the past too; only what happens later sets something off.

    An adopted version is adopted again as a new one, with its rules. at: told as history; None: now.
    """
    workspace = version.workspace
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    note = note.strip()
    if not 0 < len(note) <= MAX_NOTE:
        return Refused(f"Say in a few words why, in at most {MAX_NOTE} characters: the others will ask.", "note")
    if version.sells != kind_of(workspace):
        return Refused(f"Version {version.number} is for a workspace that sells otherwise; its stages are others.")
    before = kept_rules(workspace).rules
    if not version.is_draft:
        if version.number == before.number:
            return Refused(f"Version {version.number} is what holds.")
        version = RuleVersion(
            workspace=workspace, number=next_number(workspace), sells=version.sells, rules=version.rules,
            based_on=version.number, made_by=user_of(by),
        )  # fmt: skip
    version.adopted_at, version.adopted_by, version.note = at or clock.now(), user_of(by), note
    version.changed_at = clock.now()
    version.save()
    record_audit(workspace, "adopt_rules", by=user_of(by), version=version.number, before=before.number, note=note)
    said = {"rules": version.number, "before": before.number}
    record(the_firm(workspace.pk), STAGE_RULES_ADOPTED, by=by, properties=said, at=clock.to_us(version.adopted_at))
    return version


@transaction.atomic
def set_score_rule(workspace: Workspace, *, is_on: bool, fit: int, engagement: int, by: By) -> RuleVersion | Refused:
    """Say whether people are handed over by score, and from which on: a version of its own. It begins now."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    kept = kept_rules(workspace)
    if kept.rules.by_score is None:
        return Refused("Nobody is scored in this workspace, for it does not sell to companies.")
    for name, value in (("fit", fit), ("engagement", engagement)):
        if not 1 <= value <= 100:
            return Refused(f"A score goes from 1 to 100; this is {value}.", name)
    limits = ByScore(is_on, fit, engagement)
    draft = draft_rules(workspace, based_on=None, by=by)
    if isinstance(draft, Refused):
        return draft
    if limits == kept.rules.by_score:
        draft.delete()
        return adopted_row(workspace) or draft
    changed = change_rules(draft, rules=set_json(replace(kept.rules, by_score=limits)), by=by)
    if isinstance(changed, Refused):
        return changed
    said = f"fit {fit}, engagement {engagement}" if is_on else "switched off"
    return adopt_rules(changed, note=f"Hand-over by score: {said}", by=by)
