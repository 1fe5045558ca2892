"""People in the database: read into a Resolver's books, and what it decided written back, in set SQL.

Write inside a transaction that began with `lock`: nobody else changes the workspace's people meanwhile. What was read before it holds
only if `lock` says that nobody came in between.
"""

import secrets
from collections.abc import Collection, Iterable

import msgspec

from fullfunnel.core.public_ids import new_public_id
from fullfunnel.events.event import PERSON, SYSTEM, US, Arrival
from fullfunnel.events.names import CONSENT_CHANGED, PEOPLE_MERGED, TRAIT_CHANGED
from fullfunnel.events.record import record_events
from fullfunnel.people import sql
from fullfunnel.people.arrivals import about, named
from fullfunnel.people.book import Known, Merged, Who, Word
from fullfunnel.people.following import follow_merges
from fullfunnel.people.identifiers import Key
from fullfunnel.people.models import Merge, MergeProposal, PeopleVersion
from fullfunnel.people.resolve import Change, Resolver
from fullfunnel.people.traits import columns_of
from fullfunnel.workspaces.roles import By, user_of

_text = msgspec.json.Encoder().encode


def hold(workspace_id: int) -> PeopleVersion:
    """Make whoever would change the workspace's people wait for the end of this transaction, which itself changes none."""
    PeopleVersion.objects.get_or_create(workspace_id=workspace_id)
    return PeopleVersion.objects.select_for_update().get(workspace_id=workspace_id)


def lock(workspace_id: int) -> int:
    """Make whoever else would change the workspace's people wait for the end of this transaction; return how often this was done."""
    version = hold(workspace_id)
    PeopleVersion.objects.filter(workspace_id=workspace_id).update(locks=version.locks + 1)
    return version.locks + 1


def locks(workspaces: Collection[int]) -> dict[int, int]:
    """How often the people of each of these workspaces were locked, to be changed."""
    counted = dict(PeopleVersion.objects.filter(workspace__in=workspaces).values_list("workspace_id", "locks"))
    return {workspace_id: counted.get(workspace_id, 0) for workspace_id in workspaces}


def bump(workspace_id: int, *, moves: int = 0, traits: int = 0) -> None:
    """Says that people changed, so that caches are built anew."""
    if moves or traits:
        statement = "UPDATE people_peopleversion SET moves = moves + %s, traits = traits + %s WHERE workspace_id = %s"
        sql.execute(statement, [moves, traits, workspace_id])


def find(workspace_id: int, keys: Iterable[Key]) -> dict[Key, tuple[int, int]]:
    """Of these identifiers the known ones: -> (identity id, person id)."""
    rows = sql.select(
        f"SELECT i.kind, i.value, i.id, i.person_id FROM {sql.table(kind='text', value='text')} AS t "
        "CROSS JOIN people_identity AS i WHERE i.workspace_id = %s AND i.kind = t.kind AND i.value = t.value",
        [sql.packed(list(keys)), workspace_id],
    )
    return {(kind, value): (identity, person) for kind, value, identity, person in rows}


def load(workspace_id: int, people: Collection[int]) -> dict[int, Who]:
    """These people with their identities and consents, by id."""
    ids = sql.packed([[person] for person in people])
    wanted = f"{sql.table(person='bigint')} AS t"
    found = {}
    for row in sql.select(
        "SELECT p.id, p.created_at, p.is_identified, p.traits, p.traits_at, p.company_id, p.first_seen_at, "
        f"p.last_seen_at, p.public_id FROM {wanted} CROSS JOIN people_person AS p WHERE p.id = t.person AND p.workspace_id = %s",
        [ids, workspace_id],
    ):
        first, last = sql.time_us(row[6]), sql.time_us(row[7])
        created = sql.time_us(row[1]) or 0
        traits, traits_at = sql.from_json(row[3]), sql.from_json(row[4])
        found[row[0]] = Who(row[0], created, bool(row[2]), traits, traits_at, row[5], first, last)
        found[row[0]].public_id = row[8]
    for identity, person, kind, value, verified, at in sql.select(
        "SELECT i.id, i.person_id, i.kind, i.value, i.is_verified, i.created_at "
        f"FROM {wanted} CROSS JOIN people_identity AS i WHERE i.person_id = t.person ORDER BY i.id",
        [ids],
    ):
        who = found[person]
        who.identities.append(Known((kind, value), who, bool(verified), sql.time_us(at) or 0, identity))
    for person, purpose, given, at, source, version in sql.select(
        "SELECT c.person_id, c.purpose, c.given, c.at, c.source, c.text_version "
        f"FROM {wanted} CROSS JOIN people_consent AS c WHERE c.person_id = t.person ORDER BY c.purpose",
        [ids],
    ):
        found[person].consents[purpose] = Word(bool(given), sql.time_us(at) or 0, source, version)
    return found


def write(workspace_id: int, resolver: Resolver, *, by: By = None) -> None:
    """Write what a resolver decided and give new people and identities their ids. `by` is None where the drain acts."""
    _insert_people(workspace_id, resolver.new_people)
    _insert_identities(workspace_id, resolver.new_identities)
    people = {id(known.person): known.person for known in resolver.known.values()}
    met = {id(who): who for merged in resolver.merges for who in (merged.winner, merged.loser)}
    people |= met
    move_identities([known for who in people.values() for known in who.identities if known.changed])
    fresh = {id(who) for who in resolver.new_people}
    write_people([w for w in people.values() if w.changed and (id(w) not in fresh or id(w) in met)])
    _write_consents(workspace_id, people.values())
    _write_merges(workspace_id, resolver.merges, by)
    _write_proposals(workspace_id, resolver)
    changes = [_trait_changed(change, by) for change in resolver.trait_changes]
    changes += [_consent_changed(change) for change in resolver.consent_changes]
    merges = [_people_merged(merged, by) for merged in resolver.merges]
    if changes or merges:
        record_events((workspace_id, arrival) for arrival in (*merges, *changes))
    moves = len(resolver.merges) + len(resolver.moved)
    bump(workspace_id, moves=moves, traits=moves + len(changes) + sum(1 for w in resolver.new_people if w.traits))


def _insert_people(workspace_id: int, people: list[Who]) -> None:
    if not people:
        return
    by_public = {new_public_id(): who for who in people}
    rows = []
    for public_id, who in by_public.items():
        name, email, search = columns_of(who.traits) if who.traits else ("", "", "")
        traits, traits_at = _text(who.traits).decode(), _text(who.traits_at).decode()
        created = sql.time_text(who.created_at)
        rows.append([public_id, traits, traits_at, name, email, search, who.identified, who.company, created])
    table = sql.table(
        public_id="text", traits="json", traits_at="json", name="text", email="text", search_text="text",
        is_identified="boolean", company_id="bigint", created_at="time",
    )  # fmt: skip
    columns = "public_id, traits, traits_at, name, email, search_text, is_identified, company_id, created_at"
    for person, public_id in sql.select(
        f"INSERT INTO people_person (workspace_id, {columns}) SELECT %s, {columns} FROM {table} AS t "
        "WHERE true RETURNING id, public_id",
        [workspace_id, sql.packed(rows)],
    ):
        by_public[public_id].id, by_public[public_id].public_id = person, public_id


def _insert_identities(workspace_id: int, identities: list[Known]) -> None:
    if not identities:
        return
    by_key = {known.key: known for known in identities}
    rows = [[*known.key, known.person.id, known.verified, sql.time_text(known.at)] for known in identities]
    table = sql.table(kind="text", value="text", person_id="bigint", is_verified="boolean", created_at="time")
    columns = "kind, value, person_id, is_verified, created_at"
    for identity, kind, value in sql.select(
        f"INSERT INTO people_identity (workspace_id, {columns}) SELECT %s, {columns} FROM {table} AS t "
        "WHERE true RETURNING id, kind, value",
        [workspace_id, sql.packed(rows)],
    ):
        by_key[kind, value].id = identity
        by_key[kind, value].changed = False


def move_identities(identities: list[Known]) -> None:
    """Writes to whom they belong now, and whether that is verified. The caller bumps `moves` in the same transaction."""
    if identities:
        rows = [[known.id, known.person.id, known.verified] for known in identities]
        sql.execute(
            "UPDATE people_identity SET person_id = t.person, is_verified = t.verified, moved = "
            "(SELECT moves + 1 FROM people_peopleversion AS v WHERE v.workspace_id = people_identity.workspace_id) "
            f"FROM {sql.table(id='bigint', person='bigint', verified='boolean')} AS t WHERE people_identity.id = t.id",
            [sql.packed(rows)],
        )


def write_people(people: list[Who]) -> None:
    """Writes the records of people who have a row."""
    rows = []
    for who in people:
        name, email, search = columns_of(who.traits)
        into = who.merged_into.id if who.merged_into else None
        texts = [_text(who.traits).decode(), _text(who.traits_at).decode(), name, email, search]
        times = [sql.time_text(who.first_seen), sql.time_text(who.last_seen)]
        rows.append([who.id, *texts, who.identified, who.company, into, *times])
    if not rows:
        return
    table = sql.table(
        id="bigint", traits="json", traits_at="json", name="text", email="text", search_text="text", known="boolean",
        company="bigint", into_id="bigint", first_at="time", last_at="time",
    )  # fmt: skip
    sql.execute(
        "UPDATE people_person SET traits = t.traits, traits_at = t.traits_at, name = t.name, email = t.email, "
        "search_text = t.search_text, is_identified = t.known, company_id = t.company, merged_into_id = t.into_id, "
        f"first_seen_at = t.first_at, last_seen_at = t.last_at FROM {table} AS t WHERE people_person.id = t.id",
        [sql.packed(rows)],
    )


def _write_consents(workspace_id: int, people: Iterable[Who]) -> None:
    rows = []
    for who in people:
        for purpose in sorted(who.changed_consents):
            word = who.consents[purpose]
            rows.append([who.id, purpose, word.given, word.source, word.text_version, sql.time_text(word.at)])
    if rows:
        columns = "person_id, purpose, given, source, text_version, at"
        table = sql.table(
            person_id="bigint", purpose="text", given="boolean", source="text", text_version="text", at="time"
        )
        sql.execute(
            f"INSERT INTO people_consent (workspace_id, {columns}) SELECT %s, {columns} FROM {table} AS t WHERE true "
            "ON CONFLICT (person_id, purpose) DO UPDATE SET given = excluded.given, source = excluded.source, "
            "text_version = excluded.text_version, at = excluded.at",
            [workspace_id, sql.packed(rows)],
        )


def _write_merges(workspace_id: int, merges: list[Merged], by: By) -> None:
    rows = []
    for merged in merges:
        before = merged.before | {"verified": {str(known.id): verified for known, verified in merged.moved}}
        row = Merge(workspace_id=workspace_id, winner_id=merged.winner.id, loser_id=merged.loser.id, before=before)
        row.identities = [known.id for known, _ in merged.moved]
        row.cause, row.by = merged.cause, user_of(by)
        rows.append(row)
    follow_merges(Merge.objects.bulk_create(rows, batch_size=200))


def _write_proposals(workspace_id: int, resolver: Resolver) -> None:
    pairs: dict[tuple[int, int], str] = {}
    for one, other, reason in resolver.proposals:
        first, second = sorted((one.now().id, other.now().id))
        if first != second:
            pairs.setdefault((first, second), reason)
    rows = [
        MergeProposal(workspace_id=workspace_id, first_id=first, second_id=second, reason=reason)
        for (first, second), reason in pairs.items()
    ]
    MergeProposal.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)


def _people_merged(merged: Merged, by: By) -> Arrival:
    said = {"winner": merged.winner.public_id, "loser": merged.loser.public_id, "cause": merged.cause} | named(by)
    actor = US if by else SYSTEM
    return about(merged.key, PEOPLE_MERGED, at=merged.at, id=secrets.token_hex(16), actor=actor, properties=said)


def _trait_changed(change: Change, by: By) -> Arrival:
    said = {"trait": change.trait, "old": change.old, "new": change.new} | named(by)
    return about(
        change.key, TRAIT_CHANGED, at=change.at, id=secrets.token_hex(16),
        actor=SYSTEM, properties={name: value for name, value in said.items() if value},
    )  # fmt: skip


def _consent_changed(change: Change) -> Arrival:
    said = {"purpose": change.trait, "old": change.old, "given": change.new}
    return about(
        change.key, CONSENT_CHANGED, at=change.at, id=secrets.token_hex(16),
        actor=PERSON, properties={name: value for name, value in said.items() if value},
    )  # fmt: skip
