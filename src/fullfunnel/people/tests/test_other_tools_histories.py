"""Histories of identity that PostHog's own tests hold (shared cases), told as our arrivals; where our rules end otherwise, why."""

import json

import pytest

from fullfunnel.people.models import MergeProposal, Person
from fullfunnel.people.tests.world import Stream

# Case -> (why ours differs, {identifiers of each person: its traits or None for "any"}).
SET_ONCE = "Segment's format, which we take, has no $set_once: what only may be set once is not sent"
TYPED = "a user id makes somebody identified, with or without an anonymous id beside it"
BLOCKED = "a placeholder makes no person at all, where PostHog makes one and leaves it alone"
OURS = {
    "updates_person_properties": (SET_ONCE, {"new-user": {"b": "4", "c": "4"}}),
    "merge_then_pageview_set": (SET_ONCE, {"new-user old-user": {"a": "1", "b": "4"}}),
    "identify_set_once_twice": (f"{SET_ONCE}; {TYPED}", {"distinct_id1": {}}),
    "any_event_set_once": (SET_ONCE, {"distinct_id1": {}}),
    "ingestion_in_order_set_set_once": (
        SET_ONCE,
        {"distinct_id1": {"s0123o0123": "s3a", "s02o13": "s2b", "s013": "s3e", "s13o02": "s3g", "s1": "s1c"}},
    ),
    "identify_generic_id_blank": (BLOCKED, {"im an anonymous id": None}),
    "identify_generic_id_undefined": (BLOCKED, {"im an anonymous id": None}),
    "identify_generic_id_0": (BLOCKED, {"im an anonymous id": None}),
    "alias_generic_id_null": (BLOCKED, {"user123": None}),
}


class Teller:
    """Tells a case of PostHog's as a browser would: its one kind of id is a user id once it was identified or aliased to."""

    def __init__(self, workspace, case):
        self.workspace = workspace
        self.stream = Stream(workspace)
        self.users = {e["distinct_id"] for e in case["events"] if e["event"] == "$identify"}
        self.users |= {i for p in case["setup_persons"] if p["is_identified"] for i in p["distinct_ids"]}
        self.events = []

    def names(self, one):
        return {"user": one} if one in self.users else {"anonymous": one}

    def set_up(self, person):
        first, *others = person["distinct_ids"]
        users = [i for i in person["distinct_ids"] if i in self.users]
        named = {**self.names(first), **{k: v for o in others for k, v in self.names(o).items()}}
        assert len(users) <= 1
        self.stream.identify(kind="server", traits=person["properties"], **named)

    def tell(self, event):
        said, one = event["properties"], event["distinct_id"]
        traits = said.get("$set", {})
        if event["event"] == "$identify":
            previous = said.get("$anon_distinct_id")
            if previous in self.users:
                draft = self.stream.alias(user=one, previous=previous, traits=traits)
            else:
                draft = self.stream.identify(user=one, anonymous=previous, traits=traits)
        elif event["event"] == "$create_alias":
            draft = self.stream.alias(previous=said["alias"], **self.names(one))
        else:
            draft = self.stream.page(traits=traits, **self.names(one))
        self.events.append((draft.identity_id, event["event"]))


def test_every_shared_history_ends_as_told_or_as_the_table_says(workspace, shared):
    cases = [json.loads(line) for line in shared("cases/identity.jsonl").read_text().splitlines()]
    assert len(cases) == 24
    for case in cases:
        wipe(workspace)
        teller = Teller(workspace, case)
        teller.stream.batch = Stream.told = getattr(Stream, "told", 0) + 1000
        for person in case["setup_persons"]:
            teller.set_up(person)
        for event in case["events"]:
            teller.tell(event)
        name = case["name"].partition("/")[2]
        if name in OURS:
            _, expected = OURS[name]
            check(
                name,
                {
                    frozenset(ids.split(" ")) if " an " not in ids else frozenset({ids}): t
                    for ids, t in expected.items()
                },
            )
        else:
            as_told(name, case["expected"], teller)


def wipe(workspace):
    Person.objects.filter(workspace=workspace).delete()


def living():
    people = Person.objects.filter(merged_into=None).prefetch_related("identities")
    # An e-mail address is an identifier with us; with PostHog it is a property only.
    return {frozenset(i.value for i in person.identities.all() if i.kind != "email"): person for person in people}


def check(name, expected):
    found = living()
    assert found.keys() == expected.keys(), name
    for ids, traits in expected.items():
        if traits is not None:
            assert found[ids].traits == traits, name


def as_told(name, expected, teller):
    found = living()
    assert len(found) == expected["person_count"], (name, list(found))
    for person in expected.get("persons", []):
        assert frozenset(person["distinct_ids"]) in found, (name, list(found))
        ours = found[frozenset(person["distinct_ids"])]
        if "properties" in person:
            assert ours.traits == {key: str(value) for key, value in person["properties"].items()}, name
        if person.get("is_identified"):
            assert ours.is_identified, name
    for ids, events in expected.get("events_by_person", []):
        mine = set(found[frozenset(ids)].identities.values_list("id", flat=True))
        assert [event for identity, event in teller.events if identity in mine] == events, name


@pytest.mark.parametrize("kind", ["web", "server"])
def test_two_identified_people_who_meet_in_a_browser_are_proposed_and_a_server_merges_them(workspace, kind):
    stream = Stream(workspace)
    stream.identify(user="old")
    stream.identify(user="new")
    stream.alias(kind=kind, user="new", previous="old")
    assert len(living()) == (2 if kind == "web" else 1)
    assert MergeProposal.objects.count() == (1 if kind == "web" else 0)
