"""What becomes of sellers' rows when their person is merged, erased, or asks what is known (config/wiring/people.py)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Q

from fullfunnel.core import clock
from fullfunnel.crm.forgetting import forget_in_deals
from fullfunnel.crm.models import (
    Activity,
    Deal,
    DealPerson,
    HandOver,
    HandOverJoin,
    HandOverMove,
    Outcome,
    Task,
    What,
)
from fullfunnel.crm.retelling import retell_deals
from fullfunnel.crm.telling import moment_of, tell_lead
from fullfunnel.events.names import LEAD_REJECTED, LEAD_REOPENED
from fullfunnel.people.models import Merge
from fullfunnel.people.rows import Json, RowsOfPeople, written

DUPLICATE = "duplicate"
MOVED, ENDED = "moved", "ended"


class HandOvers(RowsOfPeople[HandOver]):
    """Of two open hand-overs of one person the later, if it waits, is rejected as a duplicate; taken back, it waits again."""

    def follow_merges(self, merges: Sequence[Merge]) -> Mapping[int, Any]:
        moved = super().follow_merges(merges)
        found: dict[int, Any] = {pk: {MOVED: rows, ENDED: []} for pk, rows in moved.items()}
        for merge in (merge for merge in merges if merge.pk in found):
            found[merge.pk][ENDED] = [_reject(each) for each in _duplicates(merge)]
        return found

    def give_back(self, merge: Merge, moved: Any) -> None:
        super().give_back(merge, moved[MOVED])
        rows = HandOver.objects.filter(
            workspace_id=merge.workspace_id, pk__in=moved[ENDED], outcome=Outcome.REJECTED, reason=DUPLICATE
        )
        for row in rows.select_related("person", "company"):
            row.outcome, row.reason, row.decided_at = Outcome.WAITING, "", None
            row.save(update_fields=["outcome", "reason", "decided_at"])
            moment = moment_of(None)
            HandOverMove.objects.create(workspace_id=row.workspace_id, hand_over=row, what=What.REOPENED, at=moment.at)
            tell_lead(row, LEAD_REOPENED, by=None, at=moment, more={"undone": Outcome.REJECTED})

    def erase(self, people: Collection[int]) -> None:
        """Erase hand-overs; a deal that came of one stays, and its events are told of its contact unknown."""
        retell_deals(people)
        super().erase(people)

    def tell(self, people: Collection[int], moved: Sequence[tuple[str, Any]]) -> list[Json]:
        return super().tell(people, [(person, rows[MOVED]) for person, rows in moved])


def _duplicates(merge: Merge) -> list[HandOver]:
    """The winner's hand-overs that wait while an earlier one of theirs waits or is accepted."""
    open_ones = HandOver.objects.filter(
        Q(outcome=Outcome.WAITING) | Q(outcome=Outcome.ACCEPTED),
        workspace_id=merge.workspace_id,
        person=merge.winner_id,
    )
    _, *later = [*open_ones.select_related("person", "company").order_by("handed_over_at", "pk"), None][:-1] or [None]
    return [each for each in later if each and each.outcome == Outcome.WAITING and not each.is_kept_elsewhere]


def _reject(hand_over: HandOver) -> int:
    moment = moment_of(None)
    hand_over.outcome, hand_over.reason, hand_over.decided_at = Outcome.REJECTED, DUPLICATE, moment.at
    hand_over.save(update_fields=["outcome", "reason", "decided_at"])
    HandOverMove.objects.create(
        workspace_id=hand_over.workspace_id,
        hand_over=hand_over,
        what=What.REJECTED,
        reason=DUPLICATE,
        at=moment.at,
    )
    tell_lead(hand_over, LEAD_REJECTED, by=None, at=moment, more={"reason": DUPLICATE})
    return hand_over.pk


class Roles(RowsOfPeople[DealPerson]):
    """Who had a part in one deal as two people has one part: the winner's."""

    def erase(self, people: Collection[int]) -> None:
        forget_in_deals(people)
        super().erase(people)

    def follow_merges(self, merges: Sequence[Merge]) -> Mapping[int, Any]:
        losers = {merge.loser_id for merge in merges}
        if not DealPerson.objects.filter(person__in=losers).exists():
            return {}
        found: dict[int, Any] = {}
        for merge in merges:
            mine = DealPerson.objects.filter(workspace_id=merge.workspace_id, person=merge.loser_id)
            both = DealPerson.objects.filter(workspace_id=merge.workspace_id, person=merge.winner_id).values("deal")
            ended = [
                {"deal": row.deal_id, "role": row.role, "added_at": row.added_at.isoformat()}
                for row in mine.filter(deal__in=both)
            ]
            mine.filter(deal__in=both).delete()
            moved = list(mine.values_list("pk", flat=True))
            mine.update(person=merge.winner_id)
            if moved or ended:
                found[merge.pk] = {MOVED: moved, ENDED: ended}
        return found

    def give_back(self, merge: Merge, moved: Any) -> None:
        super().give_back(merge, moved[MOVED])
        still = set(Deal.objects.filter(pk__in=[row["deal"] for row in moved[ENDED]]).values_list("pk", flat=True))
        DealPerson.objects.bulk_create(
            DealPerson(
                workspace_id=merge.workspace_id, person_id=merge.loser_id, deal_id=row["deal"], role=row["role"],
                added_at=clock.EPOCH.fromisoformat(row["added_at"]),
            )
            for row in moved[ENDED]
            if row["deal"] in still
        )  # fmt: skip

    def tell(self, people: Collection[int], moved: Sequence[tuple[str, Any]]) -> list[Json]:
        return super().tell(people, [(person, rows[MOVED]) for person, rows in moved])


def tell_hand_over(row: HandOver) -> Json:
    """Return a hand-over as `export person` writes it."""
    moves = [
        {"what": move.what, "at": written(move.at), "reason": move.reason}
        for move in row.moves.order_by("at", "seq", "pk")
    ]
    return {
        "hand_over": row.public_id, "cause_event": row.cause_event, "why": row.why, "form": row.form,
        "outcome": row.outcome, "reason": row.reason, "handed_over_at": written(row.handed_over_at),
        "asked_again": row.asked_again, "moves": moves,
    }  # fmt: skip


def tell_join(row: HandOverJoin) -> Json:
    """Return who asked while a hand-over was open."""
    return {
        "hand_over": row.hand_over.public_id, "kind": row.kind, "cause_event": row.cause_event, "why": row.why,
        "at": written(row.at),
    }  # fmt: skip


def tell_role(row: DealPerson) -> Json:
    """Return somebody's part in a deal."""
    return {
        "deal": row.deal.public_id, "name": row.deal.name, "role": row.role, "added_at": written(row.added_at)
    }  # fmt: skip


def tell_activity_row(row: Activity) -> Json:
    """Return what a seller did."""
    return {
        "activity": row.public_id, "kind": row.kind, "direction": row.direction, "outcome": row.outcome,
        "text": row.text, "at": written(row.at), "by": row.by.public_id if row.by else None,
    }  # fmt: skip


def tell_task(row: Task) -> Json:
    """Return what has, or had, to be done."""
    return {"task": row.public_id, "title": row.title, "due_at": written(row.due_at), "done_at": written(row.done_at)}


HAND_OVERS = HandOvers(HandOver, tell_hand_over)
HAND_OVER_JOINS = RowsOfPeople(HandOverJoin, tell_join, with_related="hand_over")
DEAL_PEOPLE = Roles(DealPerson, tell_role, with_related="deal")
ACTIVITIES = RowsOfPeople(Activity, tell_activity_row, with_related="by")
TASKS = RowsOfPeople(Task, tell_task)
