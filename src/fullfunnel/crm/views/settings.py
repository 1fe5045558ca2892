"""Settings, Sales: pipelines with their stages, and the reasons for losing."""

from django.conf import settings as django_settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.core.pages import tell, whole_number
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.defaults import COMPANIES, HOUSEHOLDS
from fullfunnel.crm.models import Band, LostReason, Pipeline, PipelineStage, StageKind
from fullfunnel.crm.needs import MOST_TASKS, NEEDS, StageTask
from fullfunnel.crm.pipelines import lost_reasons_of, pipelines_of, stages_of
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow

BEGUN_AS = {"companies": ("For companies", COMPANIES), "households": ("For households", HOUSEHOLDS)}


@allow(ADMINS)
@require_safe
def sales(request: MemberRequest) -> HttpResponse:
    """The page."""
    pipelines = pipelines_of(request.workspace)
    context = {
        "section": "sales",
        "pipelines": [(pipeline, stages_of(pipeline)) for pipeline in pipelines],
        "reasons": lost_reasons_of(request.workspace) if pipelines else [],
        "kinds": StageKind.choices,
        "bands": Band.choices,
        "needs": [(name, need.label) for name, need in NEEDS.items()],
        "empty_tasks": range(MOST_TASKS),
        "panels": [reverse(name, args=[request.workspace.slug]) for name in django_settings.SALES_PANELS],
        "begun_as": [(key, label) for key, (label, _) in BEGUN_AS.items()],
    }
    return render(request, "crm/settings/sales.html", context)


def _answer(request: MemberRequest, result: object | Refused, done: str) -> HttpResponse:
    tell(request, result, done)
    return redirect("crm:sales-settings", request.workspace.slug)


def _pipeline(request: MemberRequest, pipeline_id: str) -> Pipeline:
    return get_object_or_404(Pipeline, workspace=request.workspace, public_id=pipeline_id)


def _stage(request: MemberRequest, stage_id: str) -> PipelineStage:
    rows = PipelineStage.objects.select_related("pipeline__workspace")
    return get_object_or_404(rows, workspace=request.workspace, public_id=stage_id)


def _reason(request: MemberRequest, reason_id: str) -> LostReason:
    return get_object_or_404(LostReason, workspace=request.workspace, public_id=reason_id)


@allow(ADMINS)
@require_POST
def create_pipeline(request: MemberRequest) -> HttpResponse:
    """Make a pipeline with the usual stages, to be changed then."""
    name, begun = request.POST.get("name", ""), BEGUN_AS.get(request.POST.get("like", ""), BEGUN_AS["companies"])
    made = actions.create_pipeline(request.workspace, name=name, stages=begun[1], by=request.member)
    return _answer(request, made, f"{name.strip()} was made.")


@allow(ADMINS)
@require_POST
def rename_pipeline(request: MemberRequest, pipeline_id: str) -> HttpResponse:
    pipeline, name = _pipeline(request, pipeline_id), request.POST.get("name", "")
    return _answer(request, actions.rename_pipeline(pipeline, name=name, by=request.member), "Saved.")


@allow(ADMINS)
@require_POST
def archive_pipeline(request: MemberRequest, pipeline_id: str) -> HttpResponse:
    pipeline = _pipeline(request, pipeline_id)
    return _answer(request, actions.archive_pipeline(pipeline, by=request.member), f"{pipeline} was archived.")


@allow(ADMINS)
@require_POST
def add_stage(request: MemberRequest, pipeline_id: str) -> HttpResponse:
    """Add a stage: an open one behind the last open one, any other at the end."""
    pipeline, given = _pipeline(request, pipeline_id), request.POST
    stages, kind = stages_of(pipeline), given.get("kind", StageKind.OPEN)
    opened = [place for place, stage in enumerate(stages) if stage.kind == StageKind.OPEN]
    place = opened[-1] + 1 if opened and kind == StageKind.OPEN else len(stages)
    band = given.get("band", Band.BOTTOM)
    name = given.get("name", "")
    added = actions.add_stage(pipeline, name=name, place=place, kind=kind, band=band, by=request.member)
    return _answer(request, added, f"{name.strip()} was added to {pipeline}.")


@allow(ADMINS)
@require_POST
def change_stage(request: MemberRequest, stage_id: str) -> HttpResponse:
    """Rename a stage, put it in another band, or (`move`: left, right) one place on."""
    stage, given = _stage(request, stage_id), request.POST
    step = {"left": -1, "right": 1}.get(given.get("move", ""), 0)
    places = [each.pk for each in stages_of(stage.pipeline)]
    place = max(0, places.index(stage.pk) + step) if step else None
    name, band = given.get("name", stage.name), given.get("band", "")
    return _answer(request, actions.change_stage(stage, name=name, band=band, place=place, by=request.member), "Saved.")


@allow(ADMINS)
@require_POST
def rule_stage(request: MemberRequest, stage_id: str) -> HttpResponse:
    """Say what a deal needs to go on from a stage, and the tasks that it brings; a task without words falls away."""
    stage, given = _stage(request, stage_id), request.POST
    told = zip(given.getlist("title"), given.getlist("days"), strict=False)
    tasks = [StageTask(title, whole_number(days) or 0) for title, days in told if title.strip()]
    ruled = actions.rule_stage(stage, needs=given.getlist("needs"), tasks=tasks, by=request.member)
    return _answer(request, ruled, f"{stage}: saved.")


@allow(ADMINS)
@require_POST
def remove_stage(request: MemberRequest, stage_id: str) -> HttpResponse:
    stage = _stage(request, stage_id)
    return _answer(request, actions.remove_stage(stage, by=request.member), f"{stage} was removed.")


@allow(ADMINS)
@require_POST
def add_reason(request: MemberRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    added = actions.add_lost_reason(request.workspace, name=name, by=request.member)
    return _answer(request, added, f"“{name.strip()}” is on the list.")


@allow(ADMINS)
@require_POST
def rename_reason(request: MemberRequest, reason_id: str) -> HttpResponse:
    reason, name = _reason(request, reason_id), request.POST.get("name", "")
    return _answer(request, actions.rename_lost_reason(reason, name=name, by=request.member), "Saved.")


@allow(ADMINS)
@require_POST
def archive_reason(request: MemberRequest, reason_id: str) -> HttpResponse:
    reason = _reason(request, reason_id)
    done = actions.archive_lost_reason(reason, by=request.member)
    return _answer(request, done, f"“{reason}” is off the list; deals keep it.")
