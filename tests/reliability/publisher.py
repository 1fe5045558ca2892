"""Lets events arrive, publishes and merges the journeys index for each line it reads, in a child that may kill itself at the arrow
the line names. The line "compare" says (exit status 0) whether the index is what a new one would be.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings


def work(arrow: str) -> None:
    from fullfunnel.events import failpoints
    from fullfunnel.events.store import building, open_store, publishing

    publishing.PAUSE_SECONDS = 0.0
    arrive(1)
    everything()
    failpoints.named(arrow)
    for number in range(2, 5):
        arrive(number)
        publishing.publish(open_store())
    building.merge(open_store(), 1)
    for _ in range(3):
        publishing._published.clear()
        publishing.publish(open_store())


def arrive(hours: int) -> None:
    """Forty events; one of them is late."""
    from fullfunnel.events import on_tick
    from fullfunnel.events.journal import Entry, Journal

    journal = Journal(Path(settings.DATA_DIR) / "journal.db")
    first, noon = journal.last_id(), 1767268800000000
    items = ",".join(
        f'{{"name": "pressed", "at": {noon + (hours if n else 0) * 3_600_000_000 + n}, "id": "{first}-{n}", "anonymous": "a{n % 7}"}}'
        for n in range(40)
    )
    entry = Entry(
        received_at=noon, workspace_id=1, source_id=1, source_kind="server", items=f"[{items}]".encode(), count=40
    )
    journal.append([entry])
    journal.close()
    while on_tick.drain():
        pass


def everything() -> list[Any]:
    from fullfunnel.events.store import open_store
    from fullfunnel.people.units import units_of

    chunks = open_store().journeys(1, [], units=units_of(1))
    return [[one.units.tolist(), one.seq.tolist(), one.time.tolist(), one.session.tolist()] for one in chunks]


def compare() -> int:
    from fullfunnel.events.store import index

    found = everything()
    shutil.rmtree(Path(settings.DATA_DIR) / "index")
    index.forget_cached()
    return 0 if found and found == everything() else 1


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            status = compare() if line.strip() == "compare" else work(line.strip())
            os._exit(status or 0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
