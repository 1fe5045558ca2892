"""Keep child processes running."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

# A child that lived this long is restarted at once; one that dies sooner waits longer each time.
HEALTHY_AFTER = 30.0
LONGEST_PAUSE = 15.0
PATIENCE = 7.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    deaths: int = field(default=0)


class Supervisor:
    """Run `children` until a signal (TERM, INT, HUP) or `stop.set()`; `say` gets a sentence for each event."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stop = threading.Event()

    def run(self, on_start: Callable[[], None] = lambda: None) -> None:
        """Return when all children have ended, at most PATIENCE seconds after the signal."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())
        try:
            self._look_after()
            on_start()
            while not self.stop.wait(0.1):
                self._look_after()
        finally:
            self._end()

    def _look_after(self) -> None:
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._mourn(child)
            if child.process is None and time.monotonic() >= child.start_at:
                self._start(child)

    def _start(self, child: Child) -> None:
        environment = os.environ | {"FULLFUNNEL_PARENT": str(os.getpid())}
        child.started = time.monotonic()
        try:
            child.process = subprocess.Popen(child.command, env=environment)  # noqa: S603 (our own commands)
        except OSError as error:
            child.start_at = child.started + LONGEST_PAUSE
            self.say(f"{child.name} cannot be started ({error.strerror}); trying again in {LONGEST_PAUSE:.0f} s")

    def _mourn(self, child: Child) -> None:
        assert child.process is not None  # noqa: S101
        code, child.process = child.process.returncode, None
        lived = time.monotonic() - child.started
        child.deaths = 0 if lived > HEALTHY_AFTER else child.deaths + 1
        pause = min(0.2 * 2 ** (child.deaths - 1), LONGEST_PAUSE) if child.deaths else 0.0
        child.start_at = time.monotonic() + pause
        how = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
        self.say(f"{child.name} {how} after {lived:.0f} s; starting it again in {pause:.1f} s")

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        last = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(last - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def die_with_parent(parent: int | None = None) -> None:
    """End this process with its parent, even by kill -9. `parent`: its pid."""
    expected = parent or int(os.environ.get("FULLFUNNEL_PARENT", os.getppid()))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch_parent, args=(expected,), daemon=True).start()
    # Careful: the parent may have died before the line above.
    if os.getppid() != expected:
        os._exit(1)


def _watch_parent(expected: int) -> None:
    while os.getppid() == expected:
        time.sleep(0.5)
    os._exit(1)
