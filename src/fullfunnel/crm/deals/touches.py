"""What brought everybody on a deal: their touches, when they were handed over, and the stages beside them."""

from dataclasses import dataclass
from datetime import datetime

from fullfunnel.core import clock
from fullfunnel.core.sql import checked
from fullfunnel.crm.deals.stays import stays_of
from fullfunnel.crm.models import Deal, HandOver, PipelineStage, StageKind
from fullfunnel.people.models import Person
from fullfunnel.segments.touches import Touch, touches_of

MOST_PEOPLE = 12


@dataclass(frozen=True)
class Line:
    """Somebody on the deal, and their touches, the oldest first."""

    person: Person
    role: str
    touches: list[Touch]


@dataclass(frozen=True)
class Band:
    """A stay in a stage."""

    name: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Story:
    """`folded` counts people whose line is not drawn. `until`: to the last thing that is shown, at most now."""

    lines: list[Line]
    handed_over: list[datetime]
    bands: list[Band]
    folded: int
    until: datetime

    @property
    def count(self) -> int:
        return sum(len(line.touches) for line in self.lines)

    @property
    def first(self) -> Touch | None:
        return min((line.touches[0] for line in self.lines if line.touches), key=lambda touch: touch.at, default=None)

    @property
    def days(self) -> int:
        return (self.until - self.first.at).days if self.first else 0


def touches_of_deal(deal: Deal) -> Story:
    """Return the story of a deal; who was merged stands as the person they are now."""
    roles = list(deal.people.select_related("person__merged_into").order_by("pk"))
    people: dict[int, tuple[Person, str]] = {}
    for row in roles:
        living = row.person.living()
        people.setdefault(living.pk, (living, row.role))
    shown = dict(list(people.items())[:MOST_PEOPLE])
    touches = touches_of(deal.workspace_id, shown)
    lines = [
        Line(person, role, [one for one in touches if one.person_id == pk]) for pk, (person, role) in shown.items()
    ]
    until = (deal.decided_at or clock.now()) if deal.state != StageKind.OPEN else clock.now()
    return Story(
        lines=lines,
        handed_over=handed_over(deal),
        bands=bands_of(deal, until),
        folded=len(people) - len(shown),
        until=max([until, *(one.at for one in touches[-1:])]),
    )


def handed_over(deal: Deal) -> list[datetime]:
    """Return when the hand-overs came that led to the deal."""
    rows = HandOver.objects.filter(checked("workspace", deal.workspace_id), deal=deal)
    found = set(rows.values_list("handed_over_at", flat=True)[:MOST_PEOPLE])
    return sorted(found | ({deal.hand_over.handed_over_at} if deal.hand_over else set()))


def bands_of(deal: Deal, until: datetime) -> list[Band]:
    """Return the open stages that the deal was in, as stays."""
    moves = deal.moves.exclude(kind__in=("changed", "assigned")).order_by("at", "seq", "pk")
    stays = stays_of(moves.values_list("at", "from_stage_id", "to_stage_id"))
    stages = PipelineStage.objects.filter(workspace_id=deal.workspace_id, pk__in={stay.stage_id for stay in stays})
    names = {stage.pk: stage.name for stage in stages if stage.kind == StageKind.OPEN}
    return [Band(names[s.stage_id], s.since, s.until or until) for s in stays if s.stage_id in names]
