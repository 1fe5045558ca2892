"""What `serve` holds in memory while nothing is asked of it."""

import re
import time
from pathlib import Path

import pytest

from tests.kit.server import Server, running, until
from tests.kit.ticks import with_ticks

pytestmark = [pytest.mark.serves, pytest.mark.deep]
MAX_MEGABYTES = 400
IDLE_SECONDS = 60
LANES_TO_COME = ("acting", "sending", "pulling")
HEAVY = ("numba", "llvmlite", "duckdb", "scipy", "numpy")


def processes(server: Server) -> dict[int, str]:
    assert server.process is not None
    own = {pid: re.split(r"fullfunnel\.config\.", command)[-1] for pid, command in server.pids().items()}
    return {server.process.pid: "serve"} | own


def proportional_set_size(pid: int) -> float:
    """Megabytes (2**20)."""
    [kilobytes] = re.findall(r"^Pss: +(\d+) kB$", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(kilobytes) / 1024


def loaded(pid: int) -> list[str]:
    maps = Path(f"/proc/{pid}/maps").read_text()
    return [name for name in HEAVY if re.search(rf"/site-packages/_?{name}\b", maps)]


def test_an_idle_server_with_all_lanes_holds_at_most_400_megabytes(tmp_path):
    ticks = with_ticks(**dict.fromkeys(LANES_TO_COME, "nothing"))
    with running(tmp_path / "data", FULLFUNNEL_WARM="1", **ticks) as server:
        server.create_workspace()
        began = time.monotonic()
        until(lambda: {"worker worker", "worker acting", "worker sending"} <= set(processes(server).values()))
        time.sleep(IDLE_SECONDS)
        # After an install it compiles the folds, for 42 s or longer, with 180 MB.
        until(lambda: "worker start" not in processes(server).values(), 600)
        held = {f"{name} ({pid})": proportional_set_size(pid) for pid, name in processes(server).items()}
        for name, megabytes in held.items():
            print(f"{megabytes:7.1f} MB  {name}")
        print(f"{sum(held.values()):7.1f} MB  together, {time.monotonic() - began:.0f} s after the start")
        assert len(held) == 8
        assert sum(held.values()) <= MAX_MEGABYTES
        assert {
            name: loaded(pid) for pid, name in processes(server).items() if name in ("worker acting", "worker sending")
        } == {
            "worker acting": [],
            "worker sending": [],
        }
        assert loaded(next(pid for pid, name in processes(server).items() if name == "worker worker")) == [
            "duckdb",
            "numpy",
        ]
