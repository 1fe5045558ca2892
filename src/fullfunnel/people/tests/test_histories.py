"""R10: random histories of identify, alias, merge and unmerge end as a union-find over what was said ends."""

import random
from collections import Counter

import pytest

from fullfunnel.core.refused import Refused
from fullfunnel.people import sql
from fullfunnel.people.actions import change_consent, merge_people, unmerge_people
from fullfunnel.people.models import Identity, Merge, Person
from fullfunnel.people.tests.world import Stream, people_of, person
from tests.kit.deep import mostly_deep

HISTORIES, STEPS = 500, 12
USER, EMAIL, DEVICE = "user_id", "email", "anonymous_id"


class Oracle:
    """Union-find over the identifiers of one history, without path compression, so that a union can be taken back."""

    def __init__(self):
        self.parent = {}

    def root(self, key):
        while self.parent[key] is not None:
            key = self.parent[key]
        return key

    def group(self, key):
        return frozenset(other for other in self.parent if self.root(other) == self.root(key))

    def groups(self):
        return {self.group(key) for key in self.parent}

    def has(self, key, *kinds):
        return any(kind in kinds for kind, _ in self.group(key))

    def say(self, high, low):
        """A server named both in one event: they are one, unless each side has a user id."""
        if high in self.parent and low in self.parent:
            if self.root(high) != self.root(low) and not (self.has(high, USER) and self.has(low, USER)):
                self.unite(high, low)
        elif low in self.parent:
            fits = high[0] != USER or not self.has(low, USER)
            self.parent[high] = self.root(low) if fits else None
        else:
            self.parent.setdefault(high, None)
            self.parent[low] = self.root(high)

    def alias(self, user, previous):
        """A server says outright that the two are one: no limit holds."""
        self.parent.setdefault(user, None)
        if previous not in self.parent:
            self.parent[previous] = self.root(user)
        elif self.root(user) != self.root(previous):
            self.unite(user, previous)

    def unite(self, one, other):
        if self.has(other, USER, EMAIL) and not self.has(one, USER, EMAIL):
            one, other = other, one
        self.merge(one, other)

    def merge(self, winner, loser):
        self.parent[self.root(loser)] = self.root(winner)


def keys(history):
    return (
        [(USER, f"u{n}-{history}") for n in range(3)],
        [(EMAIL, f"e{n}-{history}@x.example") for n in range(2)],
        [(DEVICE, f"d{n}-{history}") for n in range(4)],
    )


def arrival(stream, oracle, rng, history):
    """A random event, told to the oracle as well."""
    users, emails, devices = (rng.choice(some) for some in keys(history))
    if rng.random() < 0.25:
        oracle.alias(users, devices)
        return stream.arrival("identities_aliased", user=users[1], previous=devices[1])
    high, low = rng.choice([(users, devices), (users, emails), (emails, devices)])
    oracle.say(high, low)
    names = {USER: "user", EMAIL: "email", DEVICE: "anonymous"}
    return stream.arrival("person_identified", **{names[kind]: value for kind, value in (high, low)})


def by_hand(workspace, rng, oracle):
    """A user merges two people of the history, or takes a merge back; says what came of it."""
    if rng.random() < 0.5 and len(oracle.groups()) > 1:
        one, other = rng.sample(sorted(min(group) for group in oracle.groups()), 2)
        assert not isinstance(merge_people(person(workspace, *one), loser=person(workspace, *other), by=None), Refused)
        oracle.merge(one, other)
        return "merged"
    mine = {person(workspace, *key).pk for key in oracle.parent}
    everyone = mine | set(Person.objects.filter(merged_into__in=mine).values_list("pk", flat=True))
    merges = [m for m in Merge.objects.filter(workspace=workspace, undone_at=None) if m.winner_id in everyone]
    if not merges:
        return "nothing"
    return undo(workspace, rng.choice(merges), oracle)


def undo(workspace, merge, oracle):
    """The loser's root is the one of those that moved whose parent did not move with it."""
    moved = set(Identity.objects.filter(pk__in=merge.identities).values_list("kind", "value"))
    if isinstance(unmerge_people(merge, by=None), Refused):
        merge.winner.refresh_from_db()
        assert merge.winner.merged_into is not None
        return "refused"
    (top,) = [key for key in moved if oracle.parent[key] not in moved]
    oracle.parent[top] = None
    return "undone"


@pytest.mark.parametrize("seed", [1])
def test_random_histories_end_as_union_find_says(workspace, seed):
    rng = random.Random(seed)
    stream = Stream(workspace)
    oracles = [Oracle() for _ in range(HISTORIES)]
    came = Counter()
    for _ in range(STEPS):
        batch = [arrival(stream, oracle, rng, h) for h, oracle in enumerate(oracles) if rng.random() < 0.7]
        assert all(draft.dropped is None for draft in stream.send(*batch, kind="server"))
        came.update(by_hand(workspace, rng, oracle) for oracle in rng.sample(oracles, 25))
    expected = {frozenset(f"{kind}:{value}" for kind, value in g) for oracle in oracles for g in oracle.groups()}
    assert people_of(workspace) == expected
    assert came["merged"] >= 50
    assert came["undone"] >= 50
    assert came["refused"] >= 1


def rows_of(workspace):
    """What is known of people; not how often an identity changed its person."""
    identity = "id, workspace_id, kind, value, person_id, is_verified, created_at"
    return [
        sql.select(f"SELECT {columns} FROM {table} WHERE workspace_id = %s ORDER BY id", [workspace.pk])
        for table, columns in (("people_person", "*"), ("people_identity", identity), ("people_consent", "*"))
    ]


@pytest.mark.parametrize("seed", mostly_deep(range(7, 17)))
def test_a_merge_taken_back_leaves_every_record_byte_for_byte_as_it_was(workspace, seed):
    rng = random.Random(seed)
    stream = Stream(workspace)
    traits = ["name", "plan", "city", "email", "seats"]
    batch = []
    for n in range(60):
        said = {t: f"{t}-{rng.randrange(4)}" for t in rng.sample(traits, rng.randrange(5))}
        who = {"user": f"u{n}"} if n % 2 else {"anonymous": f"a{n}"}
        batch.append(stream.arrival("person_identified", traits=said, **who))
        if rng.random() < 0.3:
            batch.append(stream.arrival("company_identified", company=f"c{rng.randrange(3)}", **who))
    stream.send(*batch, kind="server")
    people = list(Person.objects.filter(workspace=workspace).order_by("id"))
    for one in people:
        for purpose in rng.sample(["email", "phone", "analytics"], rng.randrange(3)):
            change_consent(one, purpose=purpose, given=rng.random() < 0.5, source="test", by=None)
    before = rows_of(workspace)
    for _ in range(100):
        winner, loser = rng.sample(people, 2)
        assert not isinstance(
            merge_people(Person.objects.get(pk=winner.pk), loser=Person.objects.get(pk=loser.pk), by=None), Refused
        )
        assert Person.objects.get(pk=loser.pk).merged_into_id == winner.pk
        assert not isinstance(unmerge_people(Merge.objects.latest("id"), by=None), Refused)
        assert rows_of(workspace) == before


def test_what_was_said_since_a_merge_stays_with_the_winner(workspace):
    stream = Stream(workspace)
    stream.identify(kind="server", user="u1", traits={"plan": "free"})
    stream.identify(kind="server", user="u2", traits={"city": "Bonn", "seats": 1})
    merge_people(person(workspace, "user_id", "u1"), loser=person(workspace, "user_id", "u2"), by=None)
    stream.identify(kind="server", user="u2", anonymous="new", traits={"plan": "pro", "city": "Kiel"})
    unmerge_people(Merge.objects.get(), by=None)
    assert person(workspace, "user_id", "u1").traits == {"plan": "pro", "city": "Kiel"}
    assert person(workspace, "user_id", "u2").traits == {"city": "Bonn", "seats": "1"}
    assert people_of(workspace) == {frozenset({"user_id:u1", "anonymous_id:new"}), frozenset({"user_id:u2"})}


def test_merges_in_a_row_are_taken_back_in_any_order_that_leaves_none_hanging(workspace):
    stream = Stream(workspace)
    for n in range(3):
        stream.identify(kind="server", user=f"u{n}", traits={f"t{n}": n})
    a, b, c = (person(workspace, "user_id", f"u{n}") for n in range(3))
    before = rows_of(workspace)
    merge_people(a, loser=b, by=None)
    merge_people(a, loser=c, by=None)
    first, second = Merge.objects.order_by("id")
    unmerge_people(first, by=None)
    assert person(workspace, "user_id", "u0").traits == {"t0": "0", "t2": "2"}
    unmerge_people(second, by=None)
    assert rows_of(workspace) == before
    merge_people(b, loser=c, by=None)
    merge_people(a, loser=b, by=None)
    inner = Merge.objects.order_by("id")[2]
    refused = unmerge_people(inner, by=None)
    assert isinstance(refused, Refused)
    assert "take that merge back first" in refused.sentence
