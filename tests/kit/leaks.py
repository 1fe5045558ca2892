"""What this process holds open: file descriptors and threads, Python's own and those of libraries."""

import gc
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MAX_MORE = 20


@dataclass(frozen=True)
class OpenThings:
    """descriptors: how many of each target; threads: how many of each name ("native": not started by Python)."""

    descriptors: Counter[str]
    threads: Counter[str]


def open_things(pid: int | str = "self") -> OpenThings:
    """Count what a process holds open now; without Linux's /proc, Python's own threads of this process only."""
    if pid == "self":
        # An index that nobody holds any more may wait for the collector, with the files that it maps.
        gc.collect()
    process = Path("/proc") / str(pid)
    targets: Counter[str] = Counter()
    for entry in process.glob("fd/*"):
        with suppress(OSError):
            targets[str(entry.readlink())] += 1
    names = Counter(thread.name.rpartition("_")[0] or thread.name for thread in threading.enumerate())
    if pid != "self":
        names.clear()
    native = len(list(process.glob("task/*"))) - names.total()
    return OpenThings(targets, names + Counter({"native": native}))


def end_pools() -> None:
    """End the threads that the program keeps on purpose, so that what is left was forgotten. Nothing can be asked after it."""
    from fullfunnel.analytics.answering import _pool as answering
    from fullfunnel.events.store.coding import _pool as coding
    from fullfunnel.journeys.folds.ranges import _helpers as folding

    for pool in (answering, coding, folding):
        pool.shutdown(cancel_futures=True)


def grown(before: OpenThings, after: OpenThings, most: int = MAX_MORE) -> list[str]:
    """Name each kind of which there are more than `most` more than before, with what was added; empty when all is well."""
    kinds = {
        "descriptors": (before.descriptors, after.descriptors),
        "threads": (before.threads, after.threads),
    }
    return [
        f"{now.total()} {kind}, {was.total()} at the beginning; new: {dict((now - was).most_common(10))}"
        for kind, (was, now) in kinds.items()
        if now.total() > was.total() + most
    ]
