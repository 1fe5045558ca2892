"""What a stage asks of a deal that leaves it, and brings to one that enters it. In the transaction of the move."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from fullfunnel.core.refused import Refused
from fullfunnel.crm.models import Deal, DealMove, PipelineStage, StageKind, Task
from fullfunnel.crm.needs import DECIDES, FIELDS, NEEDS, lacking, read_tasks
from fullfunnel.workspaces.roles import By, user_of

DAY_ENDS = time(17, 0)


def missing_of(deal: Deal, to: PipelineStage) -> list[str]:
    """Return the needs that keep the deal in its stage. Back, into Lost, and out of a decided stage it may always go."""
    here = deal.stage
    is_back = to.pipeline_id == here.pipeline_id and to.place < here.place
    if here.kind != StageKind.OPEN or to.kind == StageKind.LOST or is_back or not here.needs:
        return []
    return lacking(here.needs, known_of(deal))


def reason_to_stay(deal: Deal, to: PipelineStage) -> Refused | None:
    """Return the first of what the deal lacks to go on from its stage."""
    first = next(iter(missing_of(deal, to)), "")
    if not first:
        return None
    return Refused(f"{deal.name} stays in {deal.stage.name}. {NEEDS[first].missing}.", FIELDS.get(first, first))


def known_of(deal: Deal) -> set[str]:
    """Return which needs the deal meets."""
    roles = [role.strip().lower() for role in deal.people.values_list("role", flat=True)]
    facts = {
        "amount": deal.amount is not None,
        "closes_on": deal.closes_on is not None,
        "next_step": bool(deal.next_step or deal.next_step_on),
        "owner": deal.owner_id is not None,
        "people": bool(roles),
        "decider": DECIDES in roles,
        "need": bool(deal.need.strip()),
        "need_confirmed": bool(deal.need.strip()) and not deal.need_is_assumed,
        "bant": bool(deal.bant and deal.bant_text.strip()),
    }
    return {name for name, is_known in facts.items() if is_known}


def bring_tasks(deal: Deal, *, by: By, at: datetime) -> None:
    """Give the deal the tasks of the stage that it is in now, each once for ever."""
    there = set(deal.tasks.filter(stage=deal.stage).values_list("title", flat=True))
    today = at.astimezone(ZoneInfo(deal.workspace.timezone))
    Task.objects.bulk_create(
        Task(
            workspace_id=deal.workspace_id, deal=deal, stage=deal.stage, title=task.title, owner=deal.owner or user_of(by),
            made_by=user_of(by), made_at=at,
            due_at=datetime.combine(today.date() + timedelta(days=task.days), DAY_ENDS, today.tzinfo),
        )
        for task in read_tasks(deal.stage.tasks)
        if task.title not in there
    )  # fmt: skip


def take_back_tasks(move: DealMove) -> None:
    """Take away what a move brought and nobody has done."""
    deal = move.deal
    deal.tasks.filter(stage=move.to_stage, made_at=move.at, done_at=None).delete()
