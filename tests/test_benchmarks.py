"""A benchmark that lacks a program says which, in one sentence."""

import subprocess
import sys

from tests.kit.shared import ROOT


def test_without_wrk_the_benchmark_of_capture_names_it(tmp_path):
    command = [sys.executable, str(ROOT / "benchmarks" / "capture.py")]
    done = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=300)
    told = "this benchmark needs the program wrk, which is not installed: apt install wrk (Debian, Ubuntu)\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)
