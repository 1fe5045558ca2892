"""Who somebody is now, for actions of every room that write rows about a person."""

from fullfunnel.core.refused import Refused
from fullfunnel.people import ledger
from fullfunnel.people.models import Person

ERASED_MEANWHILE = "This person was erased meanwhile; reload the page."
CHANGED_MEANWHILE = "This person was merged into another or erased meanwhile; reload the page."


def living_or_refused(person: Person) -> Person | Refused:
    """Return whom this person is part of now, or Refused when they were erased. Call it first in the action's transaction.

    What the caller loaded may be old: the row is read again. Until the transaction ends nobody is merged or erased in the
    workspace, so a row written about the person returned neither is left with somebody merged nor outlives them.
    """
    ledger.hold(person.workspace_id)
    now = Person.objects.filter(workspace_id=person.workspace_id, pk=person.pk).first()
    return Refused(ERASED_MEANWHILE) if now is None else now.living()
