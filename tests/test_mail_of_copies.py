"""A demo and a restored copy send nothing: a real server, a real queue, a real mail server that hears of nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fullfunnel.core.directory import RESTORED, SIGN_IN_OF_DEMO
from tests.kit.mail import Sink, smtp_sink
from tests.kit.server import Server, fullfunnel, running, until

pytestmark = pytest.mark.serves
SERVER = """INSERT INTO core_mailserver (host, port, security, username, sealed_password, sender_name, sender_address,
  links_to, changed_at) VALUES ('127.0.0.1', ?, 'none', '', '', 'Halden', 'office@halden.example', 'http://localhost', '2026-11-30')"""
MAIL = """INSERT INTO core_queuedmail (public_id, what, recipient, subject, text, message_key, state, answer, tries, queued_at, due_at,
  late_at, changed_at) VALUES (?, 'A lead', 'bob@halden.example', 'Ada', 'Ada waits', ?, 'waiting', '', 0, '2026-11-30 09:00:00',
  '2026-11-30 09:00:00', '2999-01-01 00:00:00', '2026-11-30 09:00:00')"""
DEMO = "This is a demo, which sends nothing to anybody."
COPY = "This is a restored copy, which sends nothing until somebody says: fullfunnel restore --confirm."
WAITED = "It waited when the backup was made; the original may have sent it."


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as sink:
        yield sink


@pytest.fixture
def original(tmp_path, sink):
    server = Server(tmp_path / "data")
    server.create_workspace()
    with closing(sqlite3.connect(server.directory / "main.db")) as main, main:
        main.execute(SERVER, [sink.port])
    queue(server.directory, "first")
    return server


def queue(directory: Path, key: str) -> None:
    with closing(sqlite3.connect(directory / "main.db")) as main, main:
        main.execute(MAIL, [key, key])


def outcomes(directory: Path) -> list[tuple[str, str, str, str]]:
    with closing(sqlite3.connect(directory / "main.db")) as main:
        rows = main.execute("SELECT message_key, state, answer, text FROM core_queuedmail ORDER BY id")
        return list(rows)


def test_the_original_sends_what_waits(original, sink):
    with running(original.directory):
        until(lambda: outcomes(original.directory)[0][1] == "sent")
    assert [recipients for recipients, _ in sink.mails] == [["bob@halden.example"]]


def test_a_demo_sends_nothing_and_says_so(original, sink):
    (original.directory / SIGN_IN_OF_DEMO).write_text("{}")
    with running(original.directory):
        until(lambda: outcomes(original.directory)[0][1] != "waiting")
    assert outcomes(original.directory) == [("first", "not_sent", DEMO, "")]
    assert sink.mails == []


def test_a_restored_copy_sends_nothing_also_of_what_waited_in_the_backup(original, sink, tmp_path):
    assert original.command("backup", str(tmp_path / "b.tar")).returncode == 0
    copy = tmp_path / "copy"
    assert fullfunnel("restore", str(tmp_path / "b.tar"), "--data-dir", str(copy)).returncode == 0
    assert (copy / RESTORED).exists()
    queue(copy, "second")
    with running(copy):
        until(lambda: outcomes(copy)[1][1] != "waiting")
    assert outcomes(copy) == [("first", "uncertain", WAITED, ""), ("second", "not_sent", COPY, "")]
    assert fullfunnel("restore", "--confirm", "--data-dir", str(copy)).returncode == 0
    queue(copy, "third")
    with running(copy):
        until(lambda: outcomes(copy)[2][1] == "sent")
    assert len(sink.mails) == 1
