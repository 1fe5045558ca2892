"""What is known of a person: identifiers, traits, consents, the company."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.events.event import PERSON
from fullfunnel.events.names import COMPANY_IDENTIFIED, CONSENT_CHANGED, PERSON_IDENTIFIED
from fullfunnel.events.record import record_event
from fullfunnel.events.values import flatten
from fullfunnel.people import ledger
from fullfunnel.people.arrivals import about, named
from fullfunnel.people.companies import company_key, upsert_companies
from fullfunnel.people.erased import erased_among
from fullfunnel.people.identifiers import Key, key_of, rank
from fullfunnel.people.living import CHANGED_MEANWHILE
from fullfunnel.people.models import Company, Consent, Identity, Person
from fullfunnel.people.record import record
from fullfunnel.people.resolve import Claim, Resolver
from fullfunnel.people.traits import LONGEST_NAME, texts_of
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By

MAX_PURPOSE, MAX_SOURCE, MAX_TEXT_VERSION = 40, 100, 60


@transaction.atomic
def identify_person(
    workspace: Workspace, *, identifiers: Sequence[Key], traits: Mapping[str, Any], by: By, at: int | None = None
) -> Person | Refused:
    """Find or make whoever has these identifiers ((kind, value), …), and say these traits of them. `at` in µs."""
    keys = sorted({key for kind, value in identifiers if (key := key_of(kind, value))}, key=rank)
    if not keys:
        return Refused(
            "Give a user id or an e-mail address; placeholders such as 0 or null name nobody.", "identifiers"
        )
    if erased_among(workspace.pk, keys):
        return Refused("This person was erased, and is not brought back.", "identifiers")
    moment = at or clock.now_us()
    resolver = _resolver(workspace.pk, keys)
    claim = Claim(keys=keys, at=moment, trusted=True, cause="user", traits=texts_of(traits), source="user")
    known = resolver.take(claim)
    ledger.write(workspace.pk, resolver, by=by)
    person = Person.objects.get(workspace=workspace, pk=known.person.id)
    record(person, PERSON_IDENTIFIED, by=by, at=moment)
    record_audit(workspace, "identify_person", by=by, person=person.public_id)
    return person


@transaction.atomic
def change_trait(person: Person, *, trait: str, value: Any, by: By) -> Person | Refused:
    """Set a trait; None or "" takes it away. What is said here is newer than what any event said before."""
    if not 0 < len(trait.strip()) <= LONGEST_NAME:
        return Refused(f"A trait's name has between 1 and {LONGEST_NAME} characters.", "trait")
    if (key := _first_key(person)) is None:
        return Refused(CHANGED_MEANWHILE)
    resolver = _resolver(person.workspace_id, [key])
    traits = texts_of({trait.strip(): value})
    resolver.take(Claim(keys=[key], at=clock.now_us(), trusted=True, cause="user", traits=traits, source="user"))
    ledger.write(person.workspace_id, resolver, by=by)
    record_audit(person.workspace, "change_trait", by=by, person=person.public_id, trait=trait.strip())
    person.refresh_from_db()
    return person


@transaction.atomic
def change_consent(
    person: Person, *, purpose: str, given: bool, source: str, text_version: str = "", by: By
) -> Consent | Refused:
    """Note the person's word on a purpose; `source` says where it was given ("phone call"), `text_version` to which text."""
    if not 0 < len(purpose.strip()) <= MAX_PURPOSE:
        return Refused(f"A purpose has between 1 and {MAX_PURPOSE} characters, such as 'email'.", "purpose")
    if (key := _first_key(person)) is None:
        return Refused(CHANGED_MEANWHILE)
    before = Consent.objects.filter(workspace_id=person.workspace_id, person=person, purpose=purpose.strip()).first()
    said = {"source": source[:MAX_SOURCE], "text_version": text_version[:MAX_TEXT_VERSION]}
    consent, _ = Consent.objects.update_or_create(
        person=person,
        purpose=purpose.strip(),
        defaults=said | {"given": given, "at": clock.now(), "workspace_id": person.workspace_id},
    )
    old = {"old": before.given} if before else {}
    told = flatten({"purpose": consent.purpose, "given": given} | said | old) | named(by)
    # Whoever wrote it down: it is the person's own word.
    arrival = about(key, CONSENT_CHANGED, at=clock.now_us(), id=secrets.token_hex(16), actor=PERSON, properties=told)
    record_event(person.workspace_id, arrival)
    record_audit(person.workspace, "change_consent", by=by, person=person.public_id, purpose=purpose, given=given)
    return consent


@transaction.atomic
def link_company(person: Person, *, company: Company | str | None, by: By) -> Person | Refused:
    """Set the company that the person belongs to from today: a row, the key of one (made if new), or None."""
    if _first_key(person) is None:
        return Refused(CHANGED_MEANWHILE)
    if isinstance(company, str):
        if (key := company_key(company)) is None:
            return Refused("A company's key has between 1 and 200 characters.", "company")
        company = Company.objects.get(pk=upsert_companies(person.workspace_id, [key])[key])
    if company is not None and company.workspace_id != person.workspace_id:
        return Refused("The company belongs to another workspace.", "company")
    person.company = company
    person.save(update_fields=["company"])
    ledger.bump(person.workspace_id, traits=1)
    record(person, COMPANY_IDENTIFIED, by=by, company=company)
    about = {"person": person.public_id, "company": company.pk if company else None}
    record_audit(person.workspace, "link_company", by=by, **about)
    return person


def _resolver(workspace_id: int, keys: Sequence[Key]) -> Resolver:
    """A resolver that knows whoever these identifiers name; the workspace's people are locked until the transaction ends."""
    ledger.lock(workspace_id)
    found = ledger.find(workspace_id, keys)
    people = ledger.load(workspace_id, {person for _, person in found.values()})
    return Resolver({identity.key: identity for who in people.values() for identity in who.identities})


def _first_key(person: Person) -> Key | None:
    """The identifier of highest priority of somebody who lives; the workspace's people are locked."""
    ledger.lock(person.workspace_id)
    if not Person.objects.filter(workspace_id=person.workspace_id, pk=person.pk, merged_into=None).exists():
        return None
    keys = Identity.objects.filter(workspace_id=person.workspace_id, person=person).values_list("kind", "value")
    return min(keys, key=rank, default=None)
