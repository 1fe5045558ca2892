"""The salt of a day's cookieless visitors is destroyed at its end; a backup would keep it."""

import sqlite3
import tarfile
from contextlib import closing

from fullfunnel.capture.visitors import day_id
from fullfunnel.cli.backup import pack
from fullfunnel.events.backups.collecting import collect


def test_a_backup_holds_no_salt(tmp_path):
    assert len(day_id(tmp_path, 1, "203.0.113.7", "Firefox")) == 32
    assert len(list(tmp_path.glob("salt.*"))) == 1
    # The test's database is elsewhere; as in life it has a manifest.
    with closing(sqlite3.connect(tmp_path / "main.db")) as main, main:
        main.execute("CREATE TABLE events_lakefile (id, path, events, superseded_at)")
    (tmp_path / "copy").mkdir()
    collect(tmp_path, tmp_path / "copy")
    pack(tmp_path / "copy", tmp_path / "b.tar", compressed=False)
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert [name for name in tar.getnames() if "salt" in name] == []
        assert "main.db" in tar.getnames()
