import logging
import os
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from fullfunnel.core import worker
from fullfunnel.core.worker import Tick


def run_until(condition: Callable[[], bool], *ticks: Tick, alive: Path | None = None) -> None:
    """Runs the ticks until it is true, or for a minute."""
    stop, last = threading.Event(), time.monotonic() + 300

    def look() -> bool:
        if condition() or time.monotonic() > last:
            stop.set()
        return False

    worker.run([*ticks, Tick("look", 0.01, look)], stop, alive=alive)
    assert condition()


def test_a_tick_is_called_when_it_is_due_and_at_once_while_there_is_more(db):
    often: list[float] = []
    busy: list[float] = []

    def work() -> bool:
        busy.append(time.monotonic())
        return len(busy) < 50

    run_until(
        lambda: len(often) >= 4,
        Tick("often", 0.1, lambda: bool(often.append(time.monotonic()))),
        Tick("busy", 60, work),
    )
    assert len(busy) == 50
    assert min(after - before for before, after in pairwise(often)) >= 0.1


def test_a_tick_that_fails_is_logged_without_its_message_and_the_others_go_on(db, caplog):
    calls: list[str] = []

    def failing() -> bool:
        calls.append("failing")
        raise ValueError("canary-4711@halden.example")

    with caplog.at_level(logging.ERROR):
        run_until(
            lambda: calls.count("good") >= 3,
            Tick("bad", 60, failing),
            Tick("good", 0.01, lambda: bool(calls.append("good"))),
        )
    assert calls.count("failing") == 1
    [record] = caplog.records
    assert record.getMessage().startswith("tick bad failed (1 in a row), again in 60 s: ValueError at test_worker.py:")
    assert "canary" not in caplog.text


def test_failures_wait_longer_each_time_up_to_a_minute_and_a_success_forgets_them():
    outcomes = iter([True] * 9 + [False])

    def sometimes() -> bool:
        if next(outcomes):
            raise OSError
        return False

    tick = Tick("sometimes", 0.2, sometimes)
    for pause in (1, 2, 4, 8, 16, 32, 60, 60, 60):
        began = time.monotonic()
        worker.call(tick)
        assert tick.due - time.monotonic() <= pause <= tick.due - began
    worker.call(tick)
    assert tick.failures == 0
    assert tick.due - time.monotonic() <= 0.2


def test_the_worker_shows_that_it_lives(db, tmp_path):
    began = time.time()
    alive = worker.sign_of_life(tmp_path, "acting")
    run_until(alive.exists, Tick("none", 0.05, lambda: False), alive=alive)
    assert -1 < worker.silence(tmp_path, "acting") <= time.time() - began + 1
    assert worker.silence(tmp_path, "sending") == float("inf")


def test_a_sign_of_the_future_is_none_of_life(tmp_path):
    alive = worker.sign_of_life(tmp_path, "acting")
    alive.touch()
    # As if the clock had been turned back by two hours since.
    os.utime(alive, (time.time() + 7200,) * 2)
    assert worker.silence(tmp_path, "acting") == pytest.approx(7200, abs=60)


def test_only_one_at_a_time_holds_the_lease_of_a_lane_and_each_lane_has_its_own(tmp_path):
    others = [worker.lease(tmp_path, lane) for lane in worker.LATE_AFTER if lane != "acting"]
    with worker.lease(tmp_path, "acting"):
        assert not worker.lease(tmp_path, "acting").take()
        assert all(other.take() for other in others)
    with worker.lease(tmp_path, "acting") as again:
        assert again.is_held()
    for other in others:
        other.release()


def test_a_loop_that_fails_itself_ends_those_beside_it(db, tmp_path):
    stop = threading.Event()
    beside = threading.Thread(target=worker.run, args=([Tick("none", 0.05, lambda: False)], stop))
    beside.start()
    with pytest.raises(FileNotFoundError):
        worker.run([Tick("none", 0.05, lambda: False)], stop, alive=tmp_path / "not there" / "alive")
    beside.join(60)
    is_alone = beside.is_alive()
    stop.set()
    beside.join()
    assert not is_alone
