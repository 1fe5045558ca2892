"""R4: a full disk is told in words, stops no reader, loses nothing that was acknowledged, and is over when there is room again."""

import base64
import http.client
import json
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import pytest

from fullfunnel.core.resource_errors import DISK, resource_error
from fullfunnel.events.store.lake import LakeStore
from tests.kit import needs
from tests.kit.server import Server
from tests.reliability.clients import stored, wait_until_drained

pytestmark = [pytest.mark.serves, pytest.mark.root, pytest.mark.deep]
FUNNEL = {"kind": "funnel", "steps": [{"event": "Button Pressed"}]}
# Of a million groups, 30 MB and more go to disk where a question may have 40 MB of memory.
LARGE = (
    "SELECT count(*) AS n FROM (SELECT DISTINCT md5(CAST(i AS VARCHAR)) FROM range(1000000) AS numbers(i)) AS groups"
)
SIGN_IN = {"email": "alice@halden.example", "password": "correct horse battery"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 MiB."""
    path = tmp_path / "disk"
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "none", str(path)], capture_output=True, text=True
    )
    if mounted.returncode:
        needs.absent(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield path
    subprocess.run(["umount", "-l", str(path)], check=True)


@pytest.fixture
def server(disk: Path, tmp_path: Path) -> Iterator[Server]:
    server = Server(disk / "data")
    server.log = tmp_path / "server.log"
    yield server
    if server.process is not None and server.process.poll() is None:
        server.kill()


def fill(disk: Path) -> None:
    with (disk / "filling").open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)


def answer(server: Server, path: str, body: str, **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=150)) as connection:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()


def send(server: Server, key: str, first: int) -> tuple[int, str | None]:
    """The status and Retry-After for a hundred events, numbered from `first`."""
    sender = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    items = [
        {"type": "track", "event": "Button Pressed", "messageId": f"m{first + n}", "userId": f"u{n}"}
        for n in range(100)
    ]
    status, headers, _ = answer(
        server, "/v1/batch", json.dumps({"batch": items}), Authorization=sender, **{"Content-Type": "application/json"}
    )
    return status, headers["Retry-After"]


def sign_in(server: Server) -> tuple[int, http.client.HTTPMessage, str]:
    token = "t" * 32
    return answer(
        server, "/sign-in/", urlencode(SIGN_IN | {"csrfmiddlewaretoken": token}), Cookie=f"csrftoken={token}",
        **{"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip


def ask(server: Server, key: str) -> int:
    """How many people sent an event."""
    _, _, told = answer(
        server, "/api/v1/ask", json.dumps(FUNNEL), Authorization=f"Bearer {key}", **{"Content-Type": "application/json"}
    )
    return int(json.loads(told)["steps"][0]["count"])


def test_a_full_disk_is_told_and_passes(server, disk):
    made = server.create_workspace()
    server.start()
    assert send(server, made["write_key"], 0) == (200, None)
    wait_until_drained(server.directory)
    assert ask(server, made["api_key"]) == 100
    fill(disk)
    assert send(server, made["write_key"], 100) == (503, "5")
    status, headers, page = sign_in(server)
    assert (status, headers["Retry-After"], "disk is full" in page) == (503, "60", True)
    assert ask(server, made["api_key"]) == 100
    refused = server.command(
        "create-workspace", "Elsewhere", "--owner", "bob@halden.example", "--password-stdin", given="correct horse\n"
    )
    assert (refused.returncode, refused.stderr) == (
        1, f"fullfunnel: {DISK}\n"
    )  # fmt: skip
    (disk / "filling").unlink()
    assert sign_in(server)[0] == 302
    assert send(server, made["write_key"], 100) == (200, None)
    wait_until_drained(server.directory)
    held = stored(server.directory)
    assert (len(held), set(held.values())) == (200, {1})


def test_a_question_too_large_for_memory_is_told_of_a_full_disk_and_answered_when_there_is_room(db, disk):
    store = LakeStore(disk / "data", memory="40MB", threads=2)
    (disk / "data" / "tmp").mkdir(parents=True)
    fill(disk)
    with pytest.raises(duckdb.IOException) as told:
        store.engine.cursor().execute(LARGE)
    assert resource_error(told.value) == DISK
    (disk / "filling").unlink()
    assert store.engine.cursor().execute(LARGE).fetchall() == [(1_000_000,)]
