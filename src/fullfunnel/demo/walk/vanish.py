"""The walker goes as anybody does who asks to be forgotten; the deal that came of it goes with them."""

from datetime import timedelta

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm.actions import discard_deal
from fullfunnel.crm.models import Deal
from fullfunnel.demo.walk.walker import NAME
from fullfunnel.people.actions import forget_person
from fullfunnel.people.models import Identity, Person
from fullfunnel.workspaces.models import Membership, Workspace

# Who walked so long ago has closed the browser.
STALE = timedelta(hours=2)


def vanish(person: Person, *, by: Membership) -> Refused | None:
    """Forget whoever walked; every number is as before."""
    for deal in Deal.objects.filter(workspace_id=person.workspace_id, people__person=person):
        gone = discard_deal(deal, of=person, by=by)
        if isinstance(gone, Refused):
            return gone
    forgotten = forget_person(person, by=by)
    return forgotten if isinstance(forgotten, Refused) else None


def vanish_stale(workspace: Workspace, *, by: Membership) -> None:
    """Forget those who walked and never vanished."""
    rows = Identity.objects.filter(workspace=workspace, kind="anonymous_id", value__startswith=NAME)
    for row in rows.filter(created_at__lt=clock.now() - STALE).select_related("person__merged_into"):
        vanish(row.person.living(), by=by)
