"""`fullfunnel import … --save-mapping`: what is kept, how it is used again, recognised, listed and forgotten."""

import json
from pathlib import Path

import pytest

from fullfunnel.events.models import SavedMapping
from fullfunnel.workspaces.models import Workspace

COLUMNS = (
    "--person",
    "Who",
    "--time",
    "On",
    "--time-format",
    "day-first",
    "--event-name",
    "bought",
    "--rename",
    "Land=country",
)


@pytest.fixture
def month(tmp_path):
    """A month's file: month("march", "2.3.2026")."""

    def write(name, day, columns="Who,On,Land"):
        path: Path = tmp_path / f"{name}.csv"
        path.write_text(f"{columns}\nc1,{day},DE\n")
        return path

    return write


def test_a_saved_mapping_reads_the_next_file_the_same(command, stored, month):
    first = command(
        "import", "events", month("march", "2.3.2026"), "--workspace", "halden", *COLUMNS, "--save-mapping", "orders"
    )
    assert first.status == 0, first.err
    assert "saved: next time --mapping orders" in first.err
    done = command("import", "events", month("april", "3.4.2026"), "--workspace", "halden", "--mapping", "orders")
    assert done.status == 0, done.err
    assert "person = Who, time = On, event = always bought" in done.err
    events = stored()
    assert [(e["name"], e["country"], f"{e['occurred_at']:%d.%m.}") for e in events] == [
        ("bought", "DE", "02.03."), ("bought", "DE", "03.04."),
    ]  # fmt: skip
    assert events[0]["identity_id"] == events[1]["identity_id"]


def test_a_file_with_the_same_columns_is_recognised_and_not_read_so_unasked(command, stored, month):
    command(
        "import",
        "events",
        month("march", "2.3.2026"),
        "--workspace",
        "halden",
        *COLUMNS,
        "--save-mapping",
        "the orders",
    )
    before = len(stored())
    done = command("import", "events", month("april", "3.4.2026", "Land,Who,On"), "--workspace", "halden")
    assert 'these are the columns of a saved mapping: --mapping "the orders" reads them so' in done.err
    assert done.status == 2
    other = command("import", "events", month("may", "3.5.2026", "Who,On,City"), "--workspace", "halden")
    assert "saved mapping" not in other.err
    assert len(stored()) == before


def test_flags_go_before_what_was_saved(command, stored, month):
    command(
        "import", "events", month("march", "2.3.2026"), "--workspace", "halden", *COLUMNS, "--save-mapping", "orders"
    )
    done = command(
        "import", "events", month("april", "3.4.2026"), "--workspace", "halden",
        "--mapping", "orders", "--event-name", "returned", "--rename", "Land=campaign",
    )  # fmt: skip
    assert done.status == 0, done.err
    assert (stored()[1]["name"], stored()[1]["campaign"]) == ("returned", "DE")


def test_people_have_mappings_of_their_own(command, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Adresse,Stadt\nada@h.example,Berlin\n")
    command("import", "people", path, "--workspace", "halden", "--email", "Adresse", "--save-mapping", "contacts")
    done = command("import", "people", path, "--workspace", "halden", "--mapping", "contacts", "--json")
    assert json.loads(done.out)["unchanged"] == 1
    wrong = command("import", "events", path, "--workspace", "halden", "--mapping", "contacts")
    assert wrong.status == 2
    assert "there is no mapping 'contacts' for events; there is: contacts (people)" in wrong.err


def test_they_are_listed_and_forgotten(command, month):
    assert "no mapping is saved" in command("import", "mappings", "--workspace", "halden").err
    command(
        "import", "events", month("march", "2.3.2026"), "--workspace", "halden", *COLUMNS, "--save-mapping", "orders"
    )
    listed = command("import", "mappings", "--workspace", "halden")
    assert (
        listed.out
        == "orders (events): person = Who, time = On, event = always bought, time as day-first; Land is country\n"
    )
    [said] = json.loads(command("import", "mappings", "--workspace", "halden", "--json").out)
    assert (said["name"], said["columns"]) == ("orders", {"person": "Who", "time": "On"})
    wrong = command("import", "mappings", "--workspace", "halden", "--forget", "nothing")
    assert (wrong.status, SavedMapping.objects.count()) == (2, 1)
    assert command("import", "mappings", "--workspace", "halden", "--forget", "orders").status == 0
    assert SavedMapping.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--save-mapping", " "], "a mapping needs a name"),
        (["--save-mapping", "x" * 101], "at most 100 characters"),
        (["--save-mapping", "a\x1b[31mb"], "one line of letters"),
        (["--mapping", "orders"], "there is no mapping 'orders'"),
        (["--forget", "orders"], "--forget goes with"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(command, stored, month, words, reason):
    done = command("import", "events", month("march", "2.3.2026"), "--workspace", "halden", *COLUMNS, *words)
    assert done.status == 2
    assert reason in done.err
    assert (stored(), SavedMapping.objects.count()) == ([], 0)


def test_a_dry_run_saves_nothing_and_a_mapping_is_its_workspaces(command, month):
    command(
        "import",
        "events",
        month("march", "2.3.2026"),
        "--workspace",
        "halden",
        *COLUMNS,
        "--save-mapping",
        "a",
        "--dry-run",
    )
    assert SavedMapping.objects.count() == 0
    command("import", "events", month("march", "2.3.2026"), "--workspace", "halden", *COLUMNS, "--save-mapping", "a")
    Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    done = command("import", "events", month("april", "3.4.2026"), "--workspace", "elsewhere", "--mapping", "a")
    assert done.status == 2
    assert "there is: none" in done.err


def test_a_column_that_is_gone_is_said(command, stored, month):
    command(
        "import", "events", month("march", "2.3.2026"), "--workspace", "halden", *COLUMNS, "--save-mapping", "orders"
    )
    done = command(
        "import", "events", month("april", "3.4.2026", "Wer,On,Land"), "--workspace", "halden", "--mapping", "orders"
    )
    assert done.status == 2
    assert "there is no column 'Who'; the file has: Wer, On, Land" in done.err
