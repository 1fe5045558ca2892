"""`fullfunnel serve`: it starts, outlives its children, and ends, whatever happens to it."""

import json
import os
import signal
import socket
import time

import pytest

from fullfunnel.core.directory import FORMAT
from tests.kit.server import Server, await_gone, free_port, fullfunnel, running, until

pytestmark = pytest.mark.serves
WELL = {"status": "ok", "worker": "alive", "stream": "alive", "upkeep": "alive"}


def test_it_answers_where_it_says_and_its_worker_lives(tmp_path):
    with running(tmp_path / "data", is_first=True) as server:
        until(lambda: server.health() == WELL)
        until(lambda: f"fullfunnel answers at http://127.0.0.1:{server.port}\n" in server.log.read_text())
        assert (tmp_path / "data" / "format").read_text() == f"{FORMAT}\n"


def test_sigterm_ends_all_of_it_in_good_time_with_status_0(tmp_path):
    with running(tmp_path / "data") as server:
        pids = list(server.pids())
        assert len(pids) >= 3
        assert server.stop() < 10
        assert server.process is not None
        assert server.process.returncode == 0
        await_gone(pids)


def test_a_request_that_hangs_does_not_keep_it_from_ending(tmp_path):
    with running(tmp_path / "data") as server, socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nemail=")
        time.sleep(0.3)
        pids = list(server.pids())
        assert server.stop() < 10
        await_gone(pids)


def test_a_child_that_crashes_is_started_again(tmp_path):
    with running(tmp_path / "data") as server:
        for part in ("config.worker", "config.web"):
            [first, *_] = [pid for pid, command in server.pids().items() if part in command]
            before = {pid for pid, command in server.pids().items() if part in command}
            os.kill(first, signal.SIGKILL)
            until(lambda: len({p for p, c in server.pids().items() if part in c} - before) >= 1)  # noqa: B023
        until(lambda: server.health() == WELL)
        assert "was ended by signal 9" in server.log.read_text()


def test_what_the_worker_started_leaves_no_zombie(tmp_path):
    with running(tmp_path / "data", FULLFUNNEL_WARM="1") as server:

        def warming() -> list[int]:
            return [pid for pid, command in server.pids().items() if command.endswith("config.worker start")]

        until(lambda: len(warming()) == 1)
        [pid] = warming()
        os.kill(pid, signal.SIGKILL)
        until(lambda: pid not in server.pids())


def test_nothing_is_left_when_the_supervisor_itself_is_killed(tmp_path):
    with running(tmp_path / "data") as server:
        pids = list(server.pids())
        assert server.process is not None
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        await_gone(pids)
        # And the directory and the port are free at once.
        server.start()
        assert server.health() is not None


def test_two_servers_on_one_directory_are_refused(tmp_path):
    with running(tmp_path / "data") as server:
        second = server.command("serve", "--port", "1")
        assert (second.returncode, second.stdout) == (1, "")
        assert "another `fullfunnel serve` runs on" in second.stderr


def test_a_busy_port_is_said_in_a_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = fullfunnel("serve", "--port", str(port), "--data-dir", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr == f"fullfunnel: port {port} on 127.0.0.1 is in use: choose another with --port\n"


def test_a_directory_of_a_newer_program_is_left_alone(tmp_path):
    (tmp_path / "format").write_text(f"{FORMAT + 1}\n")
    done = fullfunnel("serve", "--port", "1", "--data-dir", str(tmp_path))
    assert done.returncode == 1
    assert "was written by a newer fullfunnel" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["format"]


def test_capture_can_have_a_port_of_its_own(tmp_path):
    server = Server(tmp_path / "data")
    capture_port = free_port()
    server.arguments = ("--capture-port", str(capture_port))
    try:
        server.start()
        capture = Server(tmp_path / "data", port=capture_port)
        until(lambda: _status(capture, "/v1/track") == 401)
        assert _status(capture, "/first-visit/") == 404
        # Nobody is here yet: a page asks for the code of the first visit.
        assert _status(server, "/first-visit/") == 200
    finally:
        server.kill()


def _status(server: Server, path: str) -> int:
    try:
        return server.request("POST" if path.startswith("/v1") else "GET", path, b"{}")[0]
    except OSError:
        return 0


def test_the_log_holds_no_personal_data_of_a_refused_request(tmp_path):
    with running(tmp_path / "data", FULLFUNNEL_LOG="DEBUG") as server:
        server.request("POST", "/v1/track", b'{"userId": "canary-4711@halden.example", "event": "x"}')
        server.request("GET", "/people/?q=canary-4711@halden.example")
        server.request("POST", "/sign-in/", b"username=canary-4711@halden.example&password=canary-4711")
    assert "canary-4711" not in server.log.read_text()


def test_a_file_is_imported_by_the_worker_of_the_running_server(tmp_path):
    with running(tmp_path / "data") as server:
        server.create_workspace()
        (tmp_path / "e.csv").write_text("person,event,time\n" + "".join(f"p{n},x,2025-01-01\n" for n in range(2_500)))
        done = server.command("import", "events", str(tmp_path / "e.csv"), "--workspace", "halden", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {
            "rows": 2_500, "written": 2_500, "refused": 0, "new": 2_500, "known": 0, "is_drained": True,
        }  # fmt: skip


def test_an_empty_installation_prints_one_code_which_a_second_start_does_not_end(tmp_path):
    with running(tmp_path / "data") as server:
        until(lambda: "type the one-time code" in server.log.read_text())
        kept = (tmp_path / "data" / "first-visit").read_text()
        second = server.command("serve", "--port", str(server.port))
        assert (second.returncode, second.stdout) == (1, "")
        assert (tmp_path / "data" / "first-visit").read_text() == kept
