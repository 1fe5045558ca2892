"""Whoever works on people while events pour in waits for the database a moment, not for a batch."""

import json
import subprocess
import sys

import pytest

from tests.kit.shared import ROOT

HELD_MS, WAIT_MS = 100, 150
# Seconds a processor second of the drain, where nobody else works: it waits for the disk, and leaves the lock free at times.
QUIET = 1.5


@pytest.mark.deep
@pytest.mark.parametrize("kind", ["visits", "people"])
def test_the_drain_of_30_000_events_holds_the_lock_100_ms_at_most_and_a_second_writer_waits_150_of_99_times_in_100(
    kind,
):
    command = [sys.executable, "-m", "benchmarks.second_writer", "--kind", kind, "--events", "30000"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found = json.loads(done.stdout)
    print(found)
    assert found["writes"] > 100
    # Processor time, which a busy machine does not stretch.
    assert found["held_cpu_max_ms"] <= HELD_MS
    # There everything else takes so many times as long.
    slower = found["beside_s"] / found["beside_cpu_s"]
    assert found["wait_p99_ms"] <= WAIT_MS * (slower if slower > QUIET else 1)
