"""What the sales panel of a person shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fullfunnel.crm.models import HandOver, HandOverJoin, HandOverMove, Outcome, StageKind, Task
from fullfunnel.crm.reading import activities_of, deals_of_person, hand_overs_of_person
from fullfunnel.crm.reasons import Reason, read_reasons
from fullfunnel.people.models import Person
from fullfunnel.workspaces.sight import about_visible, visible

MOST = 10
BADGES = {Outcome.WAITING: "badge-note", Outcome.ACCEPTED: "badge-good", Outcome.REJECTED: "badge-bad"}


@dataclass(frozen=True)
class HandedOver:
    """A hand-over with who decided it, "" while it waits."""

    row: HandOver
    reasons: Sequence[Reason] = field(default_factory=tuple)
    decided_by: str = ""

    @property
    def badge(self) -> str:
        return BADGES.get(Outcome(self.row.outcome), "")


def panel_of(person: Person) -> dict[str, Any]:
    """Return the hand-overs, open deals, open tasks and last activities of a person."""
    tasks = visible(Task.objects.filter(workspace_id=person.workspace_id, person=person, done_at=None))
    joins = HandOverJoin.objects.filter(workspace_id=person.workspace_id, person=person, kind=HandOverJoin.Kind.JOINED)
    deals = deals_of_person(person).filter(state=StageKind.OPEN)
    return {
        "hand_overs": handed_over(person),
        "joins": about_visible(joins, hand_over=HandOver)
        .select_related("hand_over__person")
        .order_by("-at", "-pk")[:MOST],
        "deals": deals.select_related("stage", "owner")[:MOST],
        "tasks": tasks.select_related("owner").order_by("due_at", "pk")[: MOST * 2],
        "activities": activities_of(person).select_related("by", "deal")[:MOST],
    }


def handed_over(person: Person) -> list[HandedOver]:
    """Return the latest hand-overs of a person."""
    rows = list(hand_overs_of_person(person).select_related("owner", "deal")[:MOST])
    moves = HandOverMove.objects.filter(workspace_id=person.workspace_id, hand_over__in=rows).select_related("by")
    decided = {(move.hand_over_id, move.what): move for move in moves.order_by("at", "pk")}
    return [HandedOver(row, read_reasons(row.why), _decider(row, decided.get((row.pk, row.outcome)))) for row in rows]


def _decider(row: HandOver, move: HandOverMove | None) -> str:
    if row.outcome == Outcome.WAITING or move is None:
        return ""
    return str(move.by) if move.by else row.owner_name or ("" if row.is_kept_elsewhere else "the program")
