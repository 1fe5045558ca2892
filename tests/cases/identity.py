"""Histories of identify, alias and merge -> the people they leave, from PostHog's own tests, told as our arrivals.

Three rules of ours differ; the expectation is read with them, and the note says so.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.cases import Outcome, Row, each, one_of, only

NEEDS_DATABASE = True
ROW = ("name", "kind", "source", "setup_persons", "events", "expected", "note")
SAID = ("$set", "$set_once", "$anon_distinct_id", "alias", "distinct_id")
SET_ONCE = "what only may be set once is not sent: Segment's format has no $set_once"
PLACEHOLDER = "a placeholder names nobody, where PostHog makes a person of it"
TYPED = "a user id makes somebody identified"
# A batch number that no test's own batches come near: ids of arrivals are remembered.
_batches = iter(range(1_000, 1_000_000, 1_000))


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    """Tell the history to an empty workspace, compare, and take all of it back."""
    from django.db import transaction

    from fullfunnel.workspaces.models import Workspace

    _read(row)
    with transaction.atomic():
        workspace = Workspace.objects.create(name="Cases", slug="cases-of-identity")
        teller = Teller(workspace, row)
        teller.tell_all()
        wrong, notes = _compared(row, teller)
        transaction.set_rollback(True)
    return "; ".join(wrong), "; ".join(sorted(set(notes)))


def _read(row: Row) -> None:
    only(row, ROW, "the row")
    one_of(row["kind"], ["identity"], "the kind")
    only(row["expected"], ("persons", "person_count", "events_by_person"), "expected")
    for person in row["setup_persons"]:
        only(person, ("distinct_ids", "properties", "is_identified"), "a person")
    for event in row["events"]:
        only(event, ("event", "distinct_id", "properties"), "an event")
        only(event["properties"], SAID, "an event's properties")


class Teller:
    """Tells a case as a browser would: PostHog's one kind of id is a user id once it was identified or aliased to."""

    def __init__(self, workspace: Any, row: Row) -> None:
        from fullfunnel.people.tests.world import Stream

        self.row, self.workspace, self.stream = row, workspace, Stream(workspace)
        self.stream.batch = next(_batches)
        self.users = {event["distinct_id"] for event in row["events"] if event["event"] == "$identify"}
        self.users |= {name for p in row["setup_persons"] if p["is_identified"] for name in p["distinct_ids"]}
        # Of each event: the identity that it was given, and its name.
        self.events: list[tuple[int | None, str]] = []

    def tell_all(self) -> None:
        for person in self.row["setup_persons"]:
            named = {kind: name for i in reversed(person["distinct_ids"]) for kind, name in self._named(i).items()}
            self.stream.identify(kind="server", traits=person["properties"], **named)
        for event in self.row["events"]:
            self._tell(event)

    def _named(self, name: str) -> dict[str, str]:
        return {"user": name} if name in self.users else {"anonymous": name}

    def _tell(self, event: Row) -> None:
        said, name = event["properties"], event["distinct_id"]
        traits = said.get("$set", {})
        if event["event"] == "$identify":
            previous = said.get("$anon_distinct_id")
            if previous in self.users:
                draft = self.stream.alias(user=name, previous=previous, traits=traits)
            else:
                draft = self.stream.identify(user=name, anonymous=previous, traits=traits)
        elif event["event"] == "$create_alias":
            draft = self.stream.alias(previous=said["alias"], **self._named(name))
        else:
            draft = self.stream.page(traits=traits, **self._named(name))
        self.events.append((draft.identity_id, event["event"]))


def _compared(row: Row, teller: Teller) -> tuple[list[str], list[str]]:
    """(what is wrong, the rules of ours that the expectation was read with)."""
    living, expected = _living(teller.workspace), row["expected"]
    nobody = _placeholders(row)
    notes, wrong = [PLACEHOLDER] if nobody else [], []
    count = expected["person_count"] - len(nobody)
    if len(living) != count:
        wrong.append(f"{len(living)} people, expected {count}: {sorted(map(sorted, living))}")
    for person in expected.get("persons", []):
        found = living.get(frozenset(person["distinct_ids"]) - nobody)
        if found is None:
            wrong.append(f"nobody is {person['distinct_ids']}; people are {sorted(map(sorted, living))}")
        else:
            _compare_person(row, person, found, wrong, notes)
    for names, events in expected.get("events_by_person", []):
        found = living.get(frozenset(names))
        own = set(found.identities.values_list("id", flat=True)) if found else set()
        if (told := [event for identity, event in teller.events if identity in own]) != events:
            wrong.append(f"events of {names} are {told}, expected {events}")
    return wrong, notes


def _compare_person(row: Row, person: Row, found: Any, wrong: list[str], notes: list[str]) -> None:
    if "properties" in person:
        once = _only_set_once(row)
        traits = {name: str(value) for name, value in person["properties"].items() if name not in once}
        notes += [SET_ONCE] if once else []
        if found.traits != traits:
            wrong.append(f"traits of {person['distinct_ids']} are {found.traits}, expected {traits}")
    meant = person.get("is_identified")
    if meant is not None and meant != found.is_identified:
        if not meant and found.identities.filter(kind="user_id").exists():
            notes.append(TYPED)
        else:
            wrong.append(f"{person['distinct_ids']} is identified: {found.is_identified}, expected {meant}")


def _living(workspace: Any) -> dict[frozenset[str], Any]:
    """People by their identifiers. An e-mail address is an identifier with us, and a property only with PostHog."""
    from fullfunnel.people.models import Person

    people = Person.objects.filter(workspace=workspace, merged_into=None).prefetch_related("identities")
    return {frozenset(i.value for i in person.identities.all() if i.kind != "email"): person for person in people}


def _placeholders(row: Row) -> set[str]:
    """The ids of the row that name nobody."""
    from fullfunnel.people.identifiers import is_blocked

    ids = {name for person in row["setup_persons"] for name in person["distinct_ids"]}
    ids |= {event["distinct_id"] for event in row["events"]}
    return {name for name in ids if is_blocked(name.strip())}


def _only_set_once(row: Row) -> set[str]:
    """The properties that $set_once names, and neither $set nor a person of the beginning."""
    sent = {name for person in row["setup_persons"] for name in person["properties"]}
    sent |= {name for event in row["events"] for name in event["properties"].get("$set", {})}
    return {name for event in row["events"] for name in event["properties"].get("$set_once", {})} - sent
