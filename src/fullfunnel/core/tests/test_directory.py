import pytest

from fullfunnel.core.directory import FORMAT, may_send, open_directory, reason_not_to_open


def test_a_new_directory_is_marked_with_the_format_and_is_for_its_owner_only(tmp_path):
    path = tmp_path / "a" / "data"
    assert open_directory(path) is None
    assert (path / "format").read_text() == f"{FORMAT}\n"
    assert path.stat().st_mode & 0o777 == 0o700
    assert open_directory(path) is None


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (f"{FORMAT + 1}\n", "was written by a newer fullfunnel (format 2; this program knows up to 1)"),
        ("x" * 90, "holds 'xxxx"),
    ],
)
def test_a_directory_that_this_program_cannot_read_is_refused_and_left_alone(content, part, tmp_path):
    (tmp_path / "format").write_text(content)
    assert part in str(open_directory(tmp_path))
    assert (tmp_path / "format").read_text() == content


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
