"""A child of `serve` that runs lanes. Called as: python -m fullfunnel.config.worker [PROCESS | start]."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time

from fullfunnel.config import processes, wiring
from fullfunnel.core import worker
from fullfunnel.core.supervisor import die_with_parent

log = logging.getLogger("fullfunnel.worker")
# Less than the supervisor waits.
SECONDS_TO_END = 5.0


def main(process: str = "worker") -> int:
    """Run each lane of the process in a thread until a signal (status 0) or until a lane's loop fails (1)."""
    die_with_parent()
    if not (lanes := processes.processes().get(process, [])):
        sys.exit(f"the process {process} has no lane with ticks")
    stop, told = threading.Event(), threading.Event()

    def end(*_: object) -> None:
        told.set()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    set_up()
    # Daemons: a tick that hangs must not keep the process from being started again.
    threads = [threading.Thread(target=run_lane, args=(lane, stop), name=lane, daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    stop.wait()
    last = time.monotonic() + SECONDS_TO_END
    for thread in threads:
        thread.join(max(last - time.monotonic(), 0.0))
    status = 0 if told.is_set() else 1
    if any(thread.is_alive() for thread in threads):
        # Careful: native code still runs; an orderly end of the interpreter could crash it.
        os._exit(status)
    return status


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    import django

    django.setup()


def run_lane(lane: str, stop: threading.Event) -> None:
    """Wait for the lane's lease, then run its ticks."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    lease = worker.lease(settings.DATA_DIR, lane)
    try:
        while not lease.take():
            if stop.wait(0.2):
                return
        if lane == worker.STREAM and settings.WARM:
            warm()
        ticks = [worker.Tick(name, every, import_string(path)) for name, every, path in processes.lanes()[lane]]
        worker.run(ticks, stop, alive=worker.sign_of_life(settings.DATA_DIR, lane))
    except Exception as error:
        log.error("lane %s ended: %s", lane, worker.where(error))
    finally:
        stop.set()
        lease.release()


def warm() -> None:
    """Run wiring.ON_START in a process of its own: compiling holds the interpreter for seconds."""
    # Careful: it dies with the thread that started it.
    warming = subprocess.Popen([sys.executable, "-m", "fullfunnel.config.worker", "start"])
    # Else it stays a zombie until this process starts another.
    threading.Thread(target=warming.wait, daemon=True).start()


def start() -> None:
    """Run wiring.ON_START. A failure is only noted."""
    die_with_parent(os.getppid())
    os.nice(15)
    set_up()
    from django.utils.module_loading import import_string

    for path in wiring.ON_START:
        try:
            import_string(path)()
        except Exception as error:
            log.error("%s failed at the start: %s", path, worker.where(error))


if __name__ == "__main__":
    if sys.argv[1:] == ["start"]:
        start()
    else:
        sys.exit(main(*sys.argv[1:]))
