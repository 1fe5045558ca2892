"""Makes the backup of a night once for each line it reads (a moment and an arrow), in a child that may kill itself at that arrow."""

import os
import sys
from datetime import datetime

import django


def back_up(moment: datetime, arrow: str) -> None:
    from fullfunnel.core import clock
    from fullfunnel.events import failpoints, on_tick

    failpoints.named(arrow)
    with clock.frozen(moment):
        on_tick.back_up()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    django.setup()
    for line in sys.stdin:
        moment, _, arrow = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            back_up(datetime.fromisoformat(moment), arrow)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
