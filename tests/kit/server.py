"""The real server, started as a user would start it, for tests marked `serves`."""

import http.client
import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.kit.tables import put_tables

# Below the range from which the kernel gives ports to callers (32768 and up): no connection of somebody else's takes one
# between here and the server's start. Each test process walks a thousand of its own, two runs from different places.
_FIRST = 10_000 + 1000 * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 20)
_PORTS = (_FIRST + number % 1000 for number in itertools.count(os.getpid()))


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens; never the same one twice within a run."""
    return next(port for port in _PORTS if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


# Seconds. A machine may be many times slower than this one; only what never comes takes as long.
PATIENCE = 300


class Server:
    """`fullfunnel serve` on a directory and a port. What it prints goes to <directory>.log."""

    def __init__(self, directory: Path, *arguments: str, port: int | None = None, **environment: str) -> None:
        self.directory = directory
        self.port = port or free_port()
        self.log = directory.with_suffix(".log")
        self.arguments = arguments
        self.environment = os.environ | {"FULLFUNNEL_DATA_DIR": str(directory)} | environment
        self.environment.pop("FULLFUNNEL_SECRET_KEY", None)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> "Server":
        command = [sys.executable, "-m", "fullfunnel", "serve", "--port", str(self.port), *self.arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        if wait:
            self.wait()
        return self

    def wait(self, seconds: float = PATIENCE) -> None:
        """Until it answers. AssertionError with its log when it does not."""
        last = time.monotonic() + seconds
        while time.monotonic() < last and self.process is not None and self.process.poll() is None:
            if self.health() is not None:
                return
            time.sleep(0.05)
        raise AssertionError(f"the server does not answer:\n{self.log.read_text()}")

    def health(self) -> dict[str, Any] | None:
        try:
            status, body = self.request("GET", "/health")
        except (OSError, http.client.HTTPException):
            return None
        return json.loads(body) if status == 200 else None

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def command(self, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Another `fullfunnel …` on the same data directory."""
        return fullfunnel(*arguments, given=given, environment=self.environment)

    def create_workspace(self, name: str = "Halden") -> dict[str, Any]:
        """{"workspace", "write_key", "api_key"} of a new workspace."""
        put_tables(self.directory)
        done = self.command(
            "create-workspace", name, "--owner", "alice@halden.example", "--password-stdin", "--json",
            given="correct horse battery\n",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    def pids(self) -> dict[int, str]:
        """Every process below the supervisor: pid -> command line."""
        return descendants(self.process.pid) if self.process is not None else {}

    def stop(self) -> float:
        """Ends it as a user would; the seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(PATIENCE)
        return time.monotonic() - began

    def kill(self) -> None:
        """kill -9 of the whole tree at once."""
        assert self.process is not None
        doomed = [*self.pids(), self.process.pid]
        for pid in doomed:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue
        self.process.wait(PATIENCE)
        await_gone(doomed)


def fullfunnel(
    *arguments: str, given: str | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command as a user would, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "fullfunnel", *arguments],
        env=environment, input=given, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip


def descendants(pid: int) -> dict[int, str]:
    table = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in table.splitlines()]
    below: dict[int, str] = {}
    level = {pid}
    while level:
        found = {int(row[0]): row[2] for row in rows if int(row[1]) in level and int(row[0]) not in below}
        below |= found
        level = set(found)
    return below


def until(
    condition: Callable[[], bool],
    seconds: float = PATIENCE,
    why: Callable[[], str] = lambda: "it did not come true in time",
) -> None:
    """Comes back once it is true."""
    last = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < last, why()
        time.sleep(0.05)


def await_gone(pids: list[int]) -> None:
    """Until none of them lives."""
    until(lambda: not any(is_alive(pid) for pid in pids))


def is_alive(pid: int) -> bool:
    """True unless it is gone, or a zombie that only waits to be counted."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


@contextmanager
def running(directory: Path, *arguments: str, is_first: bool = False, **environment: str) -> Iterator[Server]:
    """A server for the length of a block; whatever happens, nothing of it is left. is_first: it makes the tables."""
    if not is_first:
        put_tables(directory)
    server = Server(directory, *arguments, port=None, **environment)
    try:
        yield server.start()
    finally:
        if server.process is not None and server.process.poll() is None:
            server.kill()
