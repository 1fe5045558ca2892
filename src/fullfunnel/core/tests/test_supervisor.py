import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from fullfunnel.core import supervisor
from fullfunnel.core.supervisor import Child, Supervisor


def program(text: str) -> list[str]:
    return [sys.executable, "-c", text]


@pytest.fixture
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own process keeps its signals."""
    monkeypatch.setattr(supervisor.signal, "signal", lambda *_: None)


def test_a_child_that_dies_at_once_waits_longer_each_time(no_signals, tmp_path):
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 3:
            overseer.stop.set()

    overseer = Supervisor([Child("short", program("raise SystemExit(3)"))], say)
    overseer.run()
    assert [line.split("; ")[1] for line in said] == [
        "starting it again in 0.2 s",
        "starting it again in 0.4 s",
        "starting it again in 0.8 s",
    ]
    assert said[0].startswith("short ended with status 3 after ")


def test_a_child_that_cannot_be_started_is_said_and_does_not_end_the_others(no_signals):
    said: list[str] = []
    other = Child("other", program("import time; time.sleep(60)"))
    overseer = Supervisor([Child("gone", ["/nowhere/program"]), other], said.append)
    # Both were tried once by then.
    overseer.run(on_start=overseer.stop.set)
    assert said == ["gone cannot be started (No such file or directory); trying again in 15 s"]
    assert other.process is not None
    assert other.process.returncode == -15


def test_a_child_that_does_not_listen_is_ended_by_force(no_signals, monkeypatch, tmp_path):
    monkeypatch.setattr(supervisor, "PATIENCE", 0.5)
    ready = tmp_path / "ready"
    deaf = f"import signal, time, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n\
pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    child = Child("deaf", program(deaf))
    overseer = Supervisor([child], lambda _: None)

    def stop() -> None:
        while not ready.exists():
            time.sleep(0.02)
        overseer.stop.set()

    threading.Thread(target=stop).start()
    overseer.run()
    assert child.process is not None
    assert child.process.returncode == -9


def test_children_die_with_a_parent_that_is_killed(tmp_path):
    pid_file = tmp_path / "pid"
    child = f"from fullfunnel.core.supervisor import die_with_parent; die_with_parent()\n\
import os, pathlib, time; pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid())); time.sleep(60)"
    parent: Any = subprocess.Popen(
        program(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"), stdout=subprocess.PIPE
    )
    with parent:
        last = time.monotonic() + 300
        while not pid_file.exists() or not pid_file.read_text():
            assert time.monotonic() < last
            time.sleep(0.02)
        parent.kill()
    pid = pid_file.read_text()
    while subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True).stdout.strip()[:1] not in (
        "",
        "Z",
    ):
        assert time.monotonic() < last
        time.sleep(0.02)
