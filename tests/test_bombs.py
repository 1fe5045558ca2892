"""S11 for capture: what is small on the wire and large in memory is refused, and the server stays small."""

import gzip
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.kit.server import running

pytestmark = [pytest.mark.serves, pytest.mark.deep]

MIB = 2**20
ALLOWED_KIB = 64 * 1024
BOMBS = {
    "spaces": (gzip.compress(b" " * 64 * MIB), 413),
    "a gigabyte in two layers": (gzip.compress(gzip.compress(b"0" * 64 * MIB)), 400),
    "empty objects": (gzip.compress(b'{"batch":[' + b"{}," * 2_500_000 + b"{}]}"), 413),
    "empty lists, nested": (gzip.compress(b"[" * 1_000 + b"[]," * 2_000_000 + b"[]" + b"]" * 1_000), 413),
    "small texts": (gzip.compress(b'{"batch":["' + b'x","' * 2_000_000 + b'"]}'), 413),
    "one long text": (gzip.compress(b'{"event":"' + b"x" * 8_000_000 + b'","userId":"u"}'), 400),
    "too many items": (gzip.compress(b'{"batch":[' + b'{"a":1},' * 150_000 + b"{}]}"), 413),
}


def resident(server):
    """KiB in memory of the largest web process."""
    pids = [str(pid) for pid, command in server.pids().items() if "config.web" in command or "spawn_main" in command]
    sizes = subprocess.run(["ps", "-o", "rss=", "-p", ",".join(pids)], capture_output=True, text=True).stdout.split()
    return max(map(int, sizes))


def test_bombs_are_refused_and_take_no_memory(tmp_path):
    with running(tmp_path / "data") as server:
        key = server.create_workspace()["write_key"]
        headers = {"Authorization": f"Bearer {key}", "Content-Encoding": "gzip", "Content-Type": "application/json"}
        good = gzip.compress(b'{"type":"track","event":"e","userId":"u"}')

        def send(body):
            return server.request("POST", "/v1/track", body, headers)[0]

        def send_batch(name):
            return server.request("POST", "/v1/batch", BOMBS[name][0], headers)[0]

        assert [send(good) for _ in range(50)] == [200] * 50
        before = resident(server)
        with ThreadPoolExecutor(4) as pool:
            names = list(BOMBS) * 8
            told = list(pool.map(send_batch, names))
        expected = [BOMBS[name][1] for name in names]
        # 503 with Retry-After: too much was being read at once.
        assert [(n, t, e) for n, t, e in zip(names, told, expected, strict=True) if t not in (e, 503)] == []
        assert resident(server) - before <= ALLOWED_KIB
        assert [send(good) for _ in range(20)] == [200] * 20
