"""Who of us knows whom at a company: counted out of what was logged, never what was said."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.db.models.functions import Lower

from fullfunnel.crm.models import Activity
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import User
from fullfunnel.workspaces.sight import visible

MOST_PAIRS = 50
# Whoever did not answer is not known by that.
NOT_MET = ("no answer", "voicemail", "left a message", "wrong number", "not there")


@dataclass(frozen=True)
class Knows:
    """ours has met theirs `times` times, the last time at `last`."""

    ours: User
    theirs: Person
    times: int
    last: datetime


def who_knows_whom(company: Company) -> list[Knows]:
    """Return who of us met whom of a company, the most often met first. One who left us is not among them."""
    rows = visible(Activity.objects.filter(workspace_id=company.workspace_id, company=company))
    met = rows.filter(person__isnull=False, by__isnull=False).annotate(how=Lower("outcome")).exclude(how__in=NOT_MET)
    counted = met.order_by().values_list("by", "person").annotate(times=Count("pk"), last=Max("at"))
    pairs = list(counted.order_by("-times", "-last")[:MOST_PAIRS])
    ours = User.objects.in_bulk([pair[0] for pair in pairs])
    people = Person.objects.filter(workspace_id=company.workspace_id, pk__in=[pair[1] for pair in pairs])
    theirs = visible(people).in_bulk()
    return [Knows(ours[by], theirs[person], times, last) for by, person, times, last in pairs if person in theirs]
