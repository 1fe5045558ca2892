"""The pipelines and lost reasons of a workspace, and those that it begins with, by its way of selling."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.http import Http404

from fullfunnel.crm.defaults import LOST_REASONS, NAMES, STAGES, Stage, pipeline_of
from fullfunnel.crm.models import Deal, DealMove, LostReason, Pipeline, PipelineStage, StageKind
from fullfunnel.workspaces.models import Sells, Workspace


@transaction.atomic
def provide(workspace: Workspace) -> None:
    """Make the pipeline and the lost reasons that its way of selling suggests, unless it has them.

    What another way of selling suggested goes, if it is as it was made and no deal was ever in it.
    """
    suggested = pipeline_of(workspace.sells)
    for pipeline in Pipeline.objects.filter(workspace=workspace, made_for__gt=""):
        if (suggested is None or pipeline.made_for != suggested[0]) and _is_untouched(pipeline):
            pipeline.delete()
    if suggested is None:
        return
    if not Pipeline.objects.filter(workspace=workspace, made_for=suggested[0]).exists():
        _make(workspace, *suggested)
    provide_lost_reasons(workspace)


def _is_untouched(pipeline: Pipeline) -> bool:
    made, stages, workspace_id = STAGES[pipeline.made_for], stages_of(pipeline), pipeline.workspace_id
    if [(each.name, each.kind, each.band) for each in stages] != [(each.name, each.kind, each.band) for each in made]:
        return False
    moves = DealMove.objects.filter(Q(from_stage__in=stages) | Q(to_stage__in=stages), workspace_id=workspace_id)
    deals = Deal.objects.filter(workspace_id=workspace_id, pipeline=pipeline)
    return not (deals.exists() or moves.exists())


def provide_lost_reasons(workspace: Workspace) -> None:
    """Make the usual reasons where there are none."""
    if not LostReason.objects.filter(workspace=workspace).exists():
        rows = [LostReason(workspace=workspace, name=name, place=place) for place, name in enumerate(LOST_REASONS)]
        LostReason.objects.bulk_create(rows, ignore_conflicts=True)


def pipelines_of(workspace: Workspace) -> list[Pipeline]:
    """Return the pipelines in use, from left to right; none for a shop that sells online only and has made none."""
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
    """Return the reasons in use, in their order."""
    in_use = LostReason.objects.filter(workspace=workspace, archived_at=None)
    return list(in_use.order_by("place", "pk"))


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
    pipeline, is_new = Pipeline.objects.get_or_create(
        workspace=workspace, made_for=made_for, defaults={"name": NAMES[made_for]}
    )
    if is_new:
        add_stages(pipeline, stages)
