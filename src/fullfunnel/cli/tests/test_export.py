import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fullfunnel.core import csv_cells
from fullfunnel.events.models import Batch
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Workspace

HOSTILE = [
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@cmd",
    "\tx",
    "＝1",
    "'quoted",
    "-5",
    "+7.5",
    "plain",
    'say "hi", you',
    "two\nlines",
]


@pytest.fixture
def events(command: Callable[..., Any], tmp_path: Path) -> list[dict[str, Any]]:
    """Events of two people, with values that a spreadsheet would run, a deal, a session, a company and a promoted column."""
    rows = [
        {
            "person": f"p{n % 2}", "event": "answered", "timestamp": f"2025-01-01T00:00:{n:02}.000001Z", "id": f"row{n}",
            "session": "s1", "company": "acme", "deal": "d-1", "actor": "us",
            "properties": {"answer": text, "campaign": text, "person": "property of that name", "revenue": 12.5},
        }
        for n, text in enumerate(HOSTILE)
    ]  # fmt: skip
    path = tmp_path / "given.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    assert command("import", "events", path, "--workspace", "halden").status == 0
    return rows


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.csv.gz", "out.jsonl.gz", "out.parquet"])
def test_what_is_exported_can_be_imported_and_is_the_same(
    name,
    command,
    stored,
    events,
    tmp_path,
):
    path = tmp_path / name
    assert command("export", "events", path, "--workspace", "halden").status == 0
    Workspace.objects.create(name="Copy", slug="copy")
    done = command("import", "events", path, "--workspace", "copy", "--json")
    assert json.loads(done.out)["new"] == len(HOSTILE)
    again = tmp_path / f"again-{name}"
    assert command("export", "events", again, "--workspace", "copy").status == 0
    first, second = _rows(path), _rows(again)
    assert [row.pop("person") for row in first] != [row.pop("person") for row in second]
    assert first == second
    assert len(first) == len(HOSTILE)


def _rows(path: Path) -> list[dict[str, Any]]:
    import duckdb

    if path.suffix == ".parquet":
        with duckdb.connect() as engine:
            found = engine.sql(f"SELECT * FROM read_parquet('{path}')")
            return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_bytes().decode()
    if ".csv" in path.name:
        return list(csv.DictReader(text.splitlines(keepends=True)))
    return [json.loads(line) for line in text.splitlines()]


def test_no_cell_of_a_csv_is_a_formula(command, events, tmp_path):
    path = tmp_path / "out.csv"
    command("export", "events", path, "--workspace", "halden")
    rows = _rows(path)
    live = [v for row in rows for v in row.values() if v[:1] in "=+-@\t\r＝＋－＠" and v and v not in ("-5", "+7.5")]
    assert live == []
    assert [row["answer"] for row in rows][:3] == ["'=1+1", "'+SUM(A1)", "'-2+3"]
    assert rows[7]["answer"] == "-5"


def test_no_name_of_a_column_is_a_formula_and_each_comes_back(command, workspace, tmp_path):
    names = {'=HYPERLINK("https://evil.example")': "x", "@cmd": "y", "'quoted": "z", "plain": "w"}
    given, path = tmp_path / "in.jsonl", tmp_path / "out.csv"
    given.write_text(json.dumps({"person": "ada", "event": "seen", "time": "2026-01-05", "properties": names}) + "\n")
    assert command("import", "events", given, "--workspace", "halden").status == 0
    command("export", "events", path, "--workspace", "halden")
    header = set(next(csv.reader(path.read_text().splitlines())))
    assert {"'" + name for name in names if name != "plain"} | {"plain"} <= header
    assert [name for name in header if name[0] in "=@"] == []
    Workspace.objects.create(name="Copy", slug="copy")
    assert command("import", "events", path, "--workspace", "copy").status == 0
    command("export", "events", tmp_path / "again.jsonl", "--workspace", "copy")
    [again] = [json.loads(line) for line in (tmp_path / "again.jsonl").read_text().splitlines()]
    assert again["properties"] == names


def test_a_foreign_csv_keeps_its_apostrophes(command, stored, tmp_path):
    path = tmp_path / "foreign.csv"
    path.write_text("person,event,time,word\na,x,2025-01-01,'tis\n")
    command("import", "events", path, "--workspace", "halden")
    assert dict(stored()[0]["properties"]) == {"word": "'tis"}


@pytest.mark.parametrize("text", [*HOSTILE, "", "''", "'=1"])
def test_an_escaped_cell_comes_back(text):
    assert csv_cells.unescaped(csv_cells.escaped(text)) == text


def test_an_export_names_each_person_and_the_identity_that_the_event_carries(command, events, tmp_path):
    path = tmp_path / "out.jsonl"
    command("export", "events", path, "--workspace", "halden")
    first = _rows(path)[0]
    assert first == {
        "id": "row0",
        "identity": "user_id:p0",
        "person": Person.objects.get(identities__value="p0").public_id,
        "event": "answered",
        "timestamp": "2025-01-01T00:00:00.000001Z",
        "actor": "us",
        "session": "s1",
        "company": "acme",
        "deal": "d-1",
        "properties": {
            "campaign": "=1+1", "revenue": "12.5", "answer": "=1+1", "person": "property of that name",
        },
    }  # fmt: skip


def test_more_events_than_a_page_are_all_written_once_and_in_order(command, tmp_path, monkeypatch):
    from fullfunnel.cli import export

    monkeypatch.setattr(export, "PAGE", 10)
    given = tmp_path / "many.csv"
    given.write_text("id,person,event,time\n" + "".join(f"{n},p{n % 3},x,2025-01-01\n" for n in range(35)))
    command("import", "events", given, "--workspace", "halden")
    path = tmp_path / "out.jsonl"
    command("export", "events", path, "--workspace", "halden")
    assert [row["id"] for row in _rows(path)] == [str(n) for n in range(35)]


@pytest.mark.parametrize("what", ["events", "people"])
def test_an_export_of_more_rows_than_an_import_looks_ahead_comes_back(what, command, tmp_path):
    given, path = tmp_path / "many.csv", tmp_path / "out.csv"
    given.write_text("id,person,event,time\n" + "".join(f"{n},p{n},x,2025-01-01\n" for n in range(150)))
    command("import", "events", given, "--workspace", "halden")
    command("export", what, path, "--workspace", "halden")
    Workspace.objects.create(name="Copy", slug="copy")
    done = command("import", what, path, "--workspace", "copy", "--json")
    assert {key: json.loads(done.out)[key] for key in ("rows", "refused")} == {"rows": 150, "refused": 0}
    assert Person.objects.filter(workspace__slug="copy").count() == 150


def test_another_workspaces_events_are_not_in_it(command, events, tmp_path):
    Workspace.objects.create(name="Empty", slug="empty")
    path = tmp_path / "out.jsonl"
    assert command("export", "events", path, "--workspace", "empty").status == 0
    assert path.read_text() == ""


def test_people_are_exported_with_traits_and_identities(command, ada, tmp_path):
    ada.visits("/pricing")
    ada.identifies("ada-1", email="ada@halden.example", plan="pro", formula="=1+1")
    command("export", "people", tmp_path / "people.jsonl", "--workspace", "halden")
    [row] = _rows(tmp_path / "people.jsonl")
    assert row["person"] == ada.person.public_id
    assert sorted(row["identities"]) == ["anonymous_id:ada-browser", "email:ada@halden.example", "user_id:ada-1"]
    assert (row["properties"]["plan"], row["properties"]["formula"]) == ("pro", "=1+1")
    command("export", "people", tmp_path / "people.csv", "--workspace", "halden")
    [cell] = _rows(tmp_path / "people.csv")
    assert (cell["plan"], cell["formula"]) == ("pro", "'=1+1")


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.gz", "nowhere/out.csv"])
def test_a_name_that_cannot_be_written_is_refused_in_a_sentence(name, command, tmp_path):
    done = command("export", "events", tmp_path / name, "--workspace", "halden")
    assert done.status == 2
    assert "must end in" in done.err or "is not a directory" in done.err
    assert not (tmp_path / name).exists()
    assert not Batch.objects.exists()
