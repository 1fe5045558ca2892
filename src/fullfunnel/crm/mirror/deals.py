"""What another program says of its deals becomes deals that are kept elsewhere, in a pipeline of its own."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from fullfunnel.core import clock
from fullfunnel.crm.mirror.places import places_of
from fullfunnel.crm.mirror.portion import Portion
from fullfunnel.crm.mirror.tellings import Story, Telling, story_of, telling_of
from fullfunnel.crm.models import Deal, DealMove, DealPerson, HandOver, LostReason, SaidBy
from fullfunnel.events.event import Event
from fullfunnel.events.names import DEAL_CONTACT_ADDED, DEAL_CONTACT_REMOVED
from fullfunnel.people.models import Company, Person

CHANGED = [
    "name", "company", "pipeline", "stage", "state", "stage_since", "amount", "currency", "closes_on", "owner",
    "owner_name", "opened_at", "decided_at", "lost_reason", "lost_text", "competitor", "lost_said_by", "hand_over",
]  # fmt: skip
DERIVED = ["from_stage", "to_stage", "amount", "currency", "closes_on"]


@dataclass
class Held:
    """A deal with its moves and what was just told of it. roles: person -> role, None: taken away."""

    row: Deal
    moves: dict[str, DealMove] = field(default_factory=dict)
    tellings: list[Telling] = field(default_factory=list)
    changed: list[DealMove] = field(default_factory=list)
    about: dict[str, Person] = field(default_factory=dict)
    roles: dict[int, str | None] = field(default_factory=dict)
    company: int | None = None


def mirror_deals(portion: Portion) -> None:
    """Make or change the deals of a portion's deal_* events; told again, it changes nothing."""
    events = [event for event in portion.events if event.deal_id and event.name.startswith("deal_")]
    if events:
        _Deals(portion, events).write()


class _Deals:
    """The deals that a portion's events name, in memory while they are taken in order."""

    def __init__(self, portion: Portion, events: list[Event]) -> None:
        self.portion, self.source = portion, portion.source
        ids = {event.deal_id for event in events if event.deal_id}
        own = Deal.objects.filter(workspace_id=self.source.workspace_id, public_id__in=ids).values_list(
            "public_id", flat=True
        )
        self.held = self._load(ids - set(own))
        for event in events:
            if (held := self.held.get(event.deal_id or "")) is not None:
                self._take(held, event)

    def _load(self, ids: set[str]) -> dict[str, Held]:
        """Return those that are there and those to be made; none that was taken over since."""
        rows = {
            row.external_id: row
            for row in Deal.objects.filter(
                workspace_id=self.source.workspace_id, source=self.source, external_id__in=ids
            )
        }
        held = {name: Held(row) for name, row in rows.items() if row.is_kept_elsewhere}
        moves = DealMove.objects.filter(
            workspace_id=self.source.workspace_id, deal__in=[each.row for each in held.values()]
        )
        by_deal = {each.row.pk: each for each in held.values()}
        for move in moves.order_by("pk"):
            by_deal[move.deal_id].moves[move.event_id] = move
        for name in sorted(ids - rows.keys()):
            held[name] = Held(
                Deal(
                    workspace_id=self.source.workspace_id,
                    source=self.source,
                    external_id=name[:200],
                    is_kept_elsewhere=True,
                )
            )
        return held

    def _take(self, held: Held, event: Event) -> None:
        person = self.portion.people[event.identity_id]
        held.company = held.company or event.company_id or person.company_id
        if not person.is_contact_unknown:
            if event.name == DEAL_CONTACT_REMOVED:
                held.roles[person.pk] = None
            elif event.name == DEAL_CONTACT_ADDED:
                held.roles[person.pk] = event.properties.get("role", "")[:100]
            else:
                held.roles.setdefault(person.pk, "")
        telling = telling_of(event)
        if telling is not None and event.event_id not in held.moves:
            held.tellings.append(telling)
            held.about[event.event_id] = person

    def write(self) -> None:
        """Write deals, their moves and roles, and to which hand-over each belongs."""
        touched = [each for each in self.held.values() if each.tellings]
        self._make_named([each for each in self.held.values() if each.row.pk is None and not each.tellings])
        places = places_of(self.source, [telling.said for each in touched for telling in self._all(each)])
        reasons = {
            reason.name.lower(): reason for reason in LostReason.objects.filter(workspace_id=self.source.workspace_id)
        }
        companies = Company.objects.filter(
            workspace_id=self.source.workspace_id,
            pk__in=[c for each in touched if (c := each.row.company_id or each.company)],
        )
        names = {company.pk: str(company) for company in companies}
        stories: list[tuple[Held, Story]] = []
        for held in touched:
            tellings = self._all(held)
            pipeline, stages = places.of(
                next((t.said["pipeline"] for t in reversed(tellings) if "pipeline" in t.said), "")
            )
            story = story_of(tellings, stages)
            held.row.pipeline_id = pipeline
            self._settle(held, story, reasons, names)
            stories.append((held, story))
        self._write_rows([held for held, _ in stories])
        for held, story in stories:
            self._add_moves(held, story)
        self._write_moves(touched)
        self._write_roles([each for each in self.held.values() if each.row.pk and each.roles])
        self._find_hand_overs([held for held in touched if held.row.hand_over_id is None])

    def _make_named(self, named: list[Held]) -> None:
        """Make deals of which only their people are told so far; what is told later says when they were opened."""
        if not named:
            return
        pipeline, stages = places_of(self.source, [{}]).of("")
        for held in named:
            row = held.row
            row.name, row.company_id = f"Deal {row.external_id}", held.company
            row.pipeline_id, row.stage_id = pipeline, stages.first.id
        self._write_rows(named)

    def _all(self, held: Held) -> list[Telling]:
        told = [
            Telling(move.event_id, clock.to_us(move.at), move.seq, move.kind, move.told) for move in held.moves.values()
            if move.event_id
        ]  # fmt: skip
        return told + held.tellings

    def _settle(self, held: Held, story: Story, reasons: dict[str, LostReason], names: dict[int, str]) -> None:
        row, now, texts = held.row, story.now, story.texts
        row.company_id = row.company_id or held.company
        row.name = texts.get("name") or names.get(row.company_id or 0, "") or f"Deal {row.external_id}"
        row.stage_id, row.state = now.stage.id, now.stage.kind
        row.amount, row.currency, row.closes_on = now.amount, now.currency, now.closes_on
        row.opened_at, row.stage_since = clock.from_us(story.opened_at), clock.from_us(now.stage_since)
        row.decided_at = None if now.decided_at is None else clock.from_us(now.decided_at)
        if "owner" in texts:
            row.owner, row.owner_name = self.portion.owner(texts["owner"])
        is_lost = row.state == "lost"
        reason = texts.get("reason", "") if is_lost else ""
        row.lost_reason = reasons.get(reason.lower())
        row.lost_text = "" if row.lost_reason else reason
        row.competitor = texts.get("competitor", "") if is_lost else ""
        said_by = texts.get("said_by", "") if is_lost else ""
        row.lost_said_by = said_by if said_by in SaidBy.values else ""

    def _write_rows(self, touched: list[Held]) -> None:
        new = [held.row for held in touched if held.row.pk is None]
        old = [held.row for held in touched if held.row.pk is not None]
        Deal.objects.bulk_create(new, batch_size=200)
        Deal.objects.bulk_create(
            old, batch_size=200, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED
        )

    def _add_moves(self, held: Held, story: Story) -> None:
        """Give each telling its move; one told late changes what later moves came from."""
        for step in story.steps:
            telling, now = step.telling, step.now
            move = held.moves.get(telling.event_id)
            if move is None:
                move = held.moves[telling.event_id] = DealMove(
                    workspace_id=self.source.workspace_id, deal=held.row, kind=telling.kind, at=clock.from_us(telling.at), seq=telling.seq,
                    event_id=telling.event_id, told=dict(telling.said), about=held.about[telling.event_id],
                    reason=telling.said.get("reason", ""),
                )  # fmt: skip
            came_from = step.came_from.id if step.came_from else None
            told = (came_from, now.stage.id, now.amount, now.currency, now.closes_on)
            if told != (move.from_stage_id, move.to_stage_id, move.amount, move.currency, move.closes_on):
                move.from_stage_id, move.to_stage_id, move.amount, move.currency, move.closes_on = told
                held.changed.append(move)

    def _write_moves(self, touched: list[Held]) -> None:
        moves = [move for held in touched for move in held.changed]
        late = [move for move in moves if move.pk is not None]
        DealMove.objects.bulk_create([move for move in moves if move.pk is None], batch_size=200)
        DealMove.objects.bulk_create(
            late, batch_size=200, update_conflicts=True, unique_fields=["id"], update_fields=DERIVED
        )

    def _write_roles(self, touched: list[Held]) -> None:
        there = DealPerson.objects.filter(
            workspace_id=self.source.workspace_id, deal__in=[held.row for held in touched]
        )
        known = {(row.deal_id, row.person_id): row for row in there}
        new, gone = [], []
        for held in touched:
            for person, role in held.roles.items():
                row = known.get((held.row.pk, person))
                if role is None and row is not None:
                    gone.append(row.pk)
                elif role is not None and row is None:
                    new.append(
                        DealPerson(
                            workspace_id=self.source.workspace_id,
                            deal=held.row,
                            person_id=person,
                            role=role,
                            added_at=held.row.opened_at,
                        )
                    )
                elif role and row is not None and row.role != role:
                    DealPerson.objects.filter(workspace_id=self.source.workspace_id, pk=row.pk).update(role=role)
        DealPerson.objects.filter(workspace_id=self.source.workspace_id, pk__in=gone).delete()
        DealPerson.objects.bulk_create(new, batch_size=200, ignore_conflicts=True)

    def _find_hand_overs(self, touched: list[Held]) -> None:
        """Tie each deal to the hand-over it came of: the one that it names, else its people's latest before it."""
        people = {person for held in touched for person in held.roles}
        named = {said["lead_id"] for held in touched for said in (t.said for t in held.tellings) if "lead_id" in said}
        rows = HandOver.objects.filter(
            Q(person__in=people) | Q(external_id__in=named), workspace_id=self.source.workspace_id, source=self.source
        )
        free = [row for row in rows.order_by("-handed_over_at") if row.deal_id is None]
        by_person: dict[int, list[HandOver]] = defaultdict(list)
        for row in free:
            by_person[row.person_id].append(row)
        by_id = {row.external_id: row for row in free if row.external_id}
        for held in touched:
            said = next((t.said["lead_id"] for t in held.tellings if "lead_id" in t.said), "")
            mine = [
                row for person in held.roles for row in by_person[person] if row.handed_over_at <= held.row.opened_at
            ]
            found = by_id.get(said) or next((row for row in mine if row.deal_id is None), None)
            if found is not None:
                held.row.hand_over, found.deal = found, held.row
        tied = [held.row for held in touched if held.row.hand_over_id is not None]
        Deal.objects.bulk_update(tied, ["hand_over"], batch_size=200)
        HandOver.objects.bulk_update([row for row in free if row.deal_id is not None], ["deal"], batch_size=200)
