import csv
import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fullfunnel.events.models import Batch
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Source

ORDERS = """CustomerID,InvoiceDate,Total,Land
c1,2025-03-01T10:00:00Z,12.50,DE
c1,2025-03-02,7,DE
c2,1740823200,3.10,
"""


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path


def test_rows_become_events_by_the_columns_that_flags_and_names_say(command, stored, orders):
    done = command(
        "import", "events", orders, "--workspace", "halden", "--event-name", "Order Completed",
        "--rename", "Total=revenue", "--rename", "Land=country", "--json",
    )  # fmt: skip
    assert done.status == 0
    assert json.loads(done.out) == {"rows": 3, "written": 3, "refused": 0, "new": 3, "known": 0, "is_drained": True}
    assert "person = CustomerID, time = InvoiceDate, event = always Order Completed" in done.err
    events = stored()
    assert [(e["name"], e["occurred_at"], str(e["revenue"]), e["country"]) for e in events] == [
        ("order_completed", datetime(2025, 3, 1, 10), "12.5000", "DE"),  # noqa: DTZ001 (the lake's times are UTC)
        ("order_completed", datetime(2025, 3, 2), "7.0000", "DE"),  # noqa: DTZ001
        ("order_completed", datetime(2025, 3, 1, 10), "3.1000", None),  # noqa: DTZ001
    ]
    assert events[0]["identity_id"] == events[1]["identity_id"] != events[2]["identity_id"]
    assert Person.objects.count() == 2
    assert Source.objects.get().kind == "file"


def test_the_same_file_twice_adds_nothing(command, stored, orders):
    words = ("import", "events", orders, "--workspace", "halden", "--event-name", "bought", "--json")
    command(*words)
    again = json.loads(command(*words).out)
    assert (again["new"], again["known"]) == (0, 3)
    assert len(stored()) == 3
    assert Source.objects.count() == 1


def test_equal_rows_are_as_many_events_as_there_are_rows(command, stored, tmp_path):
    path = tmp_path / "clicks.csv"
    path.write_text("person,event,time\n" + "a,click,2025-01-01\n" * 3)
    for _ in range(2):
        command("import", "events", path, "--workspace", "halden")
    assert len(stored()) == 3
    path.write_text("person,event,time\n" + "a,click,2025-01-01\n" * 4)
    command("import", "events", path, "--workspace", "halden")
    assert len(stored()) == 4


def test_an_import_that_was_killed_can_be_run_again(command, stored, tmp_path, monkeypatch):
    from fullfunnel.events import imports

    path = tmp_path / "many.jsonl"
    rows = [{"person": f"p{n % 7}", "event": "seen", "timestamp": 1_700_000_000 + n // 3} for n in range(100)]
    path.write_text("\n".join(map(json.dumps, rows)))
    monkeypatch.setattr(imports, "CHUNK_ROWS", 10)
    append = imports.Journal.append
    calls = []

    def failing(self: Any, entries: Any) -> Any:
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return append(self, entries)

    monkeypatch.setattr(imports.Journal, "append", failing)
    assert command("import", "events", path, "--workspace", "halden").status == 130
    done = command("import", "events", path, "--workspace", "halden", "--json")
    assert json.loads(done.out)["rows"] == 100
    assert len(stored()) == 100


def test_bad_rows_are_refused_with_line_and_reason_and_the_rest_goes_on(command, stored, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(
        "person,event,time,actor\na,x,2025-01-01,\n,x,2025-01-01,\nb,,2025-01-01,\nc,x,soon,\nnull,x,2025-01-01,\nd,x,2025-01-01,robot\n"
    )
    done = command("import", "events", path, "--workspace", "halden", "--json")
    outcome = json.loads(done.out)
    assert (done.status, outcome["written"], outcome["refused"]) == (0, 1, 5)
    assert outcome["refused_file"] == f"{path}.refused.csv"
    with Path(outcome["refused_file"]).open(newline="") as file:
        refused = list(csv.reader(file))
    assert refused[0] == ["line", "reason", "row"]
    assert [row[:2] for row in refused[1:]] == [
        ["3", "there is no person in 'person'"],
        ["4", "there is no event in 'event'"],
        [
            "5",
            "'time': 'soon' is no time: write ISO 8601 such as 2026-01-31T12:00:00Z, or say the form with --time-format",
        ],
        ["6", "the person's identifier is a placeholder that names nobody"],
        ["7", "'actor' is 'robot'; right would be person, us, system"],
    ]
    assert json.loads(refused[1][2]) == {"person": "", "event": "x", "time": "2025-01-01", "actor": ""}
    assert len(stored()) == 1


def test_a_dry_run_shows_the_first_rows_and_writes_nothing(command, orders, data_dir):
    words = ("import", "events", orders, "--workspace", "halden", "--event-name", "bought", "--dry-run")
    done = command(*words, "--json")
    outcome = json.loads(done.out)
    assert (outcome["rows"], outcome["refused"], len(outcome["first"])) == (3, 0, 3)
    assert outcome["first"][2] == {
        "event": "bought", "timestamp": "2025-03-01T10:00:00Z", "person": "c2", "properties": {"Total": "3.10"},
    }  # fmt: skip
    assert "3 rows would be read, 0 of them refused; nothing was written" in command(*words).out
    assert not (data_dir / "journal.db").exists()
    assert not Source.objects.exists()
    assert not Path(f"{orders}.refused.csv").exists()


def test_years_from_1_to_9999_are_taken_as_they_are(command, stored, tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("person,event,time\na,born,0001-01-01T00:00:00Z\na,ends,9999-12-31T23:59:59.999999Z\n")
    assert command("import", "events", path, "--workspace", "halden").status == 0
    assert [e["occurred_at"].isoformat() for e in stored()] == ["0001-01-01T00:00:00", "9999-12-31T23:59:59.999999"]


@pytest.mark.parametrize("name", ["e.jsonl", "e.jsonl.gz", "e.csv", "e.parquet"])
def test_each_kind_of_file_gives_the_same_events(name, command, stored, tmp_path):
    import duckdb

    path = tmp_path / name
    row = {"person": "a", "event": "x", "time": "2025-01-01T00:00:00Z", "plan": "pro"}
    if "jsonl" in name:
        path.write_bytes(gzip.compress(json.dumps(row).encode()) if name.endswith("gz") else json.dumps(row).encode())
    elif name == "e.csv":
        path.write_text("person,event,time,plan\na,x,2025-01-01T00:00:00Z,pro\n")
    else:
        values = "SELECT 'a' AS person, 'x' AS event, TIMESTAMP '2025-01-01' AS time, 'pro' AS plan"
        with duckdb.connect() as engine:
            engine.execute(f"COPY ({values}) TO '{path}'")
    assert command("import", "events", path, "--workspace", "halden").status == 0
    [event] = stored()
    assert (event["name"], event["occurred_at"].isoformat(), dict(event["properties"])) == (
        "x",
        "2025-01-01T00:00:00",
        {"plan": "pro"},
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--workspace", "nowhere"], "there is no workspace 'nowhere'; there is: halden"),
        (["--workspace", "halden", "--person", "Nobody"], "there is no column 'Nobody'; the file has: CustomerID, InvoiceDate, Total, Land"),
        (["--workspace", "halden"], "no column says the event: name it with --event COLUMN or --event-name NAME"),
        (["--workspace", "halden", "--event-name", "x", "--time-format", "%Q%"], "the time format"),
        (["--workspace", "halden", "--event-name", "x", "--refused", "/nowhere/x.csv"], "--refused: /nowhere is not a directory"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_said_before_anything_is_written(words, sentence, command, orders, data_dir):
    done = command("import", "events", orders, *words)
    assert done.status == 2
    assert sentence in done.err
    assert not Batch.objects.exists()
    assert not (data_dir / "journal.db").exists()


def test_a_missing_file_is_said_in_a_sentence(command, tmp_path):
    done = command("import", "events", tmp_path / "none.csv", "--workspace", "halden")
    assert (done.status, done.err) == (
        2,
        f"fullfunnel: {tmp_path}/none.csv cannot be read: no such file or directory\n",
    )
