"""What the wiring lists does what it says: rows of every model go, move, come back and are told with their person."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import RestrictedError
from django.test.utils import isolate_apps

from fullfunnel.events.event import Arrival
from fullfunnel.notes.following import NOTES, tell_note
from fullfunnel.notes.models import Note
from fullfunnel.people.following import rows_of_people
from fullfunnel.people.models import Consent, Identity, Merge, Person
from fullfunnel.people.rows import RowsOfPeople, unique_with_person
from tests.kit import rows as kit
from tests.kit.cast import drain, send

NOON = 1_767_268_800_000_000
LISTED = [(name, model) for name, rows in rows_of_people().items() for model in rows.models]


@pytest.fixture
def people(server):
    """Three users that a server named: ada, ben and cleo."""
    names = ["ada", "ben", "cleo"]
    send(server, [Arrival(kind="identify", name="person_identified", at=NOON, id=n, user=n) for n in names])
    drain()
    return [Identity.objects.get(kind="user_id", value=name).person for name in names]


@pytest.mark.parametrize(("name", "model"), LISTED)
def test_rows_move_with_a_merge_and_come_back(name, model, people):
    kit.check_merges(model, *people[:2])


@pytest.mark.parametrize(("name", "model"), LISTED)
def test_rows_go_with_an_erasure(name, model, people):
    kit.check_erasure(model, *people)


@pytest.mark.parametrize(("name", "model"), LISTED)
def test_rows_are_told_with_whom_they_were_written_about(name, model, people):
    kit.check_told(name, model, *people)


class Idle(RowsOfPeople):
    """Does nothing."""

    def follow_merges(self, merges):
        return {}

    def give_back(self, merge, moved):
        pass

    def erase(self, people):
        pass

    def tell(self, people, moved):
        return []


class MovesWithoutMemory(RowsOfPeople):
    def follow_merges(self, merges):
        super().follow_merges(merges)
        return {}


class GivesNothingBack(RowsOfPeople):
    give_back = Idle.give_back


class GivesAllBack(RowsOfPeople):
    def give_back(self, merge, moved):
        Note.objects.filter(person=merge.winner).update(person=merge.loser)


class ErasesAll(RowsOfPeople):
    def erase(self, people):
        Note.objects.all().delete()


class TellsOfAll(RowsOfPeople):
    def tell(self, people, moved):
        return super().tell(Note.objects.values_list("person", flat=True), moved)


class ForgetsWhoWasMerged(RowsOfPeople):
    def tell(self, people, moved):
        return super().tell(people, [])


def wire(settings, monkeypatch, rows):
    monkeypatch.setattr("fullfunnel.notes.following.NOTES", rows)
    settings.ROWS_OF_PEOPLE = {"notes": "fullfunnel.notes.following.NOTES"}


@pytest.mark.parametrize("wrong", [Idle, MovesWithoutMemory, GivesNothingBack, GivesAllBack])
def test_the_check_of_merges_finds_what_does_nothing_or_the_wrong_thing(wrong, settings, monkeypatch, people):
    wire(settings, monkeypatch, wrong(Note, tell_note))
    with pytest.raises(AssertionError):
        kit.check_merges(Note, *people[:2])


@pytest.mark.parametrize("wrong", [Idle, ErasesAll])
def test_the_check_of_erasure_finds_it(wrong, settings, monkeypatch, people):
    wire(settings, monkeypatch, wrong(Note, tell_note))
    with pytest.raises((AssertionError, RestrictedError)):
        kit.check_erasure(Note, *people)


@pytest.mark.parametrize(
    ("wrong", "tell"),
    [
        (Idle, tell_note),
        (TellsOfAll, tell_note),
        (ForgetsWhoWasMerged, tell_note),
        (RowsOfPeople, lambda _: {"note": ""}),
    ],
)
def test_the_check_of_what_is_told_finds_it(wrong, tell, settings, monkeypatch, people):
    wire(settings, monkeypatch, wrong(Note, tell))
    with pytest.raises(AssertionError):
        kit.check_told("notes", Note, *people)


def test_a_model_with_one_row_a_person_is_refused_until_the_room_says_which_row_stays():
    with pytest.raises(ImproperlyConfigured, match="Consent: consent_once allows one row a person"):
        RowsOfPeople(Consent, lambda _: {})
    assert Idle(Consent, lambda _: {}).models == [Consent]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, ""),
        ({"unique_together": [("person", "list")]}, "unique_together"),
        ({"constraints": [models.UniqueConstraint(fields=["list"], name="once")]}, ""),
        ({"constraints": [models.UniqueConstraint("person", models.functions.Lower("list"), name="once")]}, "once"),
        ({"constraints": [models.UniqueConstraint(models.F("person") + 1, name="once")]}, "once"),
    ],
)
def test_any_kind_of_unique_constraint_with_a_person_is_found(options, found):
    with isolate_apps("fullfunnel.notes"):
        fields = {"person": models.ForeignKey(Person, on_delete=models.RESTRICT), "list": models.TextField()}
        meta = type("Meta", (), {"app_label": "notes", **options})
        model = type("Entry", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
        assert unique_with_person(model) == found


def test_fullfunnel_does_not_start_when_the_wiring_names_what_is_not_there(settings):
    from django.apps import apps

    settings.ROWS_OF_PEOPLE = {"notes": "fullfunnel.notes.following.NOWHERE"}
    with pytest.raises(ImportError, match="NOWHERE"):
        apps.get_app_config("people").ready()


def test_a_row_that_moved_twice_is_told_of_the_first_it_was_about(people):
    from fullfunnel.people import actions
    from fullfunnel.people.about import everything_about

    ada, ben, cleo = people
    kit.row_about(Note, cleo)
    actions.merge_people(ben, loser=cleo, by=None)
    actions.merge_people(ada, loser=ben, by=None)
    assert [note["person"] for note in everything_about(ada)["notes"]] == [cleo.public_id]
    for merge in Merge.objects.order_by("-pk"):
        actions.unmerge_people(merge, by=None)
    assert NOTES.tell([cleo.pk], [])[0]["person"] == cleo.public_id
