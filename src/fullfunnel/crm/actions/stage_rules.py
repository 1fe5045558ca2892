"""What a stage needs of a deal that leaves it, and the tasks that it brings. A change of administration: audited."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.crm.models import PipelineStage, StageKind
from fullfunnel.crm.needs import NEEDS, StageTask, wrong_tasks
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import ADMINS


@transaction.atomic
def rule_stage(
    stage: PipelineStage, *, needs: Sequence[str], tasks: Sequence[StageTask], by: By
) -> PipelineStage | Refused:
    """Say what a deal needs to go on from a stage (of needs.NEEDS) and what is to be done in it. Deals that are there stay."""
    if refused := reason_not_to_act(by, stage.workspace_id, ADMINS):
        return refused
    if unknown := [need for need in needs if need not in NEEDS]:
        return Refused(f"'{unknown[0][:40]}' is not one of {', '.join(NEEDS)}.", "needs")
    if needs and stage.kind != StageKind.OPEN:
        return Refused(f"{stage.name} is where deals are decided: nothing leaves it.", "needs")
    if wrong := wrong_tasks(tasks):
        return Refused(wrong, "tasks")
    stage.needs = [need for need in NEEDS if need in needs]
    stage.tasks = [asdict(task) | {"title": task.title.strip()} for task in tasks]
    stage.save(update_fields=["needs", "tasks"])
    record_audit(stage.workspace, "rule_stage", by=by, stage=stage.public_id, needs=stage.needs, tasks=len(stage.tasks))
    return stage
