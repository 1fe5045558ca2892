"""What may be done with people. Each writes its rows, its event and its audit entry in one transaction, or returns Refused."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.events.event import PERSON, US
from fullfunnel.events.names import COMPANY_IDENTIFIED, CONSENT_CHANGED, PERSON_IDENTIFIED
from fullfunnel.events.record import record_event
from fullfunnel.people import ledger
from fullfunnel.people.arrivals import about, named
from fullfunnel.people.companies import company_key, upsert_companies
from fullfunnel.people.erased import erased_among
from fullfunnel.people.erasure import forget_person
from fullfunnel.people.identifiers import Key, key_of, rank
from fullfunnel.people.models import Company, Consent, Identity, MergeProposal, Person
from fullfunnel.people.resolve import Claim, Resolver
from fullfunnel.people.traits import LONGEST_NAME, texts_of
from fullfunnel.people.undo import unmerge_people
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Membership, User, Workspace

__all__ = [
    "change_consent",
    "change_trait",
    "decide_proposal",
    "forget_person",
    "identify",
    "link_company",
    "merge_people",
    "unmerge_people",
]
NOBODY = "This stands for a company of which nobody is known: there is no person to {}."
CHANGED_MEANWHILE = "This person was merged into another or erased meanwhile; reload the page."


@transaction.atomic
def identify(
    workspace: Workspace,
    identifiers: Sequence[Key],
    *,
    traits: Mapping[str, Any],
    by: User | Membership | None,
    at: int | None = None,
) -> Person | Refused:
    """Somebody is known under these identifiers ((kind, value), …), with these traits: found, or made. `at` in µs."""
    keys = sorted({key for kind, value in identifiers if (key := key_of(kind, value))}, key=rank)
    if not keys:
        return Refused(
            "Give a user id or an e-mail address; placeholders such as 0 or null name nobody.", "identifiers"
        )
    if erased_among(workspace.pk, keys):
        return Refused("This person was erased, and is not brought back.", "identifiers")
    moment = at or clock.now_us()
    resolver = load_resolver(workspace.pk, keys)
    claim = Claim(keys=keys, at=moment, trusted=True, cause="user", traits=texts_of(traits), source="user")
    known = resolver.take(claim)
    ledger.write(workspace.pk, resolver, by=by)
    _record(workspace.pk, keys[0], PERSON_IDENTIFIED, named(by), at=moment)
    person = Person.objects.get(workspace=workspace, pk=known.person.id)
    record_audit(workspace, "identify", by=by, person=person.public_id)
    return person


def load_resolver(workspace_id: int, keys: Sequence[Key]) -> Resolver:
    """A resolver that knows whoever these identifiers name; the workspace's people are locked until the transaction ends."""
    ledger.lock(workspace_id)
    found = ledger.find(workspace_id, keys)
    people = ledger.load(workspace_id, {person for _, person in found.values()})
    return Resolver({identity.key: identity for who in people.values() for identity in who.identities})


@transaction.atomic
def merge_people(winner: Person, loser: Person, *, by: User | Membership | None) -> Person | Refused:
    """`winner` takes in `loser`: they are one person from now on. unmerge_people takes it back."""
    if winner.workspace_id != loser.workspace_id:
        return Refused("The two belong to different workspaces.")
    if winner.pk == loser.pk:
        return Refused("A person cannot be merged with itself; choose another.")
    if winner.is_contact_unknown or loser.is_contact_unknown:
        return Refused(NOBODY.format("merge"))
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
def decide_proposal(proposal: MergeProposal, decision: str, *, by: User | Membership | None) -> MergeProposal | Refused:
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
            merged = merge_people(first, second, by=by)
            if isinstance(merged, Refused):
                return merged
    proposal.decision, proposal.decided_at = decision, clock.now()
    proposal.save(update_fields=["decision", "decided_at"])
    record_audit(proposal.workspace, "decide_proposal", by=by, proposal=proposal.pk, decision=decision)
    return proposal


@transaction.atomic
def change_trait(person: Person, trait: str, value: Any, *, by: User | Membership | None) -> Person | Refused:
    """Sets a trait; None or "" takes it away. What is said here is newer than what any event said before."""
    if not 0 < len(trait.strip()) <= LONGEST_NAME:
        return Refused(f"A trait's name has between 1 and {LONGEST_NAME} characters.", "trait")
    found = _claim_about(person)
    if isinstance(found, Refused):
        return found
    resolver, claim = found
    claim.traits = texts_of({trait.strip(): value})
    resolver.take(claim)
    ledger.write(person.workspace_id, resolver, by=by)
    record_audit(person.workspace, "change_trait", by=by, person=person.public_id, trait=trait.strip())
    person.refresh_from_db()
    return person


@transaction.atomic
def change_consent(
    person: Person,
    purpose: str,
    given: bool,
    *,
    source: str,
    text_version: str = "",
    by: User | Membership | None = None,
) -> Consent | Refused:
    """The person's word on a purpose; `source` says where it was given ("phone call"), `text_version` to which text."""
    if not 0 < len(purpose.strip()) <= 40:
        return Refused("A purpose has between 1 and 40 characters, such as 'email'.", "purpose")
    key = _first_key(person)
    if key is None:
        return Refused(CHANGED_MEANWHILE)
    before = Consent.objects.filter(workspace_id=person.workspace_id, person=person, purpose=purpose.strip()).first()
    said = {"given": given, "source": source[:100], "text_version": text_version[:60], "at": clock.now()}
    consent, _ = Consent.objects.update_or_create(
        person=person, purpose=purpose.strip(), defaults=said | {"workspace_id": person.workspace_id}
    )
    told = {"purpose": consent.purpose, "given": str(given).lower(), "source": consent.source}
    told |= {"old": str(before.given).lower()} if before else {}
    told |= {"text_version": consent.text_version} if consent.text_version else {}
    _record(person.workspace_id, key, CONSENT_CHANGED, told | named(by), actor=PERSON)
    record_audit(person.workspace, "change_consent", by=by, person=person.public_id, purpose=purpose, given=given)
    return consent


@transaction.atomic
def link_company(person: Person, company: Company | str | None, *, by: User | Membership | None) -> Person | Refused:
    """The company that the person belongs to from today: a row, the key of one (made if new), or None."""
    key = _first_key(person)
    if key is None:
        return Refused(CHANGED_MEANWHILE)
    if isinstance(company, str):
        name = company_key(company)
        if name is None:
            return Refused("A company's key has between 1 and 200 characters.", "company")
        company = Company.objects.get(pk=upsert_companies(person.workspace_id, [name])[name])
    if company is not None and company.workspace_id != person.workspace_id:
        return Refused("The company belongs to another workspace.", "company")
    person.company = company
    person.save(update_fields=["company"])
    ledger.bump(person.workspace_id, traits=1)
    _record(person.workspace_id, key, COMPANY_IDENTIFIED, named(by), company=company.key if company else None)
    record_audit(
        person.workspace, "link_company", by=by, person=person.public_id, company=company.pk if company else None
    )
    return person


def _first_key(person: Person) -> Key | None:
    """The identifier of highest priority of somebody who lives; the workspace's people are locked."""
    ledger.lock(person.workspace_id)
    if not Person.objects.filter(workspace_id=person.workspace_id, pk=person.pk, merged_into=None).exists():
        return None
    keys = Identity.objects.filter(workspace_id=person.workspace_id, person=person).values_list("kind", "value")
    return min(keys, key=rank, default=None)


def _claim_about(person: Person) -> tuple[Resolver, Claim] | Refused:
    key = _first_key(person)
    if key is None:
        return Refused(CHANGED_MEANWHILE)
    claim = Claim(keys=[key], at=clock.now_us(), trusted=True, cause="user", source="user")
    return load_resolver(person.workspace_id, [key]), claim


def _record(
    workspace_id: int, key: Key, name: str, properties: dict[str, str], *, actor: str = US, company: str | None = None,
    at: int | None = None,
) -> None:  # fmt: skip
    moment = at or clock.now_us()
    arrival = about(key, name, at=moment, id=secrets.token_hex(16), actor=actor, properties=properties)
    arrival.company = company
    record_event(workspace_id, arrival)
