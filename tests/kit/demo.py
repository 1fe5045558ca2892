"""`fullfunnel demo`, served for the length of a block, as a newcomer runs it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.kit.server import PATIENCE, free_port


@contextmanager
def demo(folder: Path) -> Iterator[dict[str, Any]]:
    """Its sign-in and keys, and under "seconds" how long a newcomer waited until all of its past had arrived."""
    command = [sys.executable, "-m", "fullfunnel", "demo", "--no-live", "--json", "--port", str(free_port())]
    began = time.monotonic()
    with subprocess.Popen([*command, "--data-dir", str(folder)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = next((line for line in process.stdout if line.startswith("{")), None)
            assert line is not None, "the demo ended without a sign-in"
            yield {**json.loads(line), "seconds": time.monotonic() - began, "folder": folder}
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)
