"""One backup a night by itself: seven are kept, they restore, and an erased person leaves them within seven nights."""

import io
import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fullfunnel.core import clock
from fullfunnel.core.directory import RESTORED, SIGN_IN_OF_DEMO
from fullfunnel.core.files import keep_file
from fullfunnel.core.lease import Lease
from fullfunnel.events import on_tick
from fullfunnel.events.backups.standing import standing
from fullfunnel.workspaces.models import Workspace
from tests.kit import needs

NOON = datetime(2026, 11, 2, 11, tzinfo=UTC)


@pytest.fixture
def halden(transactional_db, data_dir, workspace):
    """Halden's directory with the main database where it is in life, as far as SQLite can tell."""
    from django.db import connection

    (data_dir / "main.db").symlink_to(connection.settings_dict["NAME"])
    (data_dir / "secret_key").write_text("x")
    workspace.created_at = NOON
    workspace.save()
    return data_dir


def night(number):
    """Half past three in Berlin, `number` nights after the workspace was made."""
    return datetime(2026, 11, 2, 2, 30, tzinfo=UTC) + timedelta(days=number)


def tick(moment):
    with clock.frozen(moment):
        on_tick.back_up()


def kept(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def content(backup):
    return {str(path.relative_to(backup)) for path in backup.rglob("*") if path.is_file()}


def warning(data, moment):
    with clock.frozen(moment):
        return standing(data).warning


def test_the_first_night_makes_the_first_backup_and_each_night_one_more(halden, ada):
    ada.visits("/pricing", at=NOON)
    folder = halden / "backups"
    for moment in (NOON, NOON + timedelta(hours=14), night(1) - timedelta(minutes=31)):
        tick(moment)
        assert kept(folder) == []
    for moment in (night(1), night(1) + timedelta(minutes=1), night(1) + timedelta(hours=23)):
        tick(moment)
        assert kept(folder) == ["2026-11-03T023000Z"]
    tick(night(2))
    assert kept(folder) == ["2026-11-03T023000Z", "2026-11-04T023000Z"]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_after_a_night_without_the_program_it_is_made_at_the_start(halden):
    tick(night(3) + timedelta(hours=6, minutes=12))
    assert kept(halden / "backups") == ["2026-11-05T084200Z"]
    tick(night(4))
    assert kept(halden / "backups") == ["2026-11-05T084200Z", "2026-11-06T023000Z"]


def test_seven_are_kept(halden):
    for number in range(1, 11):
        tick(night(number))
    assert kept(halden / "backups") == [f"2026-11-{day:02}T023000Z" for day in range(6, 13)]


def test_a_backup_of_the_future_takes_no_newer_ones_place(halden):
    for number in range(1, 9):
        (halden / "backups" / f"2036-01-0{number}T023000Z").mkdir(parents=True)
    tick(night(1))
    assert kept(halden / "backups") == ["2026-11-03T023000Z", *(f"2036-01-0{n}T023000Z" for n in range(3, 9))]


def test_it_holds_what_cannot_be_made_again_and_files_that_never_change_are_only_linked(halden, ada):
    ada.visits("/pricing")
    (halden / "keys" / "live-00020000.000000000001.keys").write_bytes(b"")
    upload = keep_file(halden, io.BytesIO(b"what somebody gave us"))
    (halden / "files" / ".1.abc").write_text("on its way")
    (halden / "salt.20000").write_text("of a day")
    tick(night(1))
    [backup] = (halden / "backups").iterdir()
    lake = {str(path.relative_to(halden)) for path in (halden / "events").rglob("*.parquet")}
    assert len(lake) == 1
    keys = {"keys/live-00020000.000000000001.keys", "keys/web-since"}
    plain = {"backup.json", "format", "main.db", "journal.db", "secret_key"}
    linked = lake | keys | {f"files/{upload.digest[:2]}/{upload.digest}"}
    assert content(backup) == linked | plain
    assert all((backup / name).samefile(halden / name) for name in linked)
    assert json.loads((backup / "backup.json").read_text())["members"] == len(linked | plain)
    assert {(backup / name).stat().st_mode & 0o777 for name in plain} == {0o600}
    assert backup.stat().st_mode & 0o777 == 0o700


@pytest.fixture
def elsewhere(halden, settings):
    """A folder on another file system, named for the backups."""
    memory = Path("/dev/shm")  # noqa: S108 (the directory below it has a name that nobody guesses)
    if not memory.is_dir() or memory.stat().st_dev == halden.stat().st_dev:
        needs.absent("this machine has no second file system")
    with tempfile.TemporaryDirectory(dir=memory) as name:
        settings.BACKUPS = name
        yield Path(name)


def test_on_another_disk_files_are_copied_once_and_linked_from_night_to_night(halden, ada, elsewhere):
    ada.visits("/pricing")
    tick(night(1))
    ada.visits("/contact")
    tick(night(2))
    first, second = sorted(elsewhere.iterdir())
    [old, new] = sorted((halden / "events").rglob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    [before, after] = [str(path.relative_to(halden)) for path in (old, new)]
    assert (first / before).read_bytes() == old.read_bytes()
    assert (second / before).samefile(first / before)
    assert (second / after).read_bytes() == new.read_bytes()
    assert not (first / after).exists()
    assert (second / after).stat().st_mode & 0o777 == 0o600
    assert not (halden / "backups").exists()
    assert kept(halden / "tmp") == []


def test_a_backup_of_a_night_restores(halden, ada, tmp_path):
    from fullfunnel.cli.restore import restore

    ada.visits("/pricing")
    (halden / "keys" / "forever.000000000001.keys").write_bytes(b"12345678")
    keep_file(halden, io.BytesIO(b"what somebody gave us"))
    tick(night(1))
    [backup] = (halden / "backups").iterdir()
    about = restore(backup, tmp_path / "copy")
    assert (about.events, about.files, about.moment) == (1, 1, night(1))
    names = content(backup) - {"backup.json"} | {RESTORED}
    assert content(tmp_path / "copy") == names
    with closing(sqlite3.connect(tmp_path / "copy" / "main.db")) as copy:
        assert copy.execute("SELECT slug FROM workspaces_workspace").fetchall() == [("halden",)]
    # A copy on its own: what is done to it is not done to the backup.
    assert not any((tmp_path / "copy" / name).samefile(backup / name) for name in names - {RESTORED})


def test_an_erased_person_is_in_no_backup_after_seven_nights(halden, ada, ben):
    from fullfunnel.people.actions import forget_person

    ada.identifies("ada-1", email="ada@halden.example")
    ben.visits("/pricing")
    tick(night(1))
    with clock.frozen(night(1) + timedelta(hours=9)):
        forget_person(ada.person, by=None)
    for number in range(2, 8):
        tick(night(number))
    folder = halden / "backups"
    assert [name for name in kept(folder) if is_in(folder / name, b"ada@halden.example")] == ["2026-11-03T023000Z"]
    tick(night(8))
    assert len(kept(folder)) == 7
    assert [name for name in kept(folder) if is_in(folder / name, b"ada@halden.example")] == []
    linked = {path.stat().st_ino for path in folder.rglob("*.parquet")}
    assert linked == {path.stat().st_ino for path in (halden / "events").rglob("*.parquet")}


def is_in(backup, text):
    return any(text in path.read_bytes() for path in backup.rglob("*") if path.is_file())


@pytest.mark.parametrize("backups", ["backups", "off"])
def test_nor_after_seven_days_where_no_newer_ones_are_made(halden, ada, settings, backups):
    from fullfunnel.people.actions import forget_person

    ada.identifies("ada-1", email="ada@halden.example")
    tick(night(1))
    tick(night(2))
    erased = night(1) + timedelta(hours=9)
    with clock.frozen(erased):
        forget_person(ada.person, by=None)
    settings.BACKUPS = backups
    tick(night(2) + timedelta(minutes=1))
    (halden / "journal.db").write_bytes(b"no database" * 1_000)
    tick(erased + timedelta(days=7) - timedelta(seconds=1))
    assert kept(halden / "backups")[0] == "2026-11-03T023000Z"
    tick(erased + timedelta(days=7))
    assert "2026-11-03T023000Z" not in kept(halden / "backups")
    assert "2026-11-04T023000Z" in kept(halden / "backups")


def test_what_a_kill_left_is_removed_by_the_next_tick_for_it_may_hold_somebody_erased(halden):
    left = [halden / "backups" / ".2026-11-03T023000Z.partial", halden / "tmp" / "backup-abcdefgh"]
    for path in left:
        path.mkdir(parents=True)
        (path / "main.db").write_text("ada@halden.example")
    tick(NOON)
    assert [path for path in left if path.exists()] == []


def test_never_two_at_once(halden):
    with Lease(halden / "backup.lock"):
        tick(night(1))
        assert kept(halden / "backups") == []
    tick(night(1))
    assert len(kept(halden / "backups")) == 1


def test_too_little_room_stops_it_and_is_told_after_three_days(halden, monkeypatch):
    disk = shutil._ntuple_diskusage(1_000_000_000, 0, 99_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: disk)
    tick(night(1))
    assert kept(halden / "backups") == []
    assert warning(halden, NOON + timedelta(days=3) - timedelta(seconds=1)) == ""
    why = f"9 % of the disk of {halden}/backups is free, and a backup leaves 10 %"
    assert warning(halden, NOON + timedelta(days=3)) == f"There has been no backup for 3 days: {why}."
    monkeypatch.undo()
    # Tried again an hour after, not at each tick.
    tick(night(1) + timedelta(minutes=59))
    assert kept(halden / "backups") == []
    tick(night(1) + timedelta(hours=1))
    assert len(kept(halden / "backups")) == 1
    assert warning(halden, NOON + timedelta(days=3)) == ""


def test_room_is_looked_at_again_before_each_file_that_is_copied(halden, monkeypatch):
    size = (halden / "main.db").stat().st_size
    disk = shutil._ntuple_diskusage(1_000_000_000, 0, 100_000_000 + size - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: disk)
    tick(night(1))
    assert kept(halden / "backups") == []
    assert json.loads((halden / "last-backup.json").read_text())["problem"] == (
        f"10 % of the disk of {halden}/backups is free, {size / 1e6:,.0f} MB are needed, and a backup leaves 10 %"
    )


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (None, "the folder {folder} is not there"),
        ("file", "{folder} is not a folder"),
        ("restored", "this is a restored copy, and its original may still keep backups in {folder}: say `fullfunnel restore --confirm`"),
    ],
)  # fmt: skip
def test_a_named_folder_that_will_not_do_is_told(halden, tmp_path, settings, made, why):
    folder = tmp_path / "named"
    settings.BACKUPS = str(folder)
    if made == "file":
        folder.write_text("x")
    elif made == "restored":
        folder.mkdir()
        (halden / RESTORED).write_text("{}")
    tick(night(1))
    assert kept(halden / "backups") == []
    assert kept(folder) == []
    said = why.format(folder=folder)
    assert warning(halden, night(5)) == f"There has been no backup for 4 days: {said}."
    assert json.loads((halden / "last-backup.json").read_text())["problem"] == said


def test_a_restored_copy_keeps_its_own_in_its_own_directory(halden):
    (halden / RESTORED).write_text("{}")
    tick(night(1))
    assert len(kept(halden / "backups")) == 1


def test_a_fault_on_the_way_leaves_nothing_and_is_told(halden):
    (halden / "journal.db").write_bytes(b"no database" * 1_000)
    tick(night(1))
    assert kept(halden / "backups") == []
    assert (
        warning(halden, night(9)) == "There has been no backup for 8 days: a database could not be copied (file is not a database)."
    )  # fmt: skip


def test_without_any_reason_the_program_did_not_run(halden):
    tick(night(1))
    assert warning(halden, night(3)) == ""
    assert warning(halden, night(4)) == (
        "There has been no backup for 3 days: the program did not run at night; the next comes within minutes of its start."
    )


def test_one_made_by_hand_counts(halden, tmp_path):
    from fullfunnel.cli.backup import back_up

    with clock.frozen(night(4)):
        back_up(halden, tmp_path / "b.tar")
    assert warning(halden, night(4) + timedelta(days=2)) == ""
    assert warning(halden, night(8)).startswith("There has been no backup for 4 days: ")


def test_it_can_be_turned_off(halden, settings):
    settings.BACKUPS = "off"
    tick(night(1))
    assert kept(halden / "backups") == []
    with clock.frozen(night(9)):
        assert (standing(halden).found, standing(halden).warning) == ("turned off (FULLFUNNEL_BACKUPS=off)", "")


def test_the_demo_alone_keeps_none_and_a_workspace_beside_it_does(halden):
    (halden / SIGN_IN_OF_DEMO).write_text("{}")
    tick(night(1))
    assert kept(halden / "backups") == []
    with clock.frozen(night(9)):
        assert standing(halden).warning == ""
    Workspace.objects.create(name="Own", slug="own")
    tick(night(2))
    assert len(kept(halden / "backups")) == 1


def test_the_overview_warns_who_runs_the_workspace_and_nobody_else(halden, alice, bob, ada):
    with clock.frozen(NOON + timedelta(days=4)):
        said = alice.client.get("/w/halden/overview/").content.decode()
        assert "There has been no backup for 4 days: the program did not run at night" in said
        ada.visits("/pricing")
        said = alice.client.get("/w/halden/overview/").content.decode()
        assert "There has been no backup for 4 days: the program did not run at night" in said
        assert "no backup for" not in bob.client.get("/w/halden/overview/").content.decode()
        on_tick.back_up()
        assert "no backup for" not in alice.client.get("/w/halden/overview/").content.decode()
