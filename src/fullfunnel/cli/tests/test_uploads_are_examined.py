"""The doctor looks at what members uploaded."""

from io import BytesIO

from fullfunnel.cli.doctor.stream_examinations import uploads
from fullfunnel.core.files import path_of
from fullfunnel.workspaces.actions import set_logo

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def test_whole_files_are_well_and_a_changed_or_missing_one_is_found(workspace, data_dir):
    assert uploads(data_dir).is_well
    file = set_logo(workspace, content=BytesIO(PNG), name="logo.png", by=None)
    assert (uploads(data_dir).is_well, uploads(data_dir).found) == (True, "1 files, each whole")
    path_of(data_dir, file.digest).write_bytes(b"changed")
    found = uploads(data_dir)
    assert (found.is_well, found.found) == (False, f"1 of 1 are missing or changed: {file.digest}")
    path_of(data_dir, file.digest).unlink()
    assert not uploads(data_dir).is_well
