"""Who may get a lead now: read for turn.choose, and written after it chose."""

from collections.abc import Iterable
from datetime import datetime

from fullfunnel.core import clock
from fullfunnel.crm.assigning.territories import Area, Condition, fits, traits_of
from fullfunnel.crm.assigning.turn import Candidate, Choice, lifted
from fullfunnel.crm.models import Territory, Turn
from fullfunnel.crm.reading import waiting_counts
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import Membership, Role, Workspace
from fullfunnel.workspaces.team.calendars import Calendars


def area_of(row: Territory) -> Area:
    """Return what a row of territories says."""
    return Area(frozenset(row.countries), row.postcodes, tuple(Condition(**each) for each in row.conditions))


def candidates_of(
    workspace: Workspace, calendars: Calendars, person: Person, company: Company | None, at: datetime
) -> list[Candidate]:
    """Return the sellers of a workspace as they are at a moment, who is away lifted; the rows of turns are locked."""
    areas: dict[int, list[Area]] = {}
    for territory in Territory.objects.filter(workspace=workspace):
        areas.setdefault(territory.user_id, []).append(area_of(territory))
    held = waiting_counts(workspace)
    turns = {row.user_id: row for row in Turn.objects.select_for_update().filter(workspace=workspace)}
    traits = traits_of(company.traits if company else {}, person.traits)
    found = []
    for member in _sellers(workspace):
        turn, user_id = turns.get(member.user_id), member.user_id
        last = turn.last_at.timestamp() if turn and turn.last_at else None
        found.append(
            Candidate(
                user_id, str(member.user), turn.given if turn else 0, last, member.weight, member.capacity,
                held.get(user_id, 0), calendars.absence_at(user_id, at) is None, fits(areas.get(user_id, []), traits),
            )
        )  # fmt: skip
    return lifted(_begun(found, set(turns)))


def candidates_now(workspace: Workspace, calendars: Calendars, at: datetime, *, without: int) -> list[Candidate]:
    """Return the sellers but one, as they are at a moment, for a lead that nothing is known of."""
    nobody = Person(workspace=workspace)
    return [each for each in candidates_of(workspace, calendars, nobody, None, at) if each.id != without]


def _sellers(workspace: Workspace) -> Iterable[Membership]:
    """Who gets leads by turn: sellers; where there is none, whoever may decide about leads."""
    members = Membership.objects.filter(workspace=workspace).select_related("user").order_by("user__name", "pk")
    sellers = list(members.filter(role=Role.SELLER))
    return sellers or list(members.filter(role__in=(Role.OWNER, Role.ADMIN)))


def _begun(candidates: list[Candidate], known: set[int]) -> list[Candidate]:
    """Let who is new begin where the others stand: else they would get everything until they caught up."""
    lowest = min((each.share for each in candidates if each.id in known and each.weight), default=0)
    return [
        Candidate(**(each.__dict__ | {"given": lowest * each.weight})) if each.id not in known else each
        for each in candidates
    ]


def write_turns(workspace: Workspace, candidates: Iterable[Candidate], choice: Choice) -> None:
    """Keep how many leads each got, the one just chosen included."""
    now = clock.now()
    for each in candidates:
        got = choice.candidate is not None and choice.candidate.id == each.id
        new = {"given": each.given + got} | ({"last_at": now} if got else {})
        Turn.objects.update_or_create(workspace=workspace, user_id=each.id, defaults=new)
