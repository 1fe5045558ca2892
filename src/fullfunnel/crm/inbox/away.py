"""Who is away while leads wait with them: said at the head of the inbox."""

from dataclasses import dataclass
from datetime import date

from fullfunnel.core import clock
from fullfunnel.crm.assigning.leaving import WORK
from fullfunnel.workspaces.models import Membership, Workspace
from fullfunnel.workspaces.team.calendars import calendars_of
from fullfunnel.workspaces.team.hooks import Load


@dataclass(frozen=True)
class Away:
    name: str
    membership_id: int
    until: date | None
    load: Load


def away_of(workspace: Workspace) -> list[Away]:
    """Return the members who are away while something waits with them, who has most first."""
    calendars = calendars_of(workspace)
    if not calendars.absences:
        return []
    loads, now, found = WORK.loads(workspace), clock.now(), []
    members = Membership.objects.filter(workspace=workspace, user__in=calendars.absences).select_related("user")
    for member in members:
        load, absence = loads.get(member.user_id), calendars.absence_at(member.user_id, now)
        if load is not None and absence is not None:
            found.append(Away(str(member.user), member.pk, calendars.back_on(absence), load))
    return sorted(found, key=lambda each: -each.load.waiting)
