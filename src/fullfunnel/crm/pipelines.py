"""The pipelines and lost reasons of a workspace; the first look makes those that its way of selling suggests."""

from collections.abc import Sequence

from django.db import transaction
from django.http import Http404

from fullfunnel.crm.defaults import LOST_REASONS, NAMES, Stage, pipeline_of
from fullfunnel.crm.models import LostReason, Pipeline, PipelineStage, StageKind
from fullfunnel.workspaces.models import Sells, Workspace


def pipelines_of(workspace: Workspace) -> list[Pipeline]:
    """Return the pipelines in use, from left to right; none for a shop that sells online only and has made none."""
    suggested = pipeline_of(workspace.sells)
    if suggested and not Pipeline.objects.filter(workspace=workspace, made_for=suggested[0]).exists():
        _make(workspace, *suggested)
    in_use = Pipeline.objects.filter(workspace=workspace, archived_at=None)
    return list(in_use.prefetch_related("stages").order_by("place", "pk"))


def must_sell(workspace: Workspace) -> None:
    """Raise 404 in a workspace that sells online only: nobody there is handed to sales."""
    if workspace.sells == Sells.ONLINE:
        raise Http404("this workspace sells online only")


def default_pipeline(workspace: Workspace) -> Pipeline | None:
    """Return the pipeline that a deal is opened in when nobody says which: the first of our own."""
    return next((pipeline for pipeline in pipelines_of(workspace) if pipeline.source_id is None), None)


def stages_of(pipeline: Pipeline) -> list[PipelineStage]:
    """Return a pipeline's stages from left to right."""
    stages = PipelineStage.objects.filter(workspace_id=pipeline.workspace_id, pipeline=pipeline)
    return list(stages.order_by("place", "pk"))


def first_of_kind(stages: Sequence[PipelineStage], kind: StageKind) -> PipelineStage | None:
    """Return the first stage of this kind."""
    return next((stage for stage in stages if stage.kind == kind), None)


def lost_reasons_of(workspace: Workspace) -> list[LostReason]:
    """Return the reasons in use, in their order; the first look makes the usual ones."""
    mine = LostReason.objects.filter(workspace=workspace)
    if not mine.exists():
        rows = [LostReason(workspace=workspace, name=name, place=place) for place, name in enumerate(LOST_REASONS)]
        LostReason.objects.bulk_create(rows, ignore_conflicts=True)
    return list(mine.filter(archived_at=None).order_by("place", "pk"))


def add_stages(pipeline: Pipeline, stages: Sequence[Stage]) -> None:
    """Give a new pipeline its stages."""
    PipelineStage.objects.bulk_create(
        PipelineStage(
            workspace_id=pipeline.workspace_id, pipeline=pipeline, name=stage.name, place=place, kind=stage.kind,
            band=stage.band, wins_after_days=stage.wins_after_days,
        )
        for place, stage in enumerate(stages)
    )  # fmt: skip


def _make(workspace: Workspace, made_for: str, stages: Sequence[Stage]) -> None:
    with transaction.atomic():
        pipeline, is_new = Pipeline.objects.get_or_create(
            workspace=workspace, made_for=made_for, defaults={"name": NAMES[made_for]}
        )
        if is_new:
            add_stages(pipeline, stages)
