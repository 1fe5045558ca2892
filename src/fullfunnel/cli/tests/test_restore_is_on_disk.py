"""What `fullfunnel restore` said it restored is there after a power cut."""

import json
import sqlite3
import tarfile
from contextlib import closing

from fullfunnel.cli.restore import restore
from tests.kit.writes import recorded_writes


def test_every_file_and_directory_is_on_disk_before_the_directory_has_its_name(tmp_path, monkeypatch):
    made = tmp_path / "made"
    (made / "keys").mkdir(parents=True)
    about = {"format": 1, "files": 0, "events": 0, "version": "0", "made_at": "2026-11-30T12:00:00+00:00"}
    (made / "backup.json").write_text(json.dumps(about))
    (made / "keys" / "1.keys").write_bytes(b"")
    (made / "secret_key").write_text("x")
    with closing(sqlite3.connect(made / "main.db")) as database:
        database.execute("CREATE TABLE events_lakefile (path TEXT, bytes INTEGER)")
    with tarfile.open(tmp_path / "backup.tar", "w") as tar:
        for name in ("backup.json", "main.db", "secret_key", "keys/1.keys"):
            tar.add(made / name, arcname=name)

    done = recorded_writes(monkeypatch)
    restore(tmp_path / "backup.tar", tmp_path / "data")
    synced, last = done[: done.index("rename data")], done[done.index("rename data") + 1 :]
    # main.db, secret_key, 1.keys, `format` and `restored`; the folder of keys, and the directory.
    assert (synced.count("sync file"), synced.count("sync directory"), last) == (5, 2, ["sync directory"])
