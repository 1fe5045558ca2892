"""Everything that is known about a person, as plain data: what they may ask for."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q

from fullfunnel.core import clock
from fullfunnel.events.event import PROMOTED
from fullfunnel.events.store import open_store
from fullfunnel.events.values import text_of
from fullfunnel.people.following import everybody_merged_with, told_rows
from fullfunnel.people.models import Company, Consent, Identity, Merge, MergeProposal, Person
from fullfunnel.people.rows import Json, written
from fullfunnel.workspaces.models import Workspace


def person_called(workspace: Workspace, name: str) -> Person | None:
    """Return who has this public id or this identifier (an e-mail address, a user id, …) today."""
    people = Person.objects.filter(workspace=workspace)
    found = people.filter(public_id=name).first()
    if found is None:
        identities = Identity.objects.filter(workspace=workspace, value__in={name, name.lower()})
        found = people.filter(identities__in=identities).first()
    return found.living() if found else None


def everything_about(person: Person) -> Json:
    """Return what each room knows about the person and whoever is merged with them, by the room's name. Ready for JSON."""
    people = everybody_merged_with(person)
    own = {"people": about_people(people), "events": events_of(people)}
    return {"person": person.public_id, "told_at": written(clock.now()), **own, **told_rows(people)}


def about_people(people: Collection[int]) -> list[Json]:
    """Return the record of each of these people (ids), with identifiers, consents and merges."""
    return [_about(person) for person in Person.objects.filter(pk__in=people).select_related("company", "merged_into")]


def _about(person: Person) -> Json:
    scope = {"workspace_id": person.workspace_id}
    merges = Merge.objects.filter(**scope, winner=person).select_related("loser", "by").order_by("pk")
    mine = Q(first=person) | Q(second=person)
    return {
        "person": person.public_id,
        "merged_into": person.merged_into.public_id if person.merged_into else None,
        "company": person.company.key if person.company else None,
        "created_at": written(person.created_at),
        "first_seen_at": written(person.first_seen_at),
        "last_seen_at": written(person.last_seen_at),
        "traits": person.traits,
        "identities": [
            {"kind": one.kind, "value": one.value, "is_verified": one.is_verified, "since": written(one.created_at)}
            for one in Identity.objects.filter(**scope, person=person).order_by("pk")
        ],
        "consents": [
            {"purpose": one.purpose, "given": one.given, "source": one.source, "text_version": one.text_version,
             "at": written(one.at)}
            for one in Consent.objects.filter(**scope, person=person).order_by("purpose")
        ],
        "merges": [
            {"loser": one.loser.public_id, "cause": one.cause, "by": one.by.public_id if one.by else None,
             "at": written(one.at), "undone_at": written(one.undone_at)}
            for one in merges
        ],
        "proposed_merges": [
            {"reason": one.reason, "decision": one.decision, "at": written(one.at)}
            for one in MergeProposal.objects.filter(mine, **scope).order_by("pk")
        ],
    }  # fmt: skip


def events_of(people: Collection[int]) -> list[Json]:
    """Return the events of these people (ids) that are in the stream, in their order of arrival."""
    named = Identity.objects.filter(person__in=people)
    identities = {pk: f"{kind}:{value}" for pk, kind, value in named.values_list("pk", "kind", "value")}
    if not identities:
        return []
    mine = f"identity_id IN ({', '.join(str(int(pk)) for pk in identities)})"
    rows = open_store().ask(lambda d: f"SELECT * FROM events WHERE {mine} ORDER BY seq")
    companies = dict(Company.objects.filter(pk__in={row["company_id"] for row in rows}).values_list("pk", "key"))
    return [
        {"id": row["event_id"], "identity": identities[row["identity_id"]]}
        | what_happened(row, company=companies.get(row["company_id"]))
        for row in rows
    ]


def what_happened(row: Mapping[str, Any], *, company: str | None) -> Json:
    """Return the part of an exported event that does not say who it is about. `row`: of the table `events`; `company`: its key."""
    promoted = {name: text_of(row[name]) for name in PROMOTED if row[name] is not None}
    return {
        "event": row["name"],
        "timestamp": written(row["occurred_at"]),
        "actor": row["actor"],
        "session": row["session_id"],
        "company": company,
        "deal": row["deal_id"],
        "properties": promoted | dict(row["properties"] or {}),
    }
