"""How a workspace sells: its pipelines, their stages, and its reasons for losing. A change of administration: audited."""

from collections.abc import Sequence

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.crm.defaults import Stage
from fullfunnel.crm.models import Band, Deal, DealMove, LostReason, Pipeline, PipelineStage, StageKind
from fullfunnel.crm.pipelines import add_stages, lost_reasons_of, provide_lost_reasons, stages_of
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import ADMINS

MAX_NAME, MAX_STAGES, MAX_PIPELINES, MAX_REASONS = 100, 30, 20, 100


@transaction.atomic
def create_pipeline(workspace: Workspace, *, name: str, stages: Sequence[Stage], by: By) -> Pipeline | Refused:
    """Make one more pipeline. It needs a stage that is open, one for won and one for lost."""
    refused = reason_not_to_act(by, workspace.pk, ADMINS) or _wrong_name(name)
    if refused:
        return refused
    if Pipeline.objects.filter(workspace=workspace, archived_at=None).count() >= MAX_PIPELINES:
        return Refused(f"A workspace has at most {MAX_PIPELINES} pipelines.")
    wrong = next((_wrong_stage(stage.name, stage.kind, stage.band) for stage in stages), None)
    if wrong is not None:
        return wrong
    if len(stages) > MAX_STAGES or {stage.kind for stage in stages} != set(StageKind.values):
        return Refused("A pipeline has at least one stage that is open, one for won and one for lost.", "stages")
    place = Pipeline.objects.filter(workspace=workspace).count()
    pipeline = Pipeline.objects.create(workspace=workspace, name=name.strip(), place=place)
    add_stages(pipeline, stages)
    provide_lost_reasons(workspace)
    record_audit(workspace, "create_pipeline", by=by, pipeline=pipeline.public_id)
    return pipeline


@transaction.atomic
def rename_pipeline(pipeline: Pipeline, *, name: str, by: By) -> Pipeline | Refused:
    """Give a pipeline another name."""
    refused = reason_not_to_act(by, pipeline.workspace_id, ADMINS) or _wrong_name(name) or _reason_of_source(pipeline)
    if refused:
        return refused
    pipeline.name = name.strip()
    pipeline.save(update_fields=["name"])
    record_audit(pipeline.workspace, "rename_pipeline", by=by, pipeline=pipeline.public_id, name=pipeline.name)
    return pipeline


@transaction.atomic
def archive_pipeline(pipeline: Pipeline, *, by: By) -> Pipeline | Refused:
    """Put a pipeline away; its decided deals keep it. One with open deals stays."""
    if refused := reason_not_to_act(by, pipeline.workspace_id, ADMINS):
        return refused
    deals = Deal.objects.filter(workspace_id=pipeline.workspace_id, pipeline=pipeline, taken_back_at=None)
    if count := deals.filter(state=StageKind.OPEN).count():
        return Refused(f"{number(count)} open deals are in {pipeline.name}: move or decide them first.")
    pipeline.archived_at = clock.now()
    pipeline.save(update_fields=["archived_at"])
    record_audit(pipeline.workspace, "archive_pipeline", by=by, pipeline=pipeline.public_id)
    return pipeline


@transaction.atomic
def add_stage(
    pipeline: Pipeline, *, name: str, place: int, by: By, kind: str = StageKind.OPEN, band: str = Band.BOTTOM
) -> PipelineStage | Refused:
    """Add a stage at this place, counted from 0; those behind it move one to the right."""
    refused = reason_not_to_act(by, pipeline.workspace_id, ADMINS) or _wrong_stage(name, kind, band)
    if refused:
        return refused
    stages = stages_of(pipeline)
    if len(stages) >= MAX_STAGES:
        return Refused(f"A pipeline has at most {MAX_STAGES} stages.")
    made = PipelineStage.objects.create(
        workspace_id=pipeline.workspace_id, pipeline=pipeline, name=name.strip(), kind=kind, band=band
    )
    stages.insert(max(0, place), made)
    _number(stages)
    record_audit(pipeline.workspace, "add_stage", by=by, pipeline=pipeline.public_id, stage=made.name)
    return made


@transaction.atomic
def change_stage(
    stage: PipelineStage, *, name: str, by: By, place: int | None = None, band: str = ""
) -> PipelineStage | Refused:
    """Rename a stage, move it to another place, put it into another band. Its kind stays: deals were decided by it."""
    refused = reason_not_to_act(by, stage.workspace_id, ADMINS)
    refused = refused or _wrong_stage(name, stage.kind, band or stage.band)
    if refused:
        return refused
    stage.name, stage.band = name.strip(), band or stage.band
    stage.save(update_fields=["name", "band"])
    if place is not None:
        others = [each for each in stages_of(stage.pipeline) if each.pk != stage.pk]
        others.insert(max(0, place), stage)
        _number(others)
    record_audit(stage.workspace, "change_stage", by=by, stage=stage.public_id, name=stage.name)
    return stage


@transaction.atomic
def remove_stage(stage: PipelineStage, *, by: By) -> PipelineStage | Refused:
    """Remove a stage that no deal has ever been in."""
    if refused := reason_not_to_act(by, stage.workspace_id, ADMINS):
        return refused
    moves = DealMove.objects.filter(workspace_id=stage.workspace_id)
    if moves.filter(to_stage=stage).exists() or Deal.objects.filter(stage=stage, workspace=stage.workspace).exists():
        return Refused(f"Deals are, or were, in {stage.name}: it belongs to their history. Rename it instead.")
    left = [each for each in stages_of(stage.pipeline) if each.pk != stage.pk]
    if {each.kind for each in left} != set(StageKind.values):
        return Refused("A pipeline keeps at least one stage that is open, one for won and one for lost.")
    PipelineStage.objects.filter(workspace_id=stage.workspace_id, pk=stage.pk).delete()
    _number(left)
    record_audit(stage.workspace, "remove_stage", by=by, stage=stage.public_id, name=stage.name)
    return stage


@transaction.atomic
def add_lost_reason(workspace: Workspace, *, name: str, by: By) -> LostReason | Refused:
    """Add a reason to the list; one that was put away comes back."""
    refused = reason_not_to_act(by, workspace.pk, ADMINS) or _wrong_name(name)
    if refused:
        return refused
    if len(lost_reasons_of(workspace)) >= MAX_REASONS:
        return Refused(f"A workspace has at most {MAX_REASONS} reasons.")
    place = LostReason.objects.filter(workspace=workspace).count()
    reason, _ = LostReason.objects.get_or_create(workspace=workspace, name=name.strip(), defaults={"place": place})
    reason.archived_at = None
    reason.save(update_fields=["archived_at"])
    record_audit(workspace, "add_lost_reason", by=by, name=reason.name)
    return reason


@transaction.atomic
def rename_lost_reason(reason: LostReason, *, name: str, by: By) -> LostReason | Refused:
    """Call a reason otherwise, also where it was given already."""
    refused = reason_not_to_act(by, reason.workspace_id, ADMINS) or _wrong_name(name)
    if refused:
        return refused
    others = LostReason.objects.filter(workspace_id=reason.workspace_id, name=name.strip()).exclude(pk=reason.pk)
    if others.exists():
        return Refused(f"There is a reason '{name.strip()}' already.", "name")
    reason.name = name.strip()
    reason.save(update_fields=["name"])
    record_audit(reason.workspace, "rename_lost_reason", by=by, reason=reason.public_id, name=reason.name)
    return reason


@transaction.atomic
def archive_lost_reason(reason: LostReason, *, by: By) -> LostReason | Refused:
    """Take a reason off the list; deals keep it. One stays: every way into Lost needs a reason."""
    if refused := reason_not_to_act(by, reason.workspace_id, ADMINS):
        return refused
    if [each.pk for each in lost_reasons_of(reason.workspace)] == [reason.pk]:
        return Refused("The list keeps at least one reason.")
    reason.archived_at = clock.now()
    reason.save(update_fields=["archived_at"])
    record_audit(reason.workspace, "archive_lost_reason", by=by, reason=reason.public_id)
    return reason


def _wrong_name(name: str) -> Refused | None:
    if 0 < len(name.strip()) <= MAX_NAME:
        return None
    return Refused(f"A name has between 1 and {MAX_NAME} characters.", "name")


def _wrong_stage(name: str, kind: str, band: str) -> Refused | None:
    if wrong := _wrong_name(name):
        return wrong
    if kind not in StageKind.values or band not in Band.values:
        return Refused(f"A stage is {', '.join(StageKind.values)}, and {', '.join(Band.values)}.", "kind")
    return None


def _reason_of_source(pipeline: Pipeline) -> Refused | None:
    return Refused(f"{pipeline.name} follows what its source says.") if pipeline.source_id else None


def _number(stages: Sequence[PipelineStage]) -> None:
    for place, stage in enumerate(stages):
        stage.place = place
    PipelineStage.objects.bulk_update(stages, ["place"])
