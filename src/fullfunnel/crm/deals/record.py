"""What the page of a deal shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from fullfunnel.core import clock
from fullfunnel.core.numbers import number
from fullfunnel.core.texts import dates
from fullfunnel.crm.actions.opening import MISTAKE
from fullfunnel.crm.deals.cards import hue_of, owner_words
from fullfunnel.crm.deals.facts import Facts
from fullfunnel.crm.deals.stays import days_by_stage, stays_of
from fullfunnel.crm.deals.wanted import today
from fullfunnel.crm.deals.words import amount_words, day_words, step_words
from fullfunnel.crm.models import Activity, ActivityKind, Bant, Deal, DealMove, Direction, PipelineStage, StageKind
from fullfunnel.crm.pipelines import first_of_kind, stages_of
from fullfunnel.crm.records.forms import OUTCOMES, NewTask
from fullfunnel.crm.roles import SUGGESTED
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.scope import EDITORS, MemberRequest

MOST_LINES = 100
ICONS = {
    "call": "device-mobile", "email": "mail", "meeting": "calendar", "demo": "device-desktop",
    "presentation": "chart-bar", "site_visit": "building",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A stage of the stepper. state: passed, now or ahead; words: "6 days, from 4 Nov"."""

    stage: PipelineStage
    state: str
    words: str


@dataclass(frozen=True)
class Line:
    """What happened: a move or an activity. `lead` is bold, `more` stands below, `by` who did it."""

    at: datetime
    icon: str
    lead: str
    more: str
    by: str
    is_move: bool = False


def record_of(request: MemberRequest, deal: Deal) -> dict[str, Any]:
    """Return all of a deal but its touches, which take longer and come on their own. Each deal came with its relations."""
    moves = list(deal.moves.select_related("from_stage", "to_stage", "by").order_by("-at", "-seq", "-pk")[:MOST_LINES])
    stages, may_act = stages_of(deal.pipeline), request.may(EDITORS)
    now = today()
    step, step_is = step_words(deal.next_step, deal.next_step_on, None, now)
    return {
        "deal": deal,
        "amount": amount_words(deal.amount, deal.currency),
        "owner": owner_words(deal),
        "owner_hue": hue_of(deal.owner),
        "step": step,
        "step_is": step_is,
        "closes": day_words(deal.closes_on, now) if deal.closes_on else "",
        "is_late": bool(deal.closes_on and deal.closes_on < now and deal.state == StageKind.OPEN),
        "days": max(0, (clock.now() - deal.stage_since).days),
        "lines": lines_of(deal, moves),
        "roles": deal.people.select_related("person").order_by("pk"),
        "tasks": tasks_of(deal),
        "may_log": may_act and deal.taken_back_at is None,
        "may_act": may_act and not deal.is_kept_elsewhere and deal.taken_back_at is None,
        "may_take_over": may_act and deal.is_kept_elsewhere,
        "may_take_back": may_take_back(deal),
        **places_of(deal, stages, moves),
        "opened": request.GET.get("open", ""),
        "facts": Facts(deal=deal),
        "log_facts": Facts(deal=deal, auto_id="log-%s", is_blank=True),
        "task_form": NewTask(workspace=request.workspace, user=request.user, auto_id="deal-%s"),
        **offered(request),
    }


def offered(request: MemberRequest) -> dict[str, Any]:
    """What the forms of the page offer."""
    members = Membership.objects.filter(workspace=request.workspace).select_related("user").order_by("user__name", "pk")
    return {
        "workspace": request.workspace,
        "members": [each.user for each in members],
        "kinds": ActivityKind.choices,
        "directions": Direction.choices,
        "outcomes": OUTCOMES,
        "suggested_roles": SUGGESTED,
        "bants": Bant.choices,
    }


def may_take_back(deal: Deal) -> bool:
    """Whether it was opened so lately that it can be taken back as a mistake."""
    is_fresh = clock.now() - deal.opened_at <= MISTAKE
    return deal.state == StageKind.OPEN and deal.taken_back_at is None and is_fresh


def places_of(deal: Deal, stages: list[PipelineStage], moves: list[DealMove]) -> dict[str, Any]:
    """Where the deal stands and may go: the steps, the next stage, Lost, and where it was before it was decided."""
    open_ones = [stage for stage in stages if stage.kind == StageKind.OPEN]
    wins = [stage for stage in stages if stage.kind == StageKind.WON]
    before = next(
        (move.from_stage for move in moves if move.from_stage and move.from_stage.kind == StageKind.OPEN), None
    )
    is_open = deal.stage.kind == StageKind.OPEN
    return {
        "steps": steps_of(deal, [*open_ones, *wins]),
        "next_stage": _following(deal, [*open_ones, *wins]) if is_open else None,
        "lost_stage": first_of_kind(stages, StageKind.LOST) if deal.state != StageKind.LOST else None,
        "reopens_in": (before or next(iter(open_ones), None)) if not is_open else None,
        "other_stages": [stage for stage in stages if stage.pk != deal.stage_id],
    }


def _following(deal: Deal, road: list[PipelineStage]) -> PipelineStage | None:
    here = next((at for at, stage in enumerate(road) if stage.pk == deal.stage_id), None)
    return road[here + 1] if here is not None and here + 1 < len(road) else None


def steps_of(deal: Deal, road: list[PipelineStage]) -> list[Step]:
    """Return the stages from left to right; those before the one it is in are passed."""
    told = deal.moves.exclude(kind__in=("changed", "assigned")).order_by("at", "seq", "pk")
    days = days_by_stage(stays_of(told.values_list("at", "from_stage_id", "to_stage_id")), clock.now())
    here = next((at for at, stage in enumerate(road) if stage.pk == deal.stage_id), -1)
    steps = []
    for at, stage in enumerate(road):
        state = "now" if at == here else "passed" if at < here or (here < 0 and stage.pk in days) else "ahead"
        steps.append(Step(stage, state, _stay_words(*days[stage.pk]) if stage.pk in days else ""))
    return steps


def _stay_words(days: int, since: datetime) -> str:
    local = timezone.localtime(clock.shown(since))
    return f"{number(days)} {'day' if days == 1 else 'days'}, from {dates.day(local, has_year=False)}"


def tasks_of(deal: Deal) -> list[Any]:
    """Return what is to be done, the next due first, then what was done last."""
    rows = deal.tasks.select_related("owner", "done_by")
    waiting = rows.filter(done_at=None).order_by(F("due_at").asc(nulls_last=True), "pk")[:MOST_LINES]
    return [*waiting, *rows.exclude(done_at=None).order_by("-done_at")[:5]]


def lines_of(deal: Deal, moves: list[DealMove]) -> list[Line]:
    """Return moves and activities together, the latest first."""
    activities = deal.activities.select_related("person", "by").order_by("-at", "-pk")[:MOST_LINES]
    lines = [*map(line_of_move, moves), *map(line_of_activity, activities)]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST_LINES]


def line_of_activity(activity: Activity) -> Line:
    whom = f" with {activity.person}" if activity.person else ""
    came = " (inbound)" if activity.direction == Direction.IN else ""
    outcome = f", {activity.outcome}" if activity.outcome else ""
    lead = f"{activity.get_kind_display()}{whom}{came}{outcome}"
    return Line(activity.at, ICONS.get(activity.kind, "bolt"), lead, activity.text, str(activity.by or ""))


def line_of_move(move: DealMove) -> Line:
    """Return a move in words, with why, and what changed."""
    here = move.to_stage.name if move.to_stage else ""
    lead = {
        DealMove.Kind.CREATED: f"Opened in {here}" if here else "Opened",
        DealMove.Kind.ASSIGNED: "Owner changed",
        DealMove.Kind.TAKEN_BACK: "Taken back",
        DealMove.Kind.CHANGED: "Changed",
    }.get(DealMove.Kind(move.kind), f"{move.from_stage.name} → {here}" if move.from_stage else f"Moved to {here}")
    said = [reason_words(move.told), move.reason, *changes_of(move)]
    return Line(
        move.at, "arrow-right", lead, "; ".join(each for each in said if each), str(move.by or ""), is_move=True
    )


def reason_words(told: dict[str, Any]) -> str:
    """Return why it was lost: "No budget, to Planik, said the buyer: “…”"."""
    if not told.get("lost_reason"):
        return ""
    competitor = f", to {told['competitor']}" if told.get("competitor") else ""
    said_by = f", said the {told['said_by']}" if told.get("said_by") else ""
    text = f": “{told['text']}”" if told.get("text") else ""
    return f"{told['lost_reason']}{competitor}{said_by}{text}"


def changes_of(move: DealMove) -> list[str]:
    """Return what changed with a move, in words; of other moves the amount and close date as they were then."""
    before = move.told.get("before") if isinstance(move.told, dict) else None
    if move.kind != DealMove.Kind.CHANGED or not before:
        then = [amount_words(move.amount, move.currency), _date_words(move.closes_on, "closing ")]
        return [", ".join(each for each in then if each)] if move.kind != DealMove.Kind.ASSIGNED else []
    now = {"amount": move.amount, "currency": move.currency, "closes_on": move.closes_on}
    names = {"amount": "amount", "currency": "currency", "closes_on": "close date"}
    return [f"{names[name]} {_plain(was)} → {_plain(now[name])}" for name, was in before.items() if name in names]


def _plain(value: Any) -> str:
    text = "" if value is None else str(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text or "none"


def _date_words(day: date | None, before: str) -> str:
    return f"{before}{dates.day(day)}" if day else ""
