"""Notes follow their person: through merges and back, out with an erasure, into what is told of somebody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fullfunnel.events.event import Arrival
from fullfunnel.notes.actions import add_note
from fullfunnel.notes.models import Note
from fullfunnel.people import actions
from fullfunnel.people.about import everything_about
from fullfunnel.people.models import Identity, Merge, Person
from tests.kit.cast import drain, send

NOON = 1_767_268_800_000_000


@pytest.fixture
def people(server):
    """Three users that a server named: ada, ben and cleo."""
    names = ["ada", "ben", "cleo"]
    send(server, [Arrival(kind="identify", name="person_identified", at=NOON, id=n, user=n) for n in names])
    drain()
    return [person_called(name) for name in names]


def person_called(name):
    return Identity.objects.get(kind="user_id", value=name).person


def notes():
    return {note.text: note.person for note in Note.objects.select_related("person")}


def test_a_merge_moves_them_and_taking_it_back_returns_those_and_no_others(people, alice):
    ada, ben, _ = people
    for person in (ada, ben):
        add_note(person, text=f"before, {person.pk}", by=alice.user)
    actions.merge_people(ada, loser=ben, by=alice.user)
    add_note(ada, text="since", by=alice.user)
    assert set(notes().values()) == {ada}
    actions.unmerge_people(Merge.objects.get(), by=alice.user)
    assert notes() == {f"before, {ada.pk}": ada, f"before, {ben.pk}": ben, "since": ada}


def test_a_chain_of_merges_is_taken_back_step_by_step(people, alice):
    ada, ben, cleo = people
    add_note(cleo, text="cleo's", by=alice.user)
    actions.merge_people(ben, loser=cleo, by=alice.user)
    actions.merge_people(ada, loser=ben, by=alice.user)
    assert notes() == {"cleo's": ada}
    inner, outer = Merge.objects.order_by("pk")
    actions.unmerge_people(outer, by=alice.user)
    assert notes() == {"cleo's": ben}
    actions.unmerge_people(inner, by=alice.user)
    assert notes() == {"cleo's": cleo}


def test_merges_of_the_stream_move_them_also_several_of_one_batch(people, server, alice):
    ada, _, cleo = people
    add_note(cleo, text="cleo's", by=alice.user)
    pairs = [("ben", "cleo"), ("ada", "ben")]
    aliases = [
        Arrival(kind="alias", name="identities_aliased", at=NOON, id=f"{new}{old}", user=new, previous=old)
        for new, old in pairs
    ]
    send(server, aliases)
    drain()
    assert notes() == {"cleo's": ada}
    for merge in Merge.objects.order_by("-pk"):
        assert merge.moved == {"notes": [Note.objects.get().pk]}
        actions.unmerge_people(merge, by=alice.user)
    assert notes() == {"cleo's": cleo}


def test_a_merge_of_people_without_notes_asks_once_and_keeps_nothing(people, alice):
    ada, ben, _ = people
    with CaptureQueriesContext(
        connection,
    ) as asked:
        actions.merge_people(ada, loser=ben, by=alice.user)
    assert sum("notes_note" in query["sql"] for query in asked) == 1
    assert Merge.objects.get().moved == {}


def test_they_are_erased_with_the_person_and_with_whoever_was_merged(people, alice):
    ada, ben, cleo = people
    for person in people:
        add_note(person, text=f"about {person.pk}", by=alice.user)
    actions.merge_people(ada, loser=ben, by=alice.user)
    actions.forget_person(ada, by=alice.user)
    assert notes() == {f"about {cleo.pk}": cleo}
    assert Person.objects.get() == cleo


def test_an_erasure_that_notes_do_not_hear_of_erases_nobody(people, alice, settings):
    from django.db.models import RestrictedError

    add_note(people[0], text="Called", by=alice.user)
    settings.ROWS_OF_PEOPLE = {}
    with pytest.raises(RestrictedError):
        actions.forget_person(people[0], by=alice.user)
    assert (Person.objects.count(), Note.objects.count()) == (3, 1)


def test_they_are_told_with_the_person(people, alice):
    ada, ben, _ = people
    note = add_note(ben, text="Called", by=alice.user)
    actions.merge_people(ada, loser=ben, by=alice.user)
    [told] = everything_about(ada)["notes"]
    assert told == {
        "person": ben.public_id, "note": note.public_id, "text": "Called", "by": alice.user.public_id,
        "at": note.written_at.isoformat().replace("+00:00", "Z"),
    }  # fmt: skip
