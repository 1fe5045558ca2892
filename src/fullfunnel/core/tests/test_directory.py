import pytest
from django.db.migrations.loader import MigrationLoader

from fullfunnel.core.directory import FORMAT, MIGRATIONS, mark_format, may_send, open_directory, reason_not_to_open
from tests.kit.writes import recorded_writes


def test_a_new_directory_is_marked_with_the_format_and_is_for_its_owner_only(tmp_path):
    path = tmp_path / "a" / "data"
    assert open_directory(path) is None
    assert (path / "format").read_text() == f"{FORMAT}\n"
    assert path.stat().st_mode & 0o777 == 0o700
    assert open_directory(path) is None


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (
            f"{FORMAT + 1}\n",
            f"was written by a newer fullfunnel (format {FORMAT + 1}; this program knows up to {FORMAT})",
        ),
        ("x" * 90, "holds 'xxxx"),
    ],
)
def test_a_directory_that_this_program_cannot_read_is_refused_and_left_alone(content, part, tmp_path):
    (tmp_path / "format").write_text(content)
    assert part in str(open_directory(tmp_path))
    assert (tmp_path / "format").read_text() == content


def test_each_migration_raises_the_format():
    found = len(MigrationLoader(None).disk_migrations)
    assert found == MIGRATIONS, (
        f"write {found} in core/directory.py, so that an older program refuses what this one wrote"
    )


def test_an_older_directory_keeps_its_format_until_it_is_upgraded(tmp_path):
    (tmp_path / "format").write_text("1\n")
    (tmp_path / "main.db").write_bytes(b"")
    assert open_directory(tmp_path) is None
    assert (tmp_path / "format").read_text() == "1\n"
    mark_format(tmp_path)
    assert (tmp_path / "format").read_text() == f"{FORMAT}\n"


def test_a_format_that_a_power_cut_emptied_is_written_again(tmp_path):
    (tmp_path / "format").write_text("")
    (tmp_path / "main.db").write_bytes(b"")
    assert open_directory(tmp_path) is None
    mark_format(tmp_path)
    assert (tmp_path / "format").read_text() == f"{FORMAT}\n"


def test_a_new_directory_and_its_format_are_on_disk_when_they_are_said_to_be(tmp_path, monkeypatch):
    done = recorded_writes(monkeypatch)
    assert open_directory(tmp_path / "data") is None
    assert done == ["sync directory", "sync file", "replace format", "sync directory"]


def test_a_file_is_no_directory(tmp_path):
    (tmp_path / "file").write_text("")
    assert reason_not_to_open(tmp_path / "file") == f"{tmp_path}/file is not a directory"


def test_a_directory_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    assert open_directory(tmp_path / "file" / "data") == f"{tmp_path}/file/data cannot be written: Not a directory"


def test_a_restored_copy_may_not_send(tmp_path):
    assert may_send(tmp_path)
    (tmp_path / "restored").write_text("{}")
    assert not may_send(tmp_path)
