"""What a server of the next version does with a data directory, one child for each line it reads; prints each one's exit status.

`send N`: requests arrive, other ones for each N. `work`: drains, reads the past and compacts until nothing is left; `work ARROW`: killed there.
"""

import os
import sys
from datetime import timedelta

from fullfunnel.cli.preparing import prepare


def do(line: str) -> None:
    from fullfunnel.core import clock
    from fullfunnel.events import failpoints, on_tick
    from fullfunnel.events.reactions import filling, telling
    from tests.fixtures.make_data_directory import MONDAY, Company

    filling.PORTION, telling.PORTION = 25, 40
    verb, _, what = line.partition(" ")
    with clock.frozen(MONDAY + timedelta(days=4)):
        if verb == "send":
            Company(100 + int(what)).batch()
            return
        failpoints.named(what)
        ticks = (on_tick.drain, on_tick.fill_reactions, on_tick.compact)
        while sum(tick() for tick in ticks):
            pass


def main() -> None:
    assert prepare() is None
    from django.db import connections

    connections.close_all()
    print("prepared", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            do(line.strip())
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
