"""What a command writes of people, only its owner can read, whatever stood under that name."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("what", ["events", "people"])
@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.csv.gz", "out.jsonl.gz", "out.parquet"])
def test_an_export_is_its_owners(what, name, command, ada, tmp_path):
    ada.identifies("ada-1", email="ada@halden.example")
    path = tmp_path / name
    path.write_text("an older one")
    path.chmod(0o644)
    assert command("export", what, path, "--workspace", "halden").status == 0
    assert mode(path) == 0o600
    assert path.read_bytes()[:5] != b"an ol"


def test_what_is_known_of_a_person_is_the_owners(command, ada, tmp_path):
    ada.identifies("ada-1", email="ada@halden.example")
    path = tmp_path / "ada.json"
    path.write_text("an older one " * 10_000)
    path.chmod(0o644)
    assert command("export", "person", "ada@halden.example", path, "--workspace", "halden").status == 0
    assert mode(path) == 0o600
    assert (path.read_text()[0], path.read_text()[-3:]) == ("{", "\n}\n")


def test_refused_rows_are_the_owners(command, workspace, tmp_path):
    path, refused = tmp_path / "in.csv", tmp_path / "in.csv.refused.csv"
    path.write_text("person,event,time\nada@halden.example,x,yesterday\n")
    refused.write_text("an older one")
    refused.chmod(0o644)
    assert command("import", "events", path, "--workspace", "halden").status == 0
    assert mode(refused) == 0o600
    assert "ada@halden.example" in refused.read_text()
