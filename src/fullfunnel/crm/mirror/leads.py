"""What another program says of its leads becomes hand-overs that are kept elsewhere."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from fullfunnel.core import clock
from fullfunnel.crm.ledger import HANDED_OVER, REOPENED, WAITING, outcome_of
from fullfunnel.crm.mirror.portion import Portion
from fullfunnel.crm.mirror.tellings import said_by_event
from fullfunnel.crm.models import HandOver, HandOverMove, UnmatchedEvent
from fullfunnel.crm.reasons import written_reasons
from fullfunnel.events.event import Event
from fullfunnel.events.names import (
    LEAD_ACCEPTED,
    LEAD_AGED_OUT,
    LEAD_HANDED_OVER,
    LEAD_RECYCLED,
    LEAD_REJECTED,
    LEAD_REOPENED,
)

WHAT = {
    LEAD_HANDED_OVER: HANDED_OVER,
    LEAD_ACCEPTED: "accepted",
    LEAD_REJECTED: "rejected",
    LEAD_RECYCLED: "recycled",
    LEAD_AGED_OUT: "aged_out",
    LEAD_REOPENED: REOPENED,
}
CHANGED = [
    "company", "outcome", "owner", "owner_name", "handed_over_at", "decided_at", "reason", "form", "why",
]  # fmt: skip


@dataclass
class Held:
    """A hand-over with its moves, those just told last."""

    row: HandOver
    moves: list[HandOverMove] = field(default_factory=list)

    def ordered(self) -> list[HandOverMove]:
        return sorted(self.moves, key=lambda move: (move.at, move.seq, move.pk or 0))

    @property
    def outcome(self) -> str:
        return outcome_of(move.what for move in self.ordered())

    @property
    def began_at(self) -> int:
        return min(clock.to_us(move.at) for move in self.moves)


def mirror_leads(portion: Portion) -> None:
    """Make or change the hand-overs of a portion's lead_* events; told again, it changes nothing."""
    events = [event for event in portion.events if event.name in WHAT]
    if events:
        _Leads(portion, events).write()


class _Leads:
    """The source's hand-overs that a portion may be about, in memory while its events are taken in order."""

    def __init__(self, portion: Portion, events: list[Event]) -> None:
        self.portion, self.source = portion, portion.source
        self.held = self._load(events)
        self.by_id = {each.row.external_id: each for each in self.held if each.row.external_id}
        self.by_person: dict[int, list[Held]] = defaultdict(list)
        for each in self.held:
            self.by_person[each.row.person_id].append(each)
        self.told = {move.event_id for each in self.held for move in each.moves}
        self.touched: dict[int, Held] = {}
        self.unmatched: list[UnmatchedEvent] = []
        for event in events:
            if event.event_id not in self.told and not portion.people[event.identity_id].is_contact_unknown:
                self._take(event, said_by_event(event))

    def _load(self, events: list[Event]) -> list[Held]:
        people = {self.portion.people[event.identity_id].pk for event in events}
        ids = {event.properties["lead_id"] for event in events if event.properties.get("lead_id")}
        scope = {"workspace_id": self.source.workspace_id, "source": self.source}
        rows = HandOver.objects.filter(Q(person__in=people) | Q(external_id__in=ids), **scope).order_by("pk")
        held = {row.pk: Held(row) for row in rows}
        moves = HandOverMove.objects.filter(workspace_id=self.source.workspace_id, hand_over__in=held)
        for move in moves.order_by("pk"):
            held[move.hand_over_id].moves.append(move)
        return list(held.values())

    def _take(self, event: Event, said: dict[str, str]) -> None:
        lead_id = said.get("lead_id", "")
        held = self.by_id.get(lead_id) if lead_id else self._latest(event)
        if held is None and (lead_id or WHAT[event.name] == HANDED_OVER):
            held = self._begin(event, said, lead_id)
        if held is None:
            self.unmatched.append(
                UnmatchedEvent(
                    workspace_id=self.source.workspace_id, source=self.source, event_id=event.event_id,
                    name=event.name, at=clock.from_us(event.occurred_at),
                )
            )  # fmt: skip
            return
        # Taken over since: stored and shown, and it changes nothing.
        if not held.row.is_kept_elsewhere:
            return
        self._add(held, event, said)

    def _latest(self, event: Event) -> Held | None:
        """The person's latest hand-over here that the event can be about; none for one that begins."""
        what = WHAT[event.name]
        if what == HANDED_OVER:
            return None
        mine = [
            each
            for each in self.by_person[self.portion.people[event.identity_id].pk]
            if each.row.is_kept_elsewhere
            and each.began_at <= event.occurred_at
            and (each.outcome != WAITING if what == REOPENED else each.outcome == WAITING)
        ]
        return max(mine, key=lambda each: each.began_at, default=None)

    def _begin(self, event: Event, said: dict[str, str], lead_id: str) -> Held:
        person = self.portion.people[event.identity_id]
        row = HandOver(
            workspace_id=self.source.workspace_id, source=self.source, external_id=lead_id, is_kept_elsewhere=True,
            person=person, company_id=event.company_id or person.company_id, cause_event=event.event_id,
            handed_over_at=clock.from_us(event.occurred_at),
        )  # fmt: skip
        held = Held(row)
        self.by_person[person.pk].append(held)
        if lead_id:
            self.by_id[lead_id] = held
        return held

    def _add(self, held: Held, event: Event, said: dict[str, str]) -> None:
        self.told.add(event.event_id)
        self.touched[id(held)] = held
        held.moves.append(
            HandOverMove(
                workspace_id=self.source.workspace_id, what=WHAT[event.name], at=clock.from_us(event.occurred_at),
                seq=event.seq, reason=said.get("reason", ""), told={k: v for k, v in said.items() if k == "owner"},
                event_id=event.event_id,
            )
        )  # fmt: skip
        row = held.row
        row.company_id = row.company_id or event.company_id
        if WHAT[event.name] == HANDED_OVER:
            row.form = event.properties.get("form", "")[:200] or row.form
            row.why = written_reasons([event.properties.get("via") or event.properties.get("why", "")]) or row.why

    def write(self) -> None:
        """Write what was taken: new rows, changed rows, moves, and what fitted nothing."""
        touched = list(self.touched.values())
        for held in touched:
            self._settle(held)
        new = [held.row for held in touched if held.row.pk is None]
        old = [held.row for held in touched if held.row.pk is not None]
        HandOver.objects.bulk_create(new, batch_size=200)
        HandOver.objects.bulk_create(
            old, batch_size=200, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED
        )
        moves = [move for held in touched for move in held.moves if move.pk is None]
        for held in touched:
            for move in held.moves:
                move.hand_over = held.row
        HandOverMove.objects.bulk_create(moves, batch_size=200)
        UnmatchedEvent.objects.bulk_create(self.unmatched, batch_size=200, ignore_conflicts=True)

    def _settle(self, held: Held) -> None:
        """Set the row to what its moves say, whatever the order in which they were told."""
        row, ordered = held.row, held.ordered()
        row.outcome, last = held.outcome, ordered[-1]
        is_decided = row.outcome != WAITING
        begun = [move.at for move in ordered if move.what == HANDED_OVER]
        row.handed_over_at = min(begun, default=ordered[0].at)
        row.decided_at, row.reason = (last.at, last.reason) if is_decided else (None, "")
        owners = [move.told["owner"] for move in ordered if move.told.get("owner")]
        if owners:
            row.owner, row.owner_name = self.portion.owner(owners[-1])
