import logging
import threading
import time
from pathlib import Path

import pytest

from fullfunnel.core import worker
from fullfunnel.core.worker import Tick


def run_for(seconds: float, *ticks: Tick, alive: Path | None = None) -> None:
    stop = threading.Event()
    threading.Timer(seconds, stop.set).start()
    worker.run(ticks, stop, alive=alive)


def test_a_tick_is_called_when_it_is_due_and_at_once_while_there_is_more(db: None) -> None:
    often: list[float] = []
    busy: list[float] = []

    def work() -> bool:
        busy.append(time.monotonic())
        return len(busy) < 50

    run_for(0.5, Tick("often", 0.1, lambda: bool(often.append(time.monotonic()))), Tick("busy", 60, work))
    assert len(busy) == 50
    assert 3 <= len(often) <= 6


def test_a_tick_that_fails_is_logged_without_its_message_and_the_others_go_on(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    def failing() -> bool:
        calls.append("failing")
        raise ValueError("canary-4711@halden.example")

    with caplog.at_level(logging.ERROR):
        run_for(0.4, Tick("bad", 0.05, failing), Tick("good", 0.05, lambda: bool(calls.append("good"))))
    assert calls.count("failing") == 1
    assert calls.count("good") >= 3
    [record] = caplog.records
    assert record.getMessage().startswith("tick bad failed (1 in a row), again in 1 s: ValueError at test_worker.py:")
    assert "canary" not in caplog.text


def test_failures_wait_longer_each_time_up_to_a_minute_and_a_success_forgets_them() -> None:
    outcomes = iter([True] * 9 + [False])

    def sometimes() -> bool:
        if next(outcomes):
            raise OSError
        return False

    tick = Tick("sometimes", 0.2, sometimes)
    pauses = []
    for _ in range(9):
        worker.call(tick)
        pauses.append(round(tick.due - time.monotonic()))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    worker.call(tick)
    assert tick.failures == 0
    assert tick.due - time.monotonic() < 0.3


def test_the_worker_shows_that_it_lives(db: None, tmp_path: Path) -> None:
    run_for(0.1, Tick("none", 0.05, lambda: False), alive=tmp_path / "alive")
    assert time.time() - (tmp_path / "alive").stat().st_mtime < 5


def test_a_loop_that_fails_itself_ends_those_beside_it(db: None, tmp_path: Path) -> None:
    stop = threading.Event()
    beside = threading.Thread(target=worker.run, args=([Tick("none", 0.05, lambda: False)], stop))
    beside.start()
    with pytest.raises(FileNotFoundError):
        worker.run([Tick("none", 0.05, lambda: False)], stop, alive=tmp_path / "not there" / "alive")
    beside.join(5)
    is_alone = beside.is_alive()
    stop.set()
    beside.join()
    assert not is_alone
