"""A child of `serve`: the one process that ticks. Called as: python -m fullfunnel.config.worker [start]."""

import logging
import os
import signal
import subprocess
import sys
import threading

from fullfunnel.core import worker
from fullfunnel.core.lease import Lease
from fullfunnel.core.supervisor import die_with_parent

log = logging.getLogger("fullfunnel.worker")


def main() -> None:
    die_with_parent()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.utils.module_loading import import_string

    from fullfunnel.config import wiring

    lease = Lease(settings.DATA_DIR / "worker.lock")
    while not lease.take():
        if stop.wait(0.2):
            return
    if settings.WARM:
        # Compiling would hold the interpreter for seconds at a time: a process of its own, which yields to all others.
        warming = subprocess.Popen([sys.executable, "-m", "fullfunnel.config.worker", "start"])
        # Else it stays a zombie until this process starts another.
        threading.Thread(target=warming.wait, daemon=True).start()
    stream, upkeep = (
        [worker.Tick(name, every, import_string(path)) for name, every, path in wiring.LANES[lane]]
        for lane in ("stream", "upkeep")
    )
    # Careful: the stream stays in this thread. A process that it starts dies with the thread that started it.
    beside = threading.Thread(
        target=worker.run, args=(upkeep, stop), kwargs={"alive": settings.DATA_DIR / worker.UPKEEP}
    )
    beside.start()
    worker.run(stream, stop, alive=settings.DATA_DIR / worker.STREAM)
    beside.join()


def start() -> None:
    """Runs wiring.ON_START. What it does is a convenience, so a failure is only noted."""
    die_with_parent(os.getppid())
    os.nice(15)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    import django

    django.setup()
    from django.utils.module_loading import import_string

    from fullfunnel.config import wiring

    for path in wiring.ON_START:
        try:
            import_string(path)()
        except Exception as error:
            log.error("%s failed at the start: %s", path, worker.where(error))


if __name__ == "__main__":
    start() if sys.argv[1:] == ["start"] else main()
