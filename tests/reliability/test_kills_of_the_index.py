"""R1 for the journeys index: killed at any arrow of publishing and merging, answers are those of an index made anew."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fullfunnel.events import failpoints
from tests.kit.server import fullfunnel

pytestmark = pytest.mark.deep(quick=True)


def test_an_index_killed_at_any_arrow_answers_like_a_new_one(tmp_path):
    environment = os.environ | {"FULLFUNNEL_DATA_DIR": str(tmp_path)}
    made = fullfunnel("create-workspace", "Halden", "--owner", "a@halden.example", "--json", environment=environment)
    assert made.returncode == 0, made.stderr
    command = [sys.executable, str(Path(__file__).with_name("publisher.py"))]
    with subprocess.Popen(
        command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as publisher:
        for arrow in failpoints.OF_INDEX:
            assert (arrow, told(publisher, arrow)) == (arrow, -signal.SIGKILL)
            assert (arrow, told(publisher, "compare")) == (arrow, 0)
        assert told(publisher, "") == 0
        assert told(publisher, "compare") == 0
        assert publisher.stdin is not None
        publisher.stdin.close()
    # What the worker starts for it, with nothing there yet.
    shutil.rmtree(tmp_path / "index")
    aside = subprocess.run([sys.executable, "-m", "fullfunnel.events.store.aside", "1"], env=environment, check=False)
    assert (aside.returncode, len(list(tmp_path.glob("index/1/0.*/about-2.json")))) == (0, 1)


def told(publisher: "subprocess.Popen[str]", line: str) -> int:
    assert publisher.stdin is not None
    assert publisher.stdout is not None
    publisher.stdin.write(line + "\n")
    publisher.stdin.flush()
    return int(publisher.stdout.readline())
