"""The pipelines of a source that keeps deals: made like our own, with one more stage for every name that it says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fullfunnel.crm.defaults import COMPANIES, pipeline_of
from fullfunnel.crm.mirror.tellings import Stage, Stages
from fullfunnel.crm.models import Pipeline, PipelineStage, StageKind
from fullfunnel.crm.pipelines import add_stages, first_of_kind, stages_of
from fullfunnel.workspaces.models import Source

MOST_STAGES = 200


@dataclass(frozen=True)
class Places:
    """A source's pipelines, by the name that it gives them, each with its stages; "": it gives none."""

    pipelines: Mapping[str, tuple[int, Stages]]

    def of(self, name: str) -> tuple[int, Stages]:
        """Return (id of the pipeline, its stages)."""
        return self.pipelines[name]


def places_of(source: Source, said: Iterable[Mapping[str, str]]) -> Places:
    """Return the pipelines and stages that these tellings name, and make those that are new."""
    named: dict[str, dict[str, str]] = {}
    for words in said:
        # Each name in the pipeline it is said with; without one, in all: a deal's pipeline may be told once only.
        named.setdefault(words.get("pipeline", ""), {}).setdefault(
            words.get("stage", "").lower(), words.get("stage", "")
        )
    for name in [name for name in named if name]:
        named[name] = named.get("", {}) | named[name]
    return Places({name: _place(source, name, stages) for name, stages in named.items()})


def _place(source: Source, name: str, said: Mapping[str, str]) -> tuple[int, Stages]:
    pipeline, is_new = Pipeline.objects.get_or_create(
        workspace_id=source.workspace_id, source=source, name=(name or source.name)[:100], defaults={"place": 100}
    )
    if is_new:
        suggested = pipeline_of(source.workspace.sells)
        add_stages(pipeline, suggested[1] if suggested else COMPANIES)
    stages = stages_of(pipeline)
    known = {stage.name.lower() for stage in stages}
    fresh = [text for key, text in said.items() if key and key not in known][: MOST_STAGES - len(stages)]
    if fresh:
        stages = _with(pipeline, stages, fresh)
    rows = {kind: first_of_kind(stages, kind) or stages[0] for kind in StageKind}
    first, won, lost = (Stage(rows[kind].pk, kind) for kind in (StageKind.OPEN, StageKind.WON, StageKind.LOST))
    by_name = {stage.name.lower(): Stage(stage.pk, stage.kind) for stage in reversed(stages)}
    return pipeline.pk, Stages(first, won, lost, by_name)


def _with(pipeline: Pipeline, stages: list[PipelineStage], fresh: list[str]) -> list[PipelineStage]:
    """Put new stages behind the open ones, before the first that decides."""
    place = next((number for number, stage in enumerate(stages) if stage.kind != StageKind.OPEN), len(stages))
    made = [
        PipelineStage.objects.create(workspace_id=pipeline.workspace_id, pipeline=pipeline, name=text[:100])
        for text in fresh
    ]
    stages[place:place] = made
    for number, stage in enumerate(stages):
        stage.place = number
    PipelineStage.objects.bulk_update(stages, ["place"])
    return stages
