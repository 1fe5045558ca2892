"""Lanes of ticks: each runs by itself, and what hangs or dies in one holds up no other."""

import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fullfunnel.core.worker import LATE_AFTER
from tests.kit.deep import mostly_deep
from tests.kit.server import Server, await_gone, running, until
from tests.kit.ticks import with_ticks

pytestmark = pytest.mark.serves
FURTHER = ("acting", "sending", "pulling")
WELL = {"status": "ok", "worker": "alive", "stream": "alive", "upkeep": "alive"}
BEFORE_LANES = Path(__file__).parent / "fixtures" / "before_named_reactions.tar.gz"
ALL_WELL = WELL | dict.fromkeys(FURTHER, "alive")


def processes(server: Server) -> dict[str, int]:
    """Return process that runs lanes -> pid."""
    ours = {
        pid: command.split("config.worker ")[1] for pid, command in server.pids().items() if "config.worker" in command
    }
    return {name: pid for pid, name in ours.items()}


def said_by_doctor(server: Server) -> str:
    done = server.command("doctor", "--json", "--port", str(server.port))
    [found] = [finding["found"] for finding in json.loads(done.stdout) if finding["name"] == "server"]
    return str(found)


def goes_on(server: Server) -> bool:
    """Import two rows, which the stream of the running server drains."""
    rows = server.directory.parent / "rows.csv"
    rows.write_text(f"person,event,time\na,x,2025-01-01\nb,{time.monotonic_ns()},2025-01-01\n")
    done = server.command("import", "events", str(rows), "--workspace", "halden", "--json")
    return done.returncode == 0 and json.loads(done.stdout)["is_drained"] is True


def seem_silent(server: Server, lane: str, seconds: float) -> None:
    for name in ("serve.lock", f"{lane}.alive"):
        os.utime(server.directory / name, (time.time() - seconds,) * 2)


def test_five_lanes_run_in_three_processes_are_told_by_name_and_end_with_the_supervisor(tmp_path):
    ticks = dict.fromkeys(FURTHER, "nothing")
    with running(tmp_path / "data", **with_ticks(**ticks)) as server:
        until(lambda: server.health() == ALL_WELL)
        assert processes(server).keys() == {"worker", "acting", "sending"}
        assert (
            said_by_doctor(server) == "it runs, and so do its lanes of ticks: stream, upkeep, acting, sending, pulling"
        )
        pids = list(server.pids())
        assert server.process is not None
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        await_gone(pids)


def test_lanes_without_ticks_start_nothing(tmp_path):
    with running(tmp_path / "data") as server:
        until(lambda: server.health() == WELL)
        assert processes(server).keys() == {"worker"}
        assert {path.stem for path in server.directory.glob("*.alive")} == {"worker", "upkeep"}


@pytest.mark.parametrize("lane", mostly_deep(["acting", "pulling"]))
def test_a_lane_that_hangs_is_told_and_the_others_go_on(lane, tmp_path):
    ticks = dict.fromkeys(FURTHER, "nothing") | {lane: "hang"}
    with running(tmp_path / "data", **with_ticks(**ticks)) as server:
        server.create_workspace()
        until(lambda: server.health() == ALL_WELL)
        seem_silent(server, lane, LATE_AFTER[lane] + 10)
        assert server.health() == ALL_WELL | {lane: "late"}
        assert said_by_doctor(server).startswith(
            f"the server runs, but lanes of ticks gave no sign of life: {lane} for "
        )
        assert goes_on(server)
        assert server.health() == ALL_WELL | {lane: "late"}
        assert server.stop() < 10


def test_a_tick_that_kills_its_process_ends_no_other_lane(tmp_path):
    with running(tmp_path / "data", **with_ticks(acting="die", sending="nothing")) as server:
        server.create_workspace()
        until(lambda: server.log.read_text().count("acting was ended by signal 9") >= 2)
        before = processes(server)
        assert goes_on(server)
        after = processes(server)
        assert (after["worker"], after["sending"]) == (before["worker"], before["sending"])
        assert "worker was ended" not in server.log.read_text()


@contextmanager
def process(directory: Path, name: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    directory.mkdir(exist_ok=True)
    environment |= {"FULLFUNNEL_DATA_DIR": str(directory)}
    started = subprocess.Popen([sys.executable, "-m", "fullfunnel.config.worker", name], env=os.environ | environment)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def test_a_second_process_waits_for_the_lease_of_its_lane(tmp_path):
    said = tmp_path / "pids"
    said.touch()

    def pids() -> set[int]:
        return {int(line) for line in said.read_text().split()}

    ticks = with_ticks(acting="leave_pid", sending="leave_pid")
    with process(tmp_path, "acting", **ticks) as first:
        until(lambda: pids() == {first.pid})
        with process(tmp_path, "acting", **ticks) as second, process(tmp_path, "sending", **ticks) as other:
            # By then the second, which began before the other, waits.
            until(lambda: other.pid in pids())
            assert second.pid not in pids()
            first.kill()
            until(lambda: second.pid in pids())


def test_a_process_ends_when_it_is_told_even_if_a_tick_hangs(tmp_path):
    with process(tmp_path, "acting", **with_ticks(acting="hang")) as hanging:
        until((tmp_path / "acting.alive").exists)
        hanging.terminate()
        assert hanging.wait(10) == 0


def test_what_a_server_of_before_left_is_not_told_as_stuck(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    with tarfile.open(BEFORE_LANES) as archive:
        archive.extractall(data, filter="data")
    for name in ("worker.alive", "upkeep.alive", "serve.lock"):
        (data / name).touch()
        os.utime(data / name, (time.time() - 90_000,) * 2)
    with running(data) as server:
        assert said_by_doctor(server).startswith("it runs, ")
        until(lambda: server.health() == WELL)
