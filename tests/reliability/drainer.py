"""Drains and does every upkeep once for each line it reads, in a child that may kill itself at the arrow the line names."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings


def drain_all(arrow: str) -> None:
    from fullfunnel.events import failpoints, on_tick
    from fullfunnel.events.drain import drain_of

    failpoints.named(arrow)
    while on_tick.drain():
        pass
    drain_of(Path(settings.DATA_DIR)).memory.roll(all_of_them=True)
    while on_tick.compact():
        pass
    on_tick.compact()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            drain_all(line.strip())
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
