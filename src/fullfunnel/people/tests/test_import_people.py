import pytest

from fullfunnel.events.mapping import MappingError
from fullfunnel.people.actions import forget_person
from fullfunnel.people.import_people import ERASED, NOBODY, Report, guess, import_rows
from fullfunnel.people.models import Company, Person
from fullfunnel.people.tests.world import Stream, people_of, person
from tests.kit.outbox import recorded

ROWS = [
    {
        "Customer ID": "17",
        "E-mail": "Ada@Example.com",
        "First Name": "Ada",
        "Last Name": "Lovelace",
        "Company": "Analytical",
        "Seats": "3",
    },
    {"Customer ID": "18", "E-mail": "", "First Name": "Ben", "Last Name": "", "Company": "", "Seats": ""},
    {"Customer ID": "0", "E-mail": "", "First Name": "Nobody", "Last Name": "", "Company": "", "Seats": ""},
]


def take(workspace, rows, **options):
    refused = []
    lines = list(enumerate(rows, 2))
    columns = next(row for row in rows if isinstance(row, dict))
    report = import_rows(
        workspace, lines, guess(columns), on_refused=lambda line, why, row: refused.append((line, why)), **options
    )
    return report, refused


def test_known_columns_are_recognised_and_the_others_are_traits(workspace):
    report, refused = take(workspace, ROWS)
    assert report == Report(rows=3, created=2, refused=1)
    assert refused == [(4, NOBODY)]
    ada = person(workspace, "email", "ada@example.com")
    assert ada == person(workspace, "user_id", "17")
    assert ada.traits == {"email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace", "Seats": "3"}
    assert (ada.name, ada.email, ada.is_identified, ada.company.name) == (
        "Ada Lovelace",
        "ada@example.com",
        True,
        "Analytical",
    )


def test_an_import_run_twice_changes_nothing_the_second_time(workspace):
    take(workspace, ROWS)
    before = list(Person.objects.order_by("id").values())
    report, _ = take(workspace, ROWS)
    assert report == Report(rows=3, unchanged=2, refused=1)
    assert list(Person.objects.order_by("id").values()) == before
    assert recorded(workspace) == []


def test_a_dry_run_counts_and_keeps_nothing(workspace):
    report, _ = take(workspace, [*ROWS, ROWS[0] | {"Seats": "4"}], dry_run=True)
    assert report == Report(rows=4, created=2, changed=1, refused=1)
    assert (Person.objects.count(), Company.objects.count()) == (0, 0)


def test_an_import_finds_the_person_of_the_stream_and_records_what_changed(workspace):
    stream = Stream(workspace)
    stream.identify(anonymous="a1", user="17", traits={"Seats": 1})
    report, _ = take(workspace, ROWS[:1])
    assert report == Report(rows=1, changed=1)
    assert people_of(workspace) == {frozenset({"user_id:17", "anonymous_id:a1", "email:ada@example.com"})}
    changes = {a.properties["trait"]: a.properties for a in recorded(workspace, "trait_changed")}
    assert changes["Seats"] == {"trait": "Seats", "old": "1", "new": "3"}


def test_an_unreadable_row_costs_itself_only(workspace):
    report, refused = take(workspace, ["cannot be read as JSON", ROWS[0], ROWS[0] | {"Seats": "\ud800"}])
    assert report == Report(rows=3, created=1, refused=2)
    assert refused[0] == (2, "cannot be read as JSON")
    assert refused[1][0] == 4


def test_somebody_erased_is_not_brought_back(workspace):
    take(workspace, ROWS)
    forget_person(person(workspace, "user_id", "17"), by=None)
    report, refused = take(workspace, ROWS[:1])
    assert (report.refused, refused) == (1, [(2, ERASED)])


def test_people_as_ask_reads_them_are_taken_too(workspace):
    take(
        workspace,
        [
            {"person": "ada@example.com", "properties": {"plan": "pro"}},
            {"person": "u2", "properties": {"email": "b@x.example"}},
        ],
    )
    assert person(workspace, "email", "ada@example.com").traits == {"email": "ada@example.com", "plan": "pro"}
    assert person(workspace, "email", "b@x.example") == person(workspace, "user_id", "u2")


def test_a_mapping_that_cannot_be_says_what_would_be_right():
    with pytest.raises(MappingError, match="no column says who a person is"):
        guess(["colour", "size"])
    with pytest.raises(MappingError, match="there is no column 'Mail'; the file has: E-Mail"):
        guess(["E-Mail"], {"email": "Mail"})
    with pytest.raises(MappingError, match="'hat' is nothing a column of people can be"):
        guess(["E-Mail"], {"hat": "E-Mail"})
    assert guess(["id", "Customer ID", "mail"], {"user_id": "id"}).columns == {"user_id": "id", "email": "mail"}
