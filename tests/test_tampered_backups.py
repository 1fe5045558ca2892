"""A backup may come from anybody: whatever is wrong with one is a sentence, and nothing is written outside or left behind."""

import gzip
import hashlib
import io
import json
import os
import random
import shutil
import sqlite3
import tarfile
from contextlib import closing

import pytest

from fullfunnel.cli import archives, main
from fullfunnel.cli.archives import HEADERS, LEFT_FREE
from fullfunnel.core.directory import FORMAT, RESTORED

ABOUT = {
    "made_at": "2026-11-30T02:00:00+00:00",
    "version": "0",
    "format": FORMAT,
    "events": 3,
    "files": 1,
    "members": 7,
}
LAKE_FILE = "events/2026-11/1.parquet"


def made(folder, **about):
    """The files of a small backup: name -> content, in their order."""
    database = folder / "made.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE events_lakefile (path TEXT, bytes INTEGER)")
        connection.execute("INSERT INTO events_lakefile VALUES (?, 5)", [LAKE_FILE])
    content = database.read_bytes()
    database.unlink()
    return {
        "backup.json": json.dumps(ABOUT | about).encode(),
        LAKE_FILE: b"12345",
        "format": f"{FORMAT}\n".encode(),
        "keys/1.keys": b"",
        "keys/web-since": b"20000",
        "main.db": content,
        "secret_key": b"x",
    }


def header(name, size=0, **further):
    found = tarfile.TarInfo(name)
    found.size = size
    for key, value in further.items():
        setattr(found, key, value)
    return found


def packed(path, files, *, mode="w", between=(), after=()):
    """Write the files; `between` the first and the others, and `after` them, headers with their content."""
    with tarfile.open(path, mode) as tar:
        for place, (name, content) in enumerate(files.items()):
            tar.addfile(header(name, len(content)), io.BytesIO(content))
            for info, content_between in between if place == 0 else ():
                tar.addfile(info, io.BytesIO(content_between))
        for info, content in after:
            tar.addfile(info, io.BytesIO(content))
    return path


@pytest.fixture
def restored(tmp_path, capsys, monkeypatch):
    """`restored(path)`: what `fullfunnel restore` said when it refused; nothing else is there afterwards."""
    monkeypatch.setenv("FULLFUNNEL_DATA_DIR", "set by main")
    (tmp_path / "in").mkdir()

    def run(path):
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(SystemExit) as ended:
            main(["restore", str(path), "--data-dir", str(tmp_path / "in" / "data")])
        said = capsys.readouterr().err
        if ended.value.code == 0:
            return None
        assert ended.value.code == 1
        assert said.startswith(f"fullfunnel: {path} was not restored: ")
        assert (said.count("\n"), "Traceback" in said) == (1, False)
        assert sorted(tmp_path.rglob("*")) == before
        return said.removeprefix(f"fullfunnel: {path} was not restored: ").rstrip("\n")

    return run


@pytest.fixture
def bad(tmp_path):
    return tmp_path / "bad.tar"


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_whole_one_is_restored_with_the_day_of_the_separate_keys(tmp_path, restored, bad, mode):
    files = made(tmp_path)
    assert restored(packed(bad, files, mode=mode)) is None
    data = tmp_path / "in" / "data"
    found = {str(path.relative_to(data)): path for path in data.rglob("*") if path.is_file()}
    assert found.keys() == files.keys() - {"backup.json"} | {RESTORED}
    assert {name: path.read_bytes() for name, path in found.items() if name != RESTORED} == {
        name: content for name, content in files.items() if name != "backup.json"
    }
    assert {path.stat().st_mode & 0o777 for name, path in found.items() if name != RESTORED and name != "format"} == {
        0o600
    }
    assert data.stat().st_mode & 0o777 == 0o700


NOT_OURS = "which no backup of fullfunnel has"


@pytest.mark.parametrize(
    "name",
    [
        "../outside", "events/../../outside", "/etc/outside", "events/2026-11/../../outside", "keys/../outside.keys",
        "./main.db", "main.db-wal", "events/a/b/c", "events/x", "keys/.hidden.keys", "keys/a b.keys", "events/é/1.parquet",
        "restored", "events/2026-11/\x1b[2J", "x" * 5_000, "events\\..\\outside", "",
    ],
)  # fmt: skip
def test_a_name_that_no_backup_has_is_refused(tmp_path, restored, bad, name):
    said = restored(packed(bad, made(tmp_path), after=[(header(name, 1), b"x")]))
    assert said == f"it holds {name[:80]!r}, {NOT_OURS}"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.SYMTYPE, "a link"), (tarfile.LNKTYPE, "a link"), (tarfile.DIRTYPE, "a directory"),
        (tarfile.CHRTYPE, "a device or a pipe"), (tarfile.BLKTYPE, "a device or a pipe"),
        (tarfile.FIFOTYPE, "a device or a pipe"),(tarfile.GNUTYPE_SPARSE, "something else"),
    ],
)  # fmt: skip
def test_what_is_no_plain_file_is_refused(tmp_path, restored, bad, kind, words):
    info = header("events/2026-11/2.parquet", type=kind, linkname="/etc/passwd")
    said = restored(packed(bad, made(tmp_path), between=[(info, b"")]))
    assert said == f"'events/2026-11/2.parquet' in it is {words}, and no plain file"


def test_a_name_that_stands_twice_is_refused(tmp_path, restored, bad):
    said = restored(packed(bad, made(tmp_path), after=[(header("main.db", 1), b"x")]))
    assert said == "it holds 'main.db' twice"


def test_more_files_than_a_backup_has_are_refused(tmp_path, restored, bad, monkeypatch):
    monkeypatch.setattr(archives, "MOST_FILES", 50)
    many = [(header(f"keys/{number}.keys"), b"") for number in range(2, 100)]
    said = restored(packed(bad, made(tmp_path), after=many))
    assert said == "it holds more than 50 files, as no backup of fullfunnel does"


@pytest.mark.parametrize(
    ("name", "size"), [("format", 65), ("secret_key", 5_000), ("keys/web-since", 65), ("main.db", 2**62)]
)
def test_a_size_is_looked_at_before_a_byte_is_written(tmp_path, restored, bad, name, size):
    files = made(tmp_path)
    with bad.open("wb") as file:
        for each, content in {"backup.json": files["backup.json"]}.items():
            file.write(header(each, len(content)).tobuf() + content.ljust(512, b"\0"))
        file.write(header(name, size).tobuf(format=tarfile.GNU_FORMAT))
    said = restored(bad)
    if name == "main.db":
        assert said == f"main.db in it needs {size / 1e6:,.0f} MB, and the disk has not so much free: make room, or restore to another disk"  # fmt: skip
    else:
        assert said == f"{name} in it has {size:,} bytes, {NOT_OURS}"


def test_the_sizes_together_must_fit(tmp_path, restored, bad, monkeypatch):
    usage = shutil._ntuple_diskusage(10**9, 0, LEFT_FREE + 2_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    large = [(header(f"keys/{number}.keys", 900), b"x" * 900) for number in range(5)]
    said = restored(packed(bad, made(tmp_path), between=large))
    assert (
        said == "keys/2.keys in it needs 0 MB, and the disk has not so much free: make room, or restore to another disk"
    )


def test_what_unpacks_to_far_more_than_it_is_is_refused(tmp_path, restored, monkeypatch):
    monkeypatch.setattr(archives, "SURELY", 2_000_000)
    bomb = tmp_path / "bomb.tar.gz"
    packed(bomb, made(tmp_path), mode="w:gz", between=[(header("keys/0.keys", 30_000_000), b"\0" * 30_000_000)])
    assert bomb.stat().st_size < 60_000
    assert restored(bomb) == (
        "it unpacks to more than 200 times its size, as no backup of fullfunnel does; "
        "where you know that it is one, unpack it with gunzip and restore that"
    )


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
@pytest.mark.parametrize("size", [2 * HEADERS, 2**40, -512])
def test_a_header_fills_no_memory(tmp_path, restored, kind, size):
    path = tmp_path / "header.tar.gz"
    content = made(tmp_path)["backup.json"]
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(header("backup.json", len(content)).tobuf() + content.ljust(512, b"\0"))
        file.write(header("long", size, type=kind).tobuf(format=tarfile.GNU_FORMAT))
        file.write(b"\0" * min(max(size, 0), 4 * HEADERS))
    assert restored(path) == "it has a header larger than any of ours: this is no backup of fullfunnel"


def test_a_thousand_headers_in_a_row_are_refused(tmp_path, restored, bad):
    content = made(tmp_path)["backup.json"]
    with bad.open("wb") as file:
        file.write(header("backup.json", len(content)).tobuf() + content.ljust(512, b"\0"))
        file.write((header("long", 1, type=tarfile.GNUTYPE_LONGNAME).tobuf() + b"x".ljust(512, b"\0")) * 1_000)
    assert restored(bad) == "it has a header that cannot be read: this is no backup of fullfunnel"


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 0.9, 0.999])
def test_what_was_cut_off_is_refused(tmp_path, restored, bad, mode, share):
    packed(bad, made(tmp_path), mode=mode)
    whole = bad.read_bytes().rstrip(b"\0")
    bad.write_bytes(whole[: int(len(whole) * share)])
    assert restored(bad)


def test_what_was_cut_off_between_two_files_is_noticed(tmp_path, restored, bad):
    files = made(tmp_path)
    del files["keys/web-since"]
    assert restored(packed(bad, files)) == "it should hold 7 files and holds 6: it was cut off, or changed"


def test_what_an_older_program_did_not_count_is_restored(tmp_path, restored, bad):
    files = made(tmp_path)
    files["backup.json"] = json.dumps({key: value for key, value in ABOUT.items() if key != "members"}).encode()
    assert restored(packed(bad, files)) is None


@pytest.mark.parametrize("form", ["text", "zip", "bz2", "xz", "zeros", "empty", "tar of something else"])
def test_another_format_is_refused(tmp_path, restored, bad, form):
    if form in ("bz2", "xz"):
        packed(bad, made(tmp_path), mode=f"w:{form}")
    elif form == "zip":
        shutil.make_archive(str(tmp_path / "z"), "zip", tmp_path, "in")
        (tmp_path / "z.zip").rename(bad)
    elif form == "tar of something else":
        packed(bad, {"format": b"1\n"})
    else:
        bad.write_bytes({"text": b"hello " * 500, "zeros": b"\0" * 10_240, "empty": b""}[form])
    assert restored(bad)


@pytest.mark.parametrize(
    "about",
    [
        b"", b"[]", b"null", b"{", b"[" * 60_000, b'{"format": 1}', b"\xff\xfe", b"9" * 60_000,
        *(
            json.dumps(ABOUT | changed).encode()
            for changed in (
                {"format": "1"}, {"format": True}, {"format": -1}, {"format": 1e3}, {"files": None}, {"events": 2**70},
                {"made_at": 5}, {"made_at": "yesterday"}, {"made_at": "2026-11-30"}, {"version": "\x1b[2J"}, {"members": []},
            )
        ),
    ],
)  # fmt: skip
def test_what_it_says_of_itself_must_be_as_we_say_it(tmp_path, restored, bad, about):
    assert restored(packed(bad, made(tmp_path) | {"backup.json": about})) == (
        "backup.json in it is not what fullfunnel writes there: it was changed, or is no backup of fullfunnel"
    )


def changed_database(tmp_path, *statements):
    path = tmp_path / "changed.db"
    path.write_bytes(made(tmp_path)["main.db"])
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    content = path.read_bytes()
    path.unlink()
    return content


FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'x' AS path, i AS bytes FROM n"


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["DROP TABLE events_lakefile"], "the main database in it has no list of files: this is no backup of fullfunnel"),
        (
            ["DROP TABLE events_lakefile", f"CREATE VIEW events_lakefile AS {FOREVER}"],
            "the main database in it has no list of files: this is no backup of fullfunnel",
        ),
        (["UPDATE events_lakefile SET path = x'4142'"], "its manifest names \"b'AB'\", which is no file of the lake"),
        (["UPDATE events_lakefile SET path = 7"], "its manifest names '7', which is no file of the lake"),
        (["UPDATE events_lakefile SET path = 'secret_key'"], "its manifest names 'secret_key', which is no file of the lake"),
        (["UPDATE events_lakefile SET bytes = 'x'"], f"{LAKE_FILE} in it is missing or cut off"),
        (["UPDATE events_lakefile SET bytes = 6"], f"{LAKE_FILE} in it is missing or cut off"),
        (["DELETE FROM events_lakefile"], "it should hold 1 files of events and holds 0"),
        (["UPDATE events_lakefile SET path = CAST(x'ff' AS TEXT)"], None),
        (["PRAGMA writable_schema=ON", "UPDATE sqlite_master SET sql = 'x'"], None),
    ],
)  # fmt: skip
def test_a_database_that_was_changed_is_refused(tmp_path, restored, bad, statements, said):
    files = made(tmp_path) | {"main.db": changed_database(tmp_path, *statements)}
    assert (restored(packed(bad, files)) or "") == said if said else restored(bad)


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5_000])
def test_what_is_no_database_is_refused(tmp_path, restored, bad, content):
    assert restored(packed(bad, made(tmp_path) | {"main.db": content}))


def test_an_upload_must_be_what_its_name_says(tmp_path, restored, bad):
    content = b"a picture"
    digest = hashlib.sha256(content).hexdigest()
    name = f"files/{digest[:2]}/{digest}"
    files = made(tmp_path, members=8) | {name: content}
    assert restored(packed(bad, files | {name: b"another  "})) == f"{name} in it was changed"
    assert restored(packed(bad, files)) is None
    assert (tmp_path / "in" / "data" / name).read_bytes() == content


def test_a_directory_is_looked_at_as_a_file_is(tmp_path, restored):
    night = tmp_path / "night"
    for name, content in made(tmp_path).items():
        (night / name).parent.mkdir(parents=True, exist_ok=True)
        (night / name).write_bytes(content)
    (night / "secret_key").unlink()
    (night / "secret_key").symlink_to("/etc/passwd")
    assert restored(night) == "'secret_key' in it is no plain file"
    (night / "secret_key").unlink()
    os.mkfifo(night / "secret_key")
    assert restored(night) == "'secret_key' in it is no plain file"
    (night / "secret_key").unlink()
    assert restored(night) == "it should hold 7 files and holds 6: it was cut off, or changed"
    (night / "other").write_text("x")
    assert restored(night) == f"it holds 'other', {NOT_OURS}"
    (night / "other").unlink()
    (night / "backup.json").unlink()
    assert restored(night) == "it does not begin with backup.json: this is no backup of fullfunnel"
    (night / "backup.json").write_text(json.dumps(ABOUT))
    (night / "secret_key").write_text("x")
    assert restored(night) is None


def test_what_is_neither_file_nor_directory_is_not_waited_for(tmp_path, restored):
    os.mkfifo(tmp_path / "pipe")
    assert restored(tmp_path / "pipe") == "it is neither a file nor a directory"
    assert restored("/dev/zero") == "it is neither a file nor a directory"
    assert restored(tmp_path / "nowhere") == "no such file or directory"


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_no_changed_byte_ends_in_a_traceback(tmp_path, restored, bad, mode):
    whole = packed(bad, made(tmp_path), mode=mode).read_bytes()
    chance = random.Random(7)
    refused = 0
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.choice([1, 1, 3, 20])):
            # Mostly in headers, which are few among the bytes.
            at = (
                chance.randrange(len(content))
                if mode == "w:gz"
                else chance.randrange(0, len(content), 512) + chance.randrange(160)
            )
            content[min(at, len(content) - 1)] = chance.randrange(256)
        bad.write_bytes(content)
        if restored(bad) is None:
            shutil.rmtree(tmp_path / "in" / "data")
        else:
            refused += 1
    assert refused > 30
