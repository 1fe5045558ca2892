"""Two people become one, or are two again: both are then exactly what they were, but for what was said since."""

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.events.names import PEOPLE_UNMERGED
from fullfunnel.people import ledger
from fullfunnel.people.book import Record, Who, Word, record_of, unmerged
from fullfunnel.people.following import give_back
from fullfunnel.people.living import CHANGED_MEANWHILE
from fullfunnel.people.models import Consent, Identity, Merge, MergeProposal, Person
from fullfunnel.people.record import record
from fullfunnel.people.resolve import Resolver
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.roles import By

NOBODY = "This stands for a company of which nobody is known: there is no person to merge."


@transaction.atomic
def merge_people(winner: Person, *, loser: Person, by: By) -> Person | Refused:
    """`winner` takes in `loser`: they are one person from now on. unmerge_people takes it back."""
    if winner.workspace_id != loser.workspace_id:
        return Refused("The two belong to different workspaces.")
    if winner.pk == loser.pk:
        return Refused("A person cannot be merged with itself; choose another.")
    if winner.is_contact_unknown or loser.is_contact_unknown:
        return Refused(NOBODY)
    ledger.lock(winner.workspace_id)
    living = Person.objects.filter(workspace_id=winner.workspace_id, merged_into=None, pk__in=[winner.pk, loser.pk])
    if living.count() != 2:
        return Refused(CHANGED_MEANWHILE)
    people = ledger.load(winner.workspace_id, [winner.pk, loser.pk])
    resolver = Resolver({known.key: known for who in people.values() for known in who.identities})
    resolver.join(people[winner.pk], people[loser.pk], cause="user", at=clock.now_us())
    ledger.write(winner.workspace_id, resolver, by=by)
    _close_proposals(winner, loser)
    record_audit(winner.workspace, "merge_people", by=by, winner=winner.public_id, loser=loser.public_id)
    winner.refresh_from_db()
    return winner


def _close_proposals(winner: Person, loser: Person) -> None:
    first, second = sorted((winner.pk, loser.pk))
    open_ones = MergeProposal.objects.filter(workspace_id=winner.workspace_id, first=first, second=second, decision="")
    open_ones.update(decision="merged", decided_at=clock.now())


@transaction.atomic
def decide_proposal(proposal: MergeProposal, *, decision: str, by: By) -> MergeProposal | Refused:
    """`merged`: the two are one (the older takes in the younger); `kept`: they are two, and it is not proposed again."""
    if decision not in ("merged", "kept"):
        return Refused("Decide either 'merged' or 'kept'.", "decision")
    ledger.lock(proposal.workspace_id)
    proposal = MergeProposal.objects.select_related("first", "second", "workspace").get(pk=proposal.pk)
    if proposal.decision:
        return Refused("Somebody has decided this already; reload the page.")
    if decision == "merged":
        first, second = (person.living() for person in (proposal.first, proposal.second))
        if first != second:
            merged = merge_people(first, loser=second, by=by)
            if isinstance(merged, Refused):
                return merged
    proposal.decision, proposal.decided_at = decision, clock.now()
    proposal.save(update_fields=["decision", "decided_at"])
    record_audit(proposal.workspace, "decide_proposal", by=by, proposal=proposal.pk, decision=decision)
    return proposal


@transaction.atomic
def unmerge_people(merge: Merge, *, by: By) -> Merge | Refused:
    """Take a merge back: winner and loser have the identities they brought; what came since stays with the winner."""
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
    give_back(merge)
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    ledger.bump(merge.workspace_id, moves=1, traits=1)
    ids = {"winner": merge.winner.public_id, "loser": merge.loser.public_id}
    record(merge.winner, PEOPLE_UNMERGED, by=by, properties=ids)
    record_audit(merge.workspace, "unmerge_people", by=by, **ids)
    merge.winner.refresh_from_db()
    merge.loser.refresh_from_db()
    return merge


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
