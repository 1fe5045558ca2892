"""The door to the stream for our own actions."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.events.event import PERSON, SYSTEM, US
from fullfunnel.events.record import Sender, record_event, record_events
from fullfunnel.events.values import flatten
from fullfunnel.people import ledger
from fullfunnel.people.arrivals import about, named
from fullfunnel.people.identifiers import ANONYMOUS, CONTACT_OF, Key, rank
from fullfunnel.people.models import Company, Identity, Person
from fullfunnel.workspaces.models import Source
from fullfunnel.workspaces.roles import By

# Stands where the key of a company stands.
FIRM = "@firm"
AT_ONCE = 500


def record(
    person: Person,
    name: str,
    *,
    by: By,
    company: Company | None = None,
    deal: str | None = None,
    properties: Mapping[str, Any] | None = None,
    at: int | None = None,
    said_by: Sender | Source | None = None,
) -> str:
    """Record an event about a person and return its id. Call it inside the action's transaction.

    Somebody merged into another is recorded as who they are now; Person.DoesNotExist: they were erased meanwhile.
    Of a company or a deal without anybody, give contact_unknown(company).

    Actor: `us` where a user did it (`by`); else `person` where they told us themselves (`said_by`); else `system`.
    name: of events.names; deal: its public id; properties: flattened to texts, and `by` added, the user's public id;
    at: µs, now if not given. said_by: through which source we heard it; a web source makes it a stranger's word.
    """
    arrival = about(
        _key_of(person),
        name,
        at=clock.now_us() if at is None else at,
        id=secrets.token_hex(16),
        actor=US if by else PERSON if said_by else SYSTEM,
        properties=flatten(properties or {}) | named(by),
    )
    arrival.company, arrival.deal = company.key if company else None, deal
    sender = Sender(said_by) if isinstance(said_by, Source) else said_by
    record_event(person.workspace_id, arrival, said_by=sender)
    return arrival.id


def record_of_many(workspace_id: int, name: str, *, told: Sequence[tuple[int, Mapping[str, Any], int]]) -> int:
    """Record an event of the program about each of many people: (person's id, properties, µs); return how many.

    Call it inside the action's transaction. Who has no identity any more is left out.
    """
    keys: dict[int, Key] = {}
    people = list({person for person, _, _ in told})
    for first in range(0, len(people), AT_ONCE):
        rows = Identity.objects.filter(workspace_id=workspace_id, person_id__in=people[first : first + AT_ONCE])
        for person, kind, value in rows.values_list("person_id", "kind", "value"):
            keys[person] = min(keys.get(person, (kind, value)), (kind, value), key=rank)
    arrivals = [
        about(keys[person], name, at=at, id=secrets.token_hex(16), actor=SYSTEM, properties=flatten(said))
        for person, said, at in told
        if person in keys
    ]
    record_events((workspace_id, arrival) for arrival in arrivals)
    return len(arrivals)


def record_visit(
    anonymous: str, name: str, *, said_by: Sender, at: int, id: str, properties: Mapping[str, Any] | None = None
) -> None:
    """Record what a browser did that nobody may know yet, in its own word. The drain makes its person where there is none.

    id: the same for the same thing told twice. at: µs.
    """
    told = flatten(properties or {})
    arrival = about((ANONYMOUS, anonymous), name, at=at, id=id, actor=PERSON, properties=told)
    record_event(said_by.source.workspace_id, arrival, said_by=said_by)


def _key_of(person: Person) -> Key:
    """The identifier of highest priority of whoever the person is now."""
    now = Person.objects.select_related("merged_into").get(workspace_id=person.workspace_id, pk=person.pk).living()
    keys = Identity.objects.filter(workspace_id=person.workspace_id, person=now).values_list("kind", "value")
    if found := min(keys, key=rank, default=None):
        return found
    # A server gave their only identifier to somebody else. An event needs one: a browser that nobody has.
    lost = Identity.objects.create(
        workspace_id=person.workspace_id, person=now, kind=ANONYMOUS, value=secrets.token_hex(16), is_verified=True
    )
    return lost.kind, lost.value


@transaction.atomic
def the_firm(workspace_id: int) -> Person:
    """Return whom events of the firm itself are about, such as a change of its rules; counted as nobody, as a contact unknown."""
    ledger.lock(workspace_id)
    scope = {"workspace_id": workspace_id}
    known = Identity.objects.filter(**scope, kind=CONTACT_OF, value=FIRM).select_related("person").first()
    if known is not None:
        return known.person
    person = Person.objects.create(**scope, public_id=new_public_id(), is_contact_unknown=True)
    Identity.objects.create(**scope, kind=CONTACT_OF, value=FIRM, person=person, is_verified=True)
    return person


@transaction.atomic
def contact_unknown(company: Company) -> Person:
    """Return whom events of a company are about while nobody is known there; made when needed, counted as nobody."""
    ledger.lock(company.workspace_id)
    scope = {"workspace_id": company.workspace_id}
    known = Identity.objects.filter(**scope, kind=CONTACT_OF, value=company.key).select_related("person").first()
    if known is not None:
        return known.person
    person = Person.objects.create(**scope, public_id=new_public_id(), company=company, is_contact_unknown=True)
    Identity.objects.create(**scope, kind=CONTACT_OF, value=company.key, person=person, is_verified=True)
    return person
