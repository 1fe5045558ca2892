"""A list of a million people is read off indexes: in each order that it offers, and for a word in a name."""

import json
from pkgutil import resolve_name

import pytest
from django.conf import settings
from django.db import connection

from fullfunnel.core.pages import first_or_asked
from fullfunnel.core.sql import among, forget_deleted, keys_holding
from fullfunnel.events.conditions import Group, parse_clause
from fullfunnel.people import actions, search
from fullfunnel.people.models import Company, Person
from fullfunnel.people.search import search_people
from fullfunnel.people.views import lists
from fullfunnel.people.views.columns import asked_of_rows
from fullfunnel.people.views.filters import Filters
from fullfunnel.people.views.lists import SORTS, Wanted, people_of

INDEXES = {"seen": "person_seen", "since": "person_since", "name": "person_search"}


@pytest.fixture
def ada_brandt(ada):
    ada.identifies("ada-1", email="ada@nordklinik.example", name="Ada Brandt")
    return ada.person


def want(**asked):
    given = {"words": "", "known": "", "company": None, "sort": "seen", "down": True} | asked
    return Wanted(**given, filters=Filters())


def plan(rows, order):
    return (
        rows.filter(**{f"{order.removeprefix('-')}__isnull": False})
        .order_by(order, "-pk" if order[0] == "-" else "pk")
        .explain()
    )


@pytest.mark.parametrize("down", [True, False])
@pytest.mark.parametrize("known", ["", "identified"])
@pytest.mark.parametrize("sort", SORTS)
def test_each_order_that_the_list_offers_has_an_index(workspace, sort, known, down):
    asked = want(sort=sort, known=known, down=down)
    said = plan(people_of(workspace, asked), asked.order)
    assert f"INDEX {'person_known' if known and sort == 'seen' else INDEXES[sort]} (" in said
    assert "TEMP B-TREE" not in said


def test_the_people_of_a_company_are_found_and_counted_by_it(workspace):
    acme = Company.objects.create(workspace=workspace, key="acme")
    rows = people_of(workspace, want(company=acme))
    assert "INDEX person_company (company_id=?" in plan(rows, "-last_seen_at")
    assert "INDEX person_company (company_id=?" in rows.explain()


def test_a_word_in_a_name_is_looked_up_and_then_sorted(workspace, ada_brandt):
    rows = search_people(workspace, "brandt")
    assert "INTEGER PRIMARY KEY (rowid=?)" in plan(rows, "-last_seen_at")
    assert list(rows) == [ada_brandt]


@pytest.mark.parametrize(
    "word", ["brand", "ADA", "a b", "nordklinik.ex", "rd", "b", 'klinik"', "an%dt", "da'", "NEAR", "*"]
)
def test_a_word_finds_whom_it_found_before_there_was_an_index(workspace, ada_brandt, ben, word):
    found = set(search_people(workspace, f'"{word}"' if '"' not in word else word))
    assert found == {person for person in Person.objects.all() if word.casefold() in person.search_text}


@pytest.mark.parametrize("few", [0, 20_000])
def test_many_who_are_named_alike_are_found_on_the_way(workspace, ada_brandt, ben, monkeypatch, few):
    monkeypatch.setattr(search, "FEW", few)
    ben.identifies("ben-1", name="Ben Brandt")
    assert {str(person) for person in search_people(workspace, "brandt")} == {"Ada Brandt", "Ben Brandt"}
    assert list(search_people(workspace, "brandt ada")) == [ada_brandt]
    assert list(search_people(workspace, "brandt zoe")) == []


def test_the_index_follows_a_name_and_forgets_who_is_erased(workspace, ada_brandt):
    def holding(word):
        return keys_holding(Person, "search_text", word, 10)

    assert holding("brandt") == [ada_brandt.pk]
    actions.change_trait(ada_brandt, trait="name", value="Ada Adler", by=None)
    assert (holding("brandt"), holding("adler")) == ([], [ada_brandt.pk])
    Person.objects.all().delete()
    assert (holding("adler"), holding("nordklinik")) == ([], [])
    forget_deleted(Person, "search_text")
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM people_person_search_text_trigrams_data")
        assert not any(b"adl" in row[0] for row in cursor.fetchall())


def test_migrations_left_the_triggers_of_the_index(workspace):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'people_person' ORDER BY 1"
        )
        found = [row[0].removeprefix("people_person_search_text_trigrams_") for row in cursor.fetchall()]
    assert found == ["added", "changed", "gone"]


@pytest.mark.parametrize("few", [0, 20_000])
def test_a_list_of_very_many_ids_is_a_list_of_those(workspace, monkeypatch, few):
    monkeypatch.setattr("fullfunnel.core.sql.conditions.FEW", few)
    people = Person.objects.bulk_create(Person(workspace=workspace, public_id=f"p{n}") for n in range(120))
    ids = [person.pk for person in people[::2]]
    rows = Person.objects.filter(among(ids), workspace=workspace)
    page, _ = first_or_asked(rows, ["-last_seen_at"], "")
    assert [person.pk for person in page.rows] == sorted(ids, reverse=True)[:50]
    assert rows.count() == 60
    assert not Person.objects.filter(among([]), workspace=workspace).exists()


JUDGED = [
    {"property": "email", "op": "=", "value": ""},
    {"property": "email", "op": "!=", "value": "ada@nordklinik.example"},
    {"property": "name", "op": "contains", "value": "brand"},
]
CLAUSES = [
    {"property": "identified", "op": "=", "value": "true"},
    {"property": "identified", "op": "!=", "value": "true"},
    {"property": "identified", "op": "is_set"},
    {"property": "identified", "op": "=", "value": "shoe"},
    {"property": "email", "op": "=", "value": "ada@nordklinik.example"},
    {"property": "email", "op": "contains", "value": "NORDKLINIK"},
    {"property": "email", "op": "contains", "value": "zz"},
    {"property": "last_seen", "op": "since", "value": {"days_ago": 1}},
    {"property": "last_seen", "op": "before", "value": {"days_ago": 1}},
    {"property": "first_seen", "op": "before", "value": "2020-01-01"},
    *JUDGED,
]


@pytest.mark.parametrize("clause", CLAUSES, ids=json.dumps)
def test_what_the_lists_query_answers_is_what_is_judged_over_everybody(workspace, ada_brandt, ben, bob, clause):
    ben.visits("/pricing")
    Person.objects.create(workspace=workspace, public_id="never-seen")
    given = parse_clause({"all": [clause]}, canonical=str)
    [only] = given.of if isinstance(given, Group) else [given]
    asked, rest = asked_of_rows([only], me=bob.user.email)
    judged = resolve_name(settings.PEOPLE_WHO)(workspace, only, me=bob.user.email)
    assert bool(rest) == (clause in JUDGED)
    found = Person.objects.filter(*asked, pk__in=judged if rest else Person.objects.values("pk"))
    assert sorted(person.pk for person in found) == judged


@pytest.mark.parametrize(("most", "counted"), [(40, "40+ anonymous visitors"), (1_000, "60 anonymous visitors")])
@pytest.mark.parametrize("some", [50, 100])
def test_a_common_word_is_counted_alike_whoever_is_asked_first(alice, workspace, monkeypatch, some, most, counted):
    monkeypatch.setattr(search, "SOME", some)
    monkeypatch.setattr(lists, "MOST", most)
    names = [(f"ben{n}", f"ben brandt {n}") for n in range(60)]
    Person.objects.bulk_create(Person(workspace=workspace, public_id=key, search_text=text) for key, text in names)
    assert counted in alice.client.get("/w/halden/people/?q=brandt&known=anonymous").content.decode()
    assert "No identified person" in alice.client.get("/w/halden/people/?q=brandt&known=identified").content.decode()


def test_some_of_those_who_hold_a_word_are_looked_up_by_their_keys(workspace, ada_brandt, ben, monkeypatch):
    monkeypatch.setattr(search, "SOME", 2)
    assert search.some_holding("brandt") == []
    ben.identifies("ben-1", name="Ben Brandt")
    some = search.some_holding('is:known "brandt" ada')
    assert some == [ada_brandt.pk, ben.person.pk]
    rows = people_of(workspace, want(words="brandt"), None, some)
    assert "INTEGER PRIMARY KEY (rowid=?)" in rows.explain()
    assert people_of(workspace, want(words="brandt"), None, some[:1]).get() == ada_brandt
