"""Taking a merge back: both people are exactly what they were, but for what was said since."""

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.events.names import PEOPLE_UNMERGED
from fullfunnel.people import ledger
from fullfunnel.people.book import Record, Who, Word, record_of, unmerged
from fullfunnel.people.models import Consent, Identity, Merge, Person
from fullfunnel.people.record import record
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Membership, User


@transaction.atomic
def unmerge_people(merge: Merge, *, by: User | Membership | None) -> tuple[Person, Person] | Refused:
    """(winner, loser) apart again, each with the identities it brought; what came since stays with the winner."""
    ledger.lock(merge.workspace_id)
    merge = Merge.objects.select_related("workspace", "winner", "loser").get(pk=merge.pk)
    if refused := _why_not(merge):
        return refused
    people = ledger.load(merge.workspace_id, [merge.winner_id, merge.loser_id])
    winner, loser = people[merge.winner_id], people[merge.loser_id]
    verified = merge.before["verified"]
    for known in [known for known in winner.identities if str(known.id) in verified]:
        known.person, known.verified = loser, verified[str(known.id)]
        winner.identities.remove(known)
        loser.identities.append(known)
    ledger.move_identities(loser.identities)
    _restore(merge.workspace_id, winner, unmerged(merge.before, record_of(winner)))
    for who in (winner, loser):
        who.see_identified()
    ledger.write_people([winner, loser])
    Merge.objects.filter(pk=merge.pk).update(undone_at=clock.now())
    ledger.bump(merge.workspace_id, moves=1, traits=1)
    ids = {"winner": merge.winner.public_id, "loser": merge.loser.public_id}
    record(merge.winner, PEOPLE_UNMERGED, by=by, properties=ids)
    record_audit(merge.workspace, "unmerge_people", by=by, **ids)
    merge.winner.refresh_from_db()
    merge.loser.refresh_from_db()
    return merge.winner, merge.loser


def _why_not(merge: Merge) -> Refused | None:
    if merge.undone_at is not None:
        return Refused("This merge was taken back already.")
    later = Merge.objects.filter(workspace_id=merge.workspace_id, loser=merge.winner, undone_at=None).exists()
    if later:
        return Refused("The person was merged into another one since; take that merge back first.")
    if merge.loser.merged_into_id != merge.winner_id:
        return Refused("This merge is not in force any more.")
    held = Identity.objects.filter(workspace_id=merge.workspace_id, person=merge.winner, pk__in=merge.identities)
    if not held.exists():
        return Refused("None of the identifiers that this merge moved is left with the person.")
    return None


def _restore(workspace_id: int, who: Who, record: Record) -> None:
    who.traits, who.traits_at, who.company = record["traits"], record["traits_at"], record["company"]
    who.first_seen, who.last_seen = record["first_seen"], record["last_seen"]
    gone = who.consents.keys() - record["consents"].keys()
    Consent.objects.filter(workspace_id=workspace_id, person_id=who.id, purpose__in=gone).delete()
    for purpose, said in record["consents"].items():
        word = Word(*said)
        current = who.consents.get(purpose)
        if current is None or [current.given, current.at, current.source, current.text_version] != said:
            row = {"given": word.given, "source": word.source, "text_version": word.text_version}
            Consent.objects.filter(workspace_id=workspace_id, person_id=who.id, purpose=purpose).update(
                **row, at=clock.from_us(word.at)
            )
